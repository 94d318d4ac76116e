"""How pages look where it is easily spoilt: on paper, on a telephone in French, around errors."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.visitor import Look

PAPER_PIXELS = 702  # what margins of 12 mm leave of A4
FRENCH_TELEPHONE = Look(360, "light", "fr")
# Labels of a card, measured by the widest word that their column must hold.
OVERLAPS = """[...document.querySelectorAll("td[data-label]")].slice(0, 60).filter(cell => {
    const before = getComputedStyle(cell, "::before");
    return before.content !== "none" && before.whiteSpace === "nowrap";
}).map(cell => cell.dataset.label)"""
TOP = "one => one.getBoundingClientRect().top"


def test_a_list_on_paper_is_whole_and_says_whose_it_is(visit: Visit) -> None:
    page = visit("officer")
    page.goto("/seizures")
    expect(page.locator(".print-foot")).to_be_hidden()
    page.set_viewport_size({"width": PAPER_PIXELS, "height": 1000})
    page.emulate_media(media="print")
    frame = page.locator(".list")
    assert frame.evaluate("one => getComputedStyle(one).overflow") == "visible"
    assert frame.evaluate("one => getComputedStyle(one).breakInside") == "auto"
    assert page.locator("table.rows").evaluate("one => getComputedStyle(one).display") == "table"
    assert page.locator("table.rows").evaluate("one => one.scrollWidth") <= PAPER_PIXELS
    foot = page.locator(".print-foot")
    for said in ("Printed by Amina Sow", "UTC", "/seizures"):
        expect(foot).to_contain_text(said)


def test_labels_of_a_french_card_do_not_run_into_values(visit: Visit) -> None:
    page = visit("supervisor", FRENCH_TELEPHONE)
    for path in ("/", "/seizures", "/reference/COUNTRY"):
        page.goto(path)
        assert page.locator("td[data-label]").count() > 0
        assert page.evaluate(OVERLAPS) == [], path


def test_a_hint_fits_a_telephone(visit: Visit) -> None:
    page = visit("officer", FRENCH_TELEPHONE)
    for path in ("/", "/seizures"):
        page.goto(path)
        expect(page.locator("main input[name=q]")).to_have_attribute(
            "placeholder", "Mots ou numéro"
        )


def test_filters_stand_in_one_row(visit: Visit) -> None:
    page = visit("officer")
    page.goto("/seizures?filters=open")
    fields = page.locator("fieldset.filters > .fields > .field")
    assert len({round(top) for top in fields.evaluate_all(f"all => all.map({TOP})")}) == 1


def test_the_bullet_of_an_error_stands_at_its_first_line(visit: Visit) -> None:
    page = visit("officer", FRENCH_TELEPHONE)
    page.goto("/seizures?from=31.12.2020")
    line = page.locator(".errors-list a").first
    assert line.evaluate("one => getComputedStyle(one).display") == "block"


def test_notes_keep_their_distance_from_buttons(visit: Visit) -> None:
    page = visit("admin")
    page.goto("/accounts/offices/SEA1")
    button = page.locator(".card .form-end").first.bounding_box()
    note = page.locator(".card form + p").first.bounding_box()
    assert button is not None
    assert note is not None
    assert note["y"] - (button["y"] + button["height"]) >= 8
