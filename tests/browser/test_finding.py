"""Importing a foreign file from the page, and finding what came in."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.house import SOURCE_ROWS
from tests.browser.visitor import look_at

FIGURE = re.compile(r"\d[\d,]*")


def figures(page: Page) -> dict[str, int]:
    """The counts of an import, by their title."""
    tiles = page.locator(".tile")
    return {
        tiles.nth(place).locator(".tile-title").inner_text(): int(
            tiles.nth(place).locator(".tile-value").inner_text().replace(",", "")
        )
        for place in range(tiles.count())
    }


def test_an_extract_is_imported_with_progress_and_report(
    visit: Visit, source: Path, tmp_path: Path
) -> None:
    own = tmp_path / "october.csv"
    own.write_bytes(source.read_bytes())
    page = visit("supervisor")
    page.get_by_role("link", name="Imports", exact=True).click()
    page.get_by_role("link", name="New import").first.click()
    page.set_input_files("#f-file", str(own))
    page.select_option("select[name=mapping]", index=1)
    page.get_by_role("button", name="Start").click()
    page.wait_for_url(re.compile(r"/imports/[0-9a-f-]{36}"))
    # The page looks again by itself; nobody reloads it.
    expect(page.locator(".job-progress")).to_have_count(0, timeout=30_000)
    look_at(page)
    counted = figures(page)
    total = counted.pop(next(title for title in counted if "rows" in title.lower()))
    assert total == SOURCE_ROWS
    assert sum(counted.values()) == total


def test_a_file_of_another_kind_is_refused_with_a_sentence(visit: Visit, tmp_path: Path) -> None:
    other = tmp_path / "picture.csv"
    other.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    page = visit("supervisor")
    page.goto("/imports/new")
    page.set_input_files("#f-file", str(other))
    page.select_option("select[name=mapping]", index=1)
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    look_at(page)


def test_a_case_is_found_by_words_and_filters(visit: Visit) -> None:
    page = visit("officer")
    page.get_by_role("searchbox", name="Search cases").fill("davao")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/seizures\?q=davao$"))
    expect(page.locator("table.rows tbody tr").first).to_contain_text("Davao")
    page.get_by_role("button", name="Filters").click()
    expect(page.get_by_role("searchbox", name="Search cases")).to_have_value("davao")
    # The select is a combobox too, until the script has put a search before it.
    goods = page.locator("input#f-subtype")
    goods.fill("cigarettes")
    goods.press("Enter")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".chip")).to_contain_text("Cigarettes")
    look_at(page)
    # What was not asked does not stand in the address.
    assert page.url.endswith("/seizures?q=davao&subtype=CIGARETTES")
    rows = page.locator("table.rows tbody tr")
    assert rows.count() > 0
    assert rows.filter(has_text="Cigarettes").count() == rows.count()
    page.locator(".chip").click()
    expect(page.locator(".chip")).to_have_count(0)


def test_nothing_found_says_what_to_do(visit: Visit) -> None:
    page = visit("officer")
    page.goto("/seizures?q=zzzzzz")
    expect(page.locator("main")).to_contain_text("No case found")
    page.get_by_role("link", name="Show all").click()
    assert page.locator("table.rows tbody tr").count() == 50


def test_the_next_page_comes_without_a_new_frame(visit: Visit) -> None:
    page = visit("officer")
    page.goto("/seizures")
    page.evaluate("document.body.dataset.mark = 'same'")
    first = page.locator("table.rows tbody th a").first.get_attribute("href")
    page.get_by_role("link", name="Next").first.click()
    expect(page.locator(f"a[href='{first}']")).to_have_count(0)
    assert page.evaluate("document.body.dataset.mark") == "same"
    page.get_by_role("link", name="Previous").first.click()
    expect(page.locator(f"a[href='{first}']")).to_have_count(1)
    page.go_back()
    expect(page.locator(f"a[href='{first}']")).to_have_count(0)
