"""Entering a seizure: by mouse, by keyboard alone, without script, twice by mistake, after the session ended."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.house import House
from tests.browser.visitor import look_at

CASE_PAGE = re.compile(r"/seizures/[0-9a-f-]{36}")
KEYSTROKES_MAX = 120


class Keyboard:
    """A person without a mouse, whose strokes are counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.strokes = 0

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.strokes += len(text)

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.strokes += 1

    @property
    def focus(self) -> str:
        """The id of what has the focus."""
        found: str = self.page.evaluate("document.activeElement.id")
        return found


def count_cases(house: House, words: str) -> int:
    return int(
        house.trial.ask(f"SELECT count(*) FROM seizures.case_file WHERE narrative = '{words}'")
    )


def fill(page: Page, narrative: str) -> None:
    """The nine fields, by their names; date and office are filled already."""
    page.locator("select[name=case_kind]").select_option("SEIZURE")
    page.locator("select[name=direction]").select_option("IMPORT")
    choose(page, "subtype", "Cigarettes")
    page.fill("#f-quantity", "12,000")
    choose(page, "unit", "Cigarette (stick)")
    choose(page, "how_found", "Search of goods")
    page.fill("#f-narrative", narrative)


def choose(page: Page, name: str, label: str) -> None:
    """Choose from a long list with the mouse; without script it is an ordinary select."""
    field = page.locator(f"#f-{name}")
    if field.evaluate("one => one.tagName") == "SELECT":
        field.select_option(label=label)
        return
    field.click()
    page.get_by_role("option", name=label, exact=True).click()


def test_with_the_mouse(visit: Visit, house: House) -> None:
    page = visit("officer")
    page.get_by_role("link", name="New seizure").first.click()
    page.wait_for_url("**/seizures/new")
    fill(page, "Entered with the mouse")
    look_at(page)
    page.get_by_role("button", name="Save and submit").click()
    page.wait_for_url(CASE_PAGE)
    expect(page.locator("main")).to_contain_text("The case was submitted.")
    expect(page.locator("main")).to_contain_text("12,000 Cigarette (stick)")
    look_at(page)
    assert count_cases(house, "Entered with the mouse") == 1


def test_by_keyboard_alone_in_few_strokes(visit: Visit, house: House) -> None:
    page = visit("officer")
    page.goto("/seizures/new")
    hand = Keyboard(page)
    assert hand.focus == "f-case_kind"
    for field, typed in (
        ("f-case_kind", "seiz"),
        ("f-direction", "imp"),
        ("f-subtype", "cigarettes"),
        ("f-quantity", "12000"),
        ("f-unit", "stick"),
        ("f-how_found", "search of g"),
        ("f-narrative", "Under the floor of a van, lane 4"),
    ):
        assert hand.focus == field
        hand.type(typed)
        hand.press("Tab")
    hand.press("Control+Enter") if hand.focus == "f-narrative" else hand.press("Enter")
    page.wait_for_url(CASE_PAGE)
    print(f"one case by keyboard: {hand.strokes} strokes")
    assert hand.strokes < KEYSTROKES_MAX
    assert count_cases(house, "Under the floor of a van, lane 4") == 1
    # The next one begins with one stroke more.
    hand.press("Enter")
    page.wait_for_url("**/seizures/new")


def test_ctrl_enter_sends_from_any_field(visit: Visit) -> None:
    page = visit("officer")
    page.goto("/seizures/new")
    fill(page, "Sent from the field of goods")
    page.locator("#f-how_found").focus()
    page.keyboard.type("dog")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(CASE_PAGE)
    expect(page.locator("main")).to_contain_text("Detector dog")


def test_a_long_list_is_searched_by_keyboard(visit: Visit) -> None:
    page = visit("officer")
    page.goto("/seizures/new")
    goods = page.get_by_role("combobox", name="Goods")
    goods.press("ArrowDown")
    expect(goods).to_have_attribute("aria-expanded", "true")
    look_at(page)
    goods.fill("herb cannabis")
    goods.press("Enter")
    expect(goods).to_have_value("Cannabis herb")
    expect(goods).to_have_attribute("aria-expanded", "false")
    goods.fill("coca")
    goods.press("ArrowDown")
    goods.press("Escape")
    expect(goods).to_have_value("Cannabis herb")
    goods.fill("")
    goods.press("Tab")
    assert page.locator("select[name=subtype]").input_value() == ""


def test_a_word_that_is_no_choice_is_named(visit: Visit) -> None:
    page = visit("officer")
    page.goto("/seizures/new")
    fill(page, "With a word that is no choice")
    goods = page.get_by_role("combobox", name="Goods")
    goods.fill("moonbeams")
    expect(page.get_by_role("option", name="No choice fits these words.")).to_be_visible()
    look_at(page)
    goods.press("Tab")
    page.get_by_role("button", name="Save and submit").click()
    expect(page.get_by_role("alert")).to_contain_text("MOONBEAMS")
    expect(page.locator("#f-narrative")).to_have_value("With a word that is no choice")
    look_at(page)


