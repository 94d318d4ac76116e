"""Every page of the product, who looks at it, and how one comes to it."""

from __future__ import annotations

from typing import NamedTuple

from playwright.sync_api import Page, Response

FIRST_ROW = "table.rows tbody th a"


class View(NamedTuple):
    """A page: `follow` is a link on `path` that leads to it, `then` what is added to that address."""

    name: str
    login: str
    path: str
    route: str = ""
    follow: str = ""
    then: str = ""
    status: int = 200

    @property
    def of_route(self) -> str:
        """The route that draws it."""
        return self.route or self.path.partition("?")[0]


CASE = "/seizures/{case:str}"
VIEWS = (
    View("sign-in", "", "/login"),
    View("one-time-code", "", "/reset"),
    View("nothing-there-signed-out", "", "/nowhere", status=404),
    View("desk", "officer", "/"),
    View("desk-supervisor", "supervisor", "/"),
    View("desk-administrator", "admin", "/"),
    View("cases", "officer", "/seizures"),
    View("cases-filtered", "officer", "/seizures?status=VALIDATED&country=PH"),
    View("cases-wrong-filter", "officer", "/seizures?from=31.12.2020", status=422),
    View("cases-none", "officer", "/seizures?q=zzzzzz"),
    View("case", "officer", "/seizures?status=VALIDATED", CASE, FIRST_ROW),
    View(
        "case-print",
        "officer",
        "/seizures?status=VALIDATED",
        f"{CASE}/print",
        FIRST_ROW,
        "/print",
    ),
    View("cases-export", "analyst", "/seizures/export?status=VALIDATED"),
    View("case-draft", "officer", "/seizures?status=DRAFT", CASE, FIRST_ROW),
    View("case-to-judge", "supervisor", "/seizures?status=SUBMITTED", CASE, FIRST_ROW),
    View("case-saved", "officer", "/seizures?status=SUBMITTED", CASE, FIRST_ROW, "?saved=yes"),
    View("new-case", "officer", "/seizures/new"),
    View("edit-case", "officer", "/seizures?status=DRAFT", f"{CASE}/edit", FIRST_ROW, "/edit"),
    View("desk-analyst", "analyst", "/"),
    View("desk-investigator", "investigator", "/"),
    View("desk-trainer", "trainer", "/"),
    View("not-for-this-role", "officer", "/accounts", status=403),
    View("nothing-there", "officer", "/nowhere", status=404),
    View("code-lists", "trainer", "/reference"),
    View("code-list", "trainer", "/reference/CURRENCY", "/reference/{name:str}"),
    View("api", "analyst", "/api/docs"),
    View("imports", "supervisor", "/imports"),
    View("new-import", "supervisor", "/imports/new"),
    View("import", "supervisor", "/imports", "/imports/{batch:str}", FIRST_ROW),
    View(
        "import-problems",
        "ncp",
        "/imports",
        "/imports/{batch:str}/problems",
        FIRST_ROW,
        "/problems",
    ),
    View(
        "import-problems-export",
        "ncp",
        "/imports",
        "/imports/{batch:str}/problems/export",
        FIRST_ROW,
        "/problems/export",
    ),
    View("audit", "auditor", "/audit"),
    View("audit-entry", "auditor", "/audit", "/audit/entries/{n:int}", FIRST_ROW),
    View("audit-export", "auditor", "/audit", "/audit/export", "a[href*='/audit/export']"),
    View("audit-check", "auditor", "/audit/check"),
    View("people", "admin", "/accounts"),
    View("people-contact-point", "ncp", "/accounts"),
    View("person", "admin", "/accounts", "/accounts/{account:str}", FIRST_ROW),
    View("person-contact-point", "ncp", "/accounts", "/accounts/{account:str}", FIRST_ROW),
    View("new-person", "admin", "/accounts/new"),
    View("people-file", "admin", "/accounts/import"),
    View("people-waiting", "ncp", "/accounts/waiting"),
    View("offices", "admin", "/accounts/offices"),
    View("office", "admin", "/accounts/offices/SEA1", "/accounts/offices/{code:str}"),
    View("own-account", "officer", "/account"),
    View("own-password", "officer", "/account/password"),
    View("own-sessions", "officer", "/account/sessions"),
    View("own-security-log", "officer", "/account/security-log"),
    View("own-second-factor", "officer", "/account/second-factor"),
    View("own-tokens", "officer", "/account/tokens"),
    View("password-again", "admin", "/confirm"),
)

# Addresses without a page of their own, or whose page another test goes through.
ELSEWHERE = {
    "/account/finish": "leads on to what is still owed",
    "/account/second-factor/code.svg": "a picture",
    "/first/{secret:str}": "test_first_start",
    "/login/code": "test_first_start",
}


def go(page: Page, view: View) -> Response:
    """Go to a page, over the list that leads to it where there is one."""
    address = view.path
    if view.follow:
        page.goto(view.path)
        link = page.locator(view.follow).first.get_attribute("href")
        assert link is not None, view
        address = link + view.then
    answer = page.goto(address)
    assert answer is not None, view
    return answer
