"""A house from its first start: two links, two factors, the first officer, a reset that ends what was open."""

from __future__ import annotations

import re
import time
from typing import NamedTuple

import pyotp
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.house import House
from tests.browser.telephone import read_code
from tests.browser.visitor import NARROW, look_at, sign_in

PASSWORDS = {
    "keeper": "violet anchor tea biscuit",
    "contact": "copper lantern rain window",
    "newcomer": "silent meadow bicycle plum",
}
LATER_PASSWORD = "amber kettle north ladder"
STEP_SECONDS = 30


class Factor(NamedTuple):
    """An authenticator and the recovery codes that stand in for it."""

    clock: pyotp.TOTP
    recovery: list[str]


def password(login: str) -> str:
    return PASSWORDS[login]


class Opened(NamedTuple):
    """The house with its two duties filled, and what their second factors gave them."""

    house: House
    factors: dict[str, Factor]

    def enter(self, page: Page, login: str) -> None:
        """Password, then a recovery code that was not used yet."""
        enter_with_code(page, login, self.factors[login].recovery.pop())
        expect(page.locator("h1")).to_have_text("Desk")


def open_by_link(page: Page, link: str, login: str, name: str) -> Factor:
    """Make the first account of a duty and come in; nothing opens before the second factor."""
    page.goto(link)
    look_at(page)
    page.fill("#f-login", login)
    page.fill("#f-name", name)
    page.fill("#f-new_password", password(login))
    page.fill("#f-repeated", password(login))
    page.get_by_role("button", name="Make the account").click()
    expect(page.locator("main")).to_contain_text("Your account is made.")
    sign_in(page, login, password(login))
    page.goto("/accounts")
    expect(page).to_have_url(re.compile("/account/second-factor"))
    expect(page.locator("main")).to_contain_text("Your role needs a second factor.")
    return set_up_factor(page)


def read_picture(page: Page) -> pyotp.TOTP:
    """The second factor as a telephone reads it from the screen."""
    picture = page.locator("main img")
    assert picture.evaluate("one => one.decode().then(() => one.naturalWidth)") > 100
    look_at(page)
    picture.scroll_into_view_if_needed()
    factor = pyotp.parse_uri(read_code(page))
    assert isinstance(factor, pyotp.TOTP)
    assert factor.secret == page.locator(".secret").inner_text().replace(" ", "")
    assert (factor.issuer, factor.digits, factor.interval) == ("nCEN", 6, STEP_SECONDS)
    return factor


def set_up_factor(page: Page) -> Factor:
    """Set up the second factor from the picture, in any language; return it and the recovery codes."""
    page.locator("main form button").click()
    factor = read_picture(page)
    page.fill("#f-code", factor.now())
    page.press("#f-code", "Enter")
    expect(page.locator("code.secret")).to_have_count(10)
    look_at(page)
    return Factor(factor, page.locator("code.secret").all_inner_texts())


def enter_with_code(page: Page, login: str, code: str) -> None:
    """Password first, then a code."""
    page.context.clear_cookies(name="ncen")
    page.goto("/login")
    page.fill("#f-login", login)
    page.fill("#f-password", password(login))
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_have_text("Second factor")
    look_at(page)
    page.fill("#f-code", code)
    page.get_by_role("button", name="Go on").click()


@pytest.fixture(scope="module")
def opened(empty_house: House) -> Opened:
    """The house after its two duties are filled and an office stands in it."""
    from tests.browser.visitor import Complaints, open_context, open_page

    heard = Complaints()
    links = empty_house.links()
    assert len(links) == 2, empty_house.trial.lines
    context = open_context(empty_house)
    page, factors = open_page(context, empty_house, heard), dict[str, Factor]()
    for role, link in links.items():
        context.clear_cookies()
        duty = "keeper" if "dministrator" in role else "contact"
        factors[duty] = open_by_link(page, link, duty, f"First {duty}")
        answer = page.goto(link)
        assert answer is not None
        assert answer.status in {403, 404, 409, 422}, "a link works once"
    context.close()
    assert heard == []
    return Opened(empty_house, factors)


