"""Roles, devices, languages and looks, as people meet them."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import NARROW, Look, look_at


def test_the_wrong_role_is_told_so(visit: Visit) -> None:
    page = visit("officer")
    assert page.get_by_role("link", name="People").count() == 0
    answer = page.goto("/accounts")
    assert answer is not None
    assert answer.status == 403
    expect(page.locator("main")).to_contain_text("Your role does not allow this.")
    expect(page.locator("main")).to_contain_text("What was kept")


def test_the_administrator_sees_no_case(visit: Visit) -> None:
    page = visit("admin")
    assert page.get_by_role("link", name="Seizures").count() == 0
    answer = page.goto("/seizures")
    assert answer is not None
    assert answer.status == 403


def test_the_device_list_ends_a_session(visit: Visit) -> None:
    lost, here = visit("analyst"), visit("analyst")
    here.goto("/account/sessions")
    here.get_by_role("button", name="End this session").first.click()
    expect(here.locator("main")).to_contain_text("The session has ended.")
    lost.goto("/seizures")
    expect(lost).to_have_url(re.compile("/login"))


def test_a_wrong_password_says_nothing_of_the_account(visit: Visit) -> None:
    page = visit()
    said = []
    for login in ("trainer", "nobody-of-this-name"):
        page.goto("/login")
        page.fill("#f-login", login)
        page.fill("#f-password", "wrong-password-2026")
        page.get_by_role("button", name="Sign in").click()
        said.append(page.get_by_role("alert").first.inner_text())
        expect(page.locator("#f-login")).to_have_value(login)
    assert said[0] == said[1]


def test_a_page_that_was_asked_for_comes_after_signing_in(visit: Visit) -> None:
    page = visit()
    page.goto("/seizures?q=manila")
    page.fill("#f-login", "supervisor")
    page.fill("#f-password", "wrong-password-2026")
    page.get_by_role("button", name="Sign in").click()
    page.fill("#f-password", "Demo-supervisor-2026")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/seizures\?q=manila"))


def test_arabic_is_mirrored_and_codes_are_not(visit: Visit) -> None:
    page = visit("officer", Look(language="ar"))
    page.goto("/seizures")
    html = page.locator("html")
    assert html.get_attribute("dir") == "rtl"
    assert html.get_attribute("lang") == "ar"
    side, main = page.locator("nav.side").bounding_box(), page.locator("main").bounding_box()
    assert side is not None
    assert main is not None
    assert side["x"] > main["x"]
    page.goto("/reference/COUNTRY")
    code = page.locator("table.rows tbody th").first
    assert code.inner_text().isascii()
    page.goto("/api/docs")
    paths = page.locator(".operation code")
    assert paths.first.evaluate("one => getComputedStyle(one).direction") == "ltr"
    page.goto("/seizures/new")
    for name in ("quantity", "event_date"):
        way = page.locator(f"#f-{name}").evaluate("one => getComputedStyle(one).direction")
        assert way == "ltr", name
    assert page.locator("#f-narrative").evaluate("one => getComputedStyle(one).direction") == "rtl"
    page.fill("#f-narrative", "Found at lane 4")
    assert page.locator("#f-narrative").evaluate("one => getComputedStyle(one).direction") == "ltr"


def test_the_language_changes_and_stays(visit: Visit) -> None:
    page = visit("officer")
    page.goto("/seizures?q=manila")
    page.get_by_role("button", name="Language").click()
    page.get_by_role("button", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page).to_have_url(re.compile(r"/seizures\?q=manila"))
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    look_at(page)


def test_a_comma_is_a_decimal_point_in_french(
    visit: Visit,
) -> None:
    page = visit("officer", Look(language="fr"))
    page.goto("/seizures/new")
    page.locator("select[name=case_kind]").select_option("SEIZURE")
    page.locator("select[name=direction]").select_option("IMPORT")
    for name, code in (("subtype", "HEROIN"), ("unit", "KGM"), ("how_found", "DOG")):
        page.locator(f"select[name={name}]").select_option(code, force=True)
    page.fill("#f-quantity", "1,25")
    page.locator("button[name=submit]").click()
    page.wait_for_url(re.compile(r"/seizures/[0-9a-f-]{36}"))
    expect(page.locator("main")).to_contain_text("1,25")


def test_dark_and_light_change_at_once_and_stay(visit: Visit) -> None:
    page = visit("officer")
    page.get_by_role("button", name="Light or dark").click()
    page.get_by_role("button", name="Dark", exact=True).click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_menu_of_a_telephone(visit: Visit) -> None:
    page = visit("officer", NARROW)
    link = page.locator("nav.side a[href='/reference']")
    expect(link).to_be_hidden()
    page.locator(".bar-menu").click()
    expect(link).to_be_visible()
    look_at(page)
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    page.locator(".bar-menu").click()
    link.click()
    expect(page).to_have_url(re.compile("/reference"))


def test_the_keyboard_reaches_the_content_first(visit: Visit) -> None:
    page = visit("officer")
    page.goto("/seizures")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