def test_all_errors_at_once_and_nothing_typed_is_lost(visit: Visit) -> None:
    page = visit("officer")
    page.goto("/seizures/new")
    page.fill("#f-quantity", "twelve")
    page.fill("#f-narrative", "Kept while it is wrong")
    page.get_by_role("button", name="Save and submit").click()
    summary = page.get_by_role("alert")
    for label in ("Kind of case", "Direction", "How it was found", "Quantity"):
        expect(summary.get_by_role("link", name=re.compile(f"^{label}: "))).to_be_visible()
    expect(page.locator("#f-quantity")).to_have_value("twelve")
    expect(page.locator("#f-narrative")).to_have_value("Kept while it is wrong")
    summary.get_by_role("link", name=re.compile("^Quantity: ")).click()
    assert page.evaluate("document.activeElement.id") == "f-quantity"


def test_another_like_the_last(visit: Visit) -> None:
    page = visit("officer")
    page.goto("/seizures/new")
    fill(page, "The one to copy from")
    page.get_by_role("button", name="Save as draft").click()
    page.wait_for_url(CASE_PAGE)
    page.get_by_role("link", name="Another like this").click()
    expect(page.locator("#f-subtype")).to_have_value("Cigarettes")
    expect(page.locator("#f-quantity")).to_have_value("")
    assert page.evaluate("document.activeElement.id") == "f-quantity"


def test_without_script(visit: Visit, house: House) -> None:
    page = visit("officer", script=False)
    page.goto("/seizures/new")
    page.locator("#f-case_kind").select_option(label="Seizure")
    page.locator("#f-direction").select_option(label="Import")
    page.locator("#f-subtype").select_option(label="Cigarettes")
    page.fill("#f-quantity", "12")
    page.locator("#f-unit").select_option(label="Kilogram")
    page.locator("#f-how_found").select_option(label="Search of goods")
    page.fill("#f-narrative", "Entered without script")
    page.get_by_role("button", name="Save and submit").click()
    page.wait_for_url(CASE_PAGE)
    assert count_cases(house, "Entered without script") == 1
    page.goto("/seizures")
    page.get_by_role("button", name="Filters").click()
    page.locator("#f-status").select_option(label="Waiting for validation")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("table.rows tbody tr").first).to_contain_text("Waiting for validation")
    page.get_by_role("button", name="Menu").or_(page.locator("nav.side")).first.wait_for()


def test_sent_twice_is_stored_once(visit: Visit, house: House) -> None:
    page = visit("officer")
    page.goto("/seizures/new")
    fill(page, "Sent twice")
    sent = page.locator("form[data-quick-send]").evaluate(
        "form => Object.fromEntries(new FormData(form))"
    )
    page.get_by_role("button", name="Save and submit").dblclick(no_wait_after=True)
    page.wait_for_url(CASE_PAGE)
    # A line that drops the answer makes a browser send the same form once more.
    again = page.request.post("/seizures", form={**sent, "submit": "yes"})
    assert again.url == page.url
    assert count_cases(house, "Sent twice") == 1


def test_the_session_ends_while_typing_and_nothing_is_lost(visit: Visit, house: House) -> None:
    page, elsewhere = visit("officer2"), visit("officer2")
    page.goto("/seizures/new")
    fill(page, "Typed before the session ended")
    elsewhere.goto("/account/sessions")
    elsewhere.get_by_role("button", name="End all other sessions").click()
    expect(elsewhere.locator("main")).to_contain_text("All your other sessions have ended.")
    page.get_by_role("button", name="Save and submit").click()
    expect(page.locator("main")).to_contain_text("What you typed is kept in this page")
    look_at(page)
    page.fill("#f-login", "officer2")
    page.fill("#f-password", house.password("officer2"))
    page.get_by_role("button", name="Sign in").click()
    look_at(page)
    page.get_by_role("button", name="Continue where you stopped").click()
    page.wait_for_url(CASE_PAGE)
    expect(page.locator("main")).to_contain_text("Typed before the session ended")
    assert count_cases(house, "Typed before the session ended") == 1


def test_a_returned_case_is_corrected_and_validated(visit: Visit) -> None:
    officer, supervisor = visit("officer"), visit("supervisor")
    officer.goto("/seizures/new")
    fill(officer, "To be returned once")
    officer.get_by_role("button", name="Save and submit").click()
    officer.wait_for_url(CASE_PAGE)
    address = officer.url.partition("?")[0]
    supervisor.goto(address)
    supervisor.locator("#return").get_by_role("button", name="Return").click()
    expect(supervisor.locator("#reason-error")).to_be_visible()
    supervisor.fill("#reason", "The lane is missing.")
    supervisor.locator("#return").get_by_role("button", name="Return").click()
    expect(supervisor.locator("h1")).to_contain_text("Returned")
    officer.goto(address)
    expect(officer.locator("main")).to_contain_text("The lane is missing.")
    officer.get_by_role("link", name="Change").click()
    officer.fill("#f-narrative", "To be returned once, lane 4")
    officer.get_by_role("button", name="Save and submit").click()
    expect(officer.locator("h1")).to_contain_text("Waiting for validation")
    supervisor.goto(address)
    supervisor.get_by_role("button", name="Validate").click()
    expect(supervisor.locator("h1")).to_contain_text("Validated")
    look_at(supervisor)