def test_second_factor_and_recovery_code(opened: Opened, visit_empty: Visit) -> None:
    page, (factor, recovery) = visit_empty(), opened.factors["contact"]
    assert factor.name == "contact"
    enter_with_code(page, "contact", factor.at(int(time.time()) + STEP_SECONDS))
    expect(page.locator("h1")).to_have_text("Desk")
    # A code that was used once never counts again, nor does an earlier one.
    enter_with_code(page, "contact", factor.now())
    expect(page.get_by_role("alert").first).to_be_visible()
    enter_with_code(page, "contact", recovery[0])
    expect(page.locator("h1")).to_have_text("Desk")
    enter_with_code(page, "contact", recovery[0])
    expect(page.get_by_role("alert").first).to_be_visible()
    enter_with_code(page, "contact", recovery[1])
    page.goto("/account/second-factor")
    expect(page.locator("main")).to_contain_text("8 recovery codes are left.")
    look_at(page)
    page.fill("#f-password", password("contact"))
    page.fill("#f-code", recovery[2])
    page.get_by_role("button", name="Remove the second factor").click()
    expect(page.get_by_role("button", name="Set up the second factor")).to_be_visible()
    # Once more, from a small dark screen in another direction of writing.
    small = visit_empty(NARROW)
    sign_in(small, "contact", password("contact"))
    small.goto("/account/second-factor")
    opened.factors["contact"] = set_up_factor(small)


def test_the_first_officer_and_a_reset(opened: Opened, visit_empty: Visit) -> None:
    keeper, contact, officer = visit_empty(), visit_empty(), visit_empty()
    opened.enter(keeper, "keeper")
    add_office(keeper)
    add_officer(keeper)
    opened.enter(contact, "contact")
    code = approve(contact)
    first_password(officer, code)
    officer.goto("/seizures/new")
    expect(officer.locator("#f-office_code")).to_be_visible()
    again = reset(contact)
    # The officer's open session has ended, and the old password opens nothing.
    officer.goto("/seizures")
    expect(officer).to_have_url(re.compile("/login"))
    officer.fill("#f-login", "newcomer")
    officer.fill("#f-password", password("newcomer"))
    officer.get_by_role("button", name="Sign in").click()
    expect(officer.get_by_role("alert").first).to_be_visible()
    first_password(officer, again, LATER_PASSWORD)


def add_office(page: Page) -> None:
    page.goto("/accounts/offices")
    expect(page.locator("main")).to_contain_text("No office yet")
    look_at(page)
    page.fill("#f-code", "SEA9")
    page.fill("#f-name", "Ninth Seaport")
    page.get_by_role("button", name="Add the office").click()
    expect(page.locator("main")).to_contain_text("Ninth Seaport")


def add_officer(page: Page) -> None:
    page.goto("/accounts/new")
    page.fill("#f-login", "newcomer")
    page.fill("#f-name", "Nadia Newcomer")
    page.get_by_label("Officer", exact=True).check()
    page.locator("select[name=office]").select_option("SEA9")
    page.get_by_role("button", name="Make the account").click()
    expect(page.locator("main")).to_contain_text("It waits until the national contact point")
    look_at(page)


def approve(page: Page) -> str:
    """Approve whoever waits; return the one-time code."""
    page.goto("/accounts/waiting")
    look_at(page)
    page.get_by_label("Approve").check()
    page.get_by_role("button", name="Approve those chosen").click()
    expect(page.locator("h1")).to_have_text("One-time codes")
    look_at(page)
    return page.locator("code.secret").inner_text()


def reset(page: Page) -> str:
    """Reset the officer; return the new one-time code."""
    page.goto("/accounts")
    page.get_by_role("link", name="Nadia Newcomer").click()
    page.get_by_role("button", name="Give a one-time code").click()
    expect(page.locator("h1")).to_have_text("One-time codes")
    return page.locator("code.secret").inner_text()


def first_password(page: Page, code: str, chosen: str = "") -> None:
    """Come in with a one-time code and choose a password."""
    page.goto("/login")
    page.get_by_role("link", name="I have a one-time code").click()
    page.fill("#f-login", "newcomer")
    page.fill("#f-code", code)
    page.get_by_role("button", name="Go on").click()
    look_at(page)
    page.fill("#f-new_password", chosen or password("newcomer"))
    page.fill("#f-repeated", chosen or password("newcomer"))
    page.locator("main button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Your new password is in force.")
