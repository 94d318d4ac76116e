"""People from a file: all wrong lines at once, nobody before all are right, codes shown once."""

from __future__ import annotations

import csv
import html
import io
import re
from pathlib import Path

import httpx
import pytest

from appliance.core import db
from tests.conftest import SignedIn, form_token, ncen
from tests.integration.accounts.conftest import enter, id_of, secrets_in, send

pytestmark = pytest.mark.usefixtures("database")
HEADER = "login,name,role,office,unit,language\n"
GOOD = (
    HEADER
    + "ana,Ana Pérez,OFFICER,SEA1,,en\n"
    + 'bob,"Ng, Bob",OFFICER ANALYST,HQ,,fr\n'
    + "carla,Carla Weiß,ADMIN,,,\n"
)


async def check(client: httpx.AsyncClient, data: bytes) -> httpx.Response:
    client.headers.pop("x-csrftoken", "")
    token = client.cookies.get("form") or form_token(await client.get("/login"))
    return await client.post(
        "/accounts/import",
        data={"_csrf_token": token},
        files={"file": ("people.csv", data, "text/csv")},
    )


def rows_in(page: httpx.Response) -> str:
    found = re.search(r'name="rows" value="([^"]*)"', page.text)
    return html.unescape(found[1]) if found else ""


async def count() -> int:
    return int(await db.fetch_value("SELECT count(*) FROM accounts.account"))


async def test_a_right_file_is_shown_first_and_made_after(
    signed_in: SignedIn, app: httpx.ASGITransport
) -> None:
    admin = await signed_in("admin")
    page = await check(admin, GOOD.encode("utf-8-sig"))
    assert "Every line is right. Nobody is added yet." in page.text
    assert await count() == 9
    made = await send(admin, "/accounts/import/create", rows=rows_in(page))
    assert await count() == 12
    assert "2 accounts wait for the national contact point" in made.text
    (code,) = secrets_in(made)
    client = await enter(app, "carla", code)
    assert (await client.get("/account/password")).status_code == 200
    await client.aclose()


async def test_the_contact_point_approves_several_and_saves_their_codes(
    signed_in: SignedIn,
) -> None:
    admin, ncp = await signed_in("admin"), await signed_in("ncp")
    await send(admin, "/accounts/import/create", rows=GOOD)
    page = await ncp.get("/accounts/waiting")
    chosen = [str(await id_of(login)) for login in ("ana", "bob")]
    assert all(account in page.text for account in chosen)
    shown = [f"{chosen[0]} OFFICER", f"{chosen[1]} ANALYST,OFFICER"]
    assert all(f'value="{line}"' in page.text for line in shown)
    answer = await send(ncp, "/accounts/waiting", account=shown)
    assert len(secrets_in(answer)) == 2
    sealed = re.search(r'name="sealed" value="([^"]+)"', answer.text)
    assert sealed is not None
    file = await send(ncp, "/accounts/codes", sealed=sealed[1])
    lines = list(csv.DictReader(io.StringIO(file.text)))
    assert [line["login"] for line in lines] == ["ana", "bob"]
    assert [line["code"] for line in lines] == secrets_in(answer)
    assert "attachment" in file.headers["content-disposition"]
    for made_up in ("", "00", "00ff", "not hex", "é", sealed[1][:-2] + "00", "00" * 5000):
        refused = await send(ncp, "/accounts/codes", sealed=made_up)
        assert refused.status_code == 422, made_up
        assert "The form was changed on its way. Nothing was done." in refused.text


BAD = (
    HEADER
    + "officer,Ann,OFFICER,SEA1,,en\n"  # taken
    + "x y,Ann,OFFICER,SEA1,,en\n"  # no sign-in name
    + "twin,Ann,OFFICER,SEA1,,en\n"
    + "twin,Ann,OFFICER,SEA1,,en\n"  # twice
    + "dora,😀,OFFICER,SEA1,,en\n"  # no name
    + "emil,Emil,EMPEROR,SEA1,,en\n"  # no role
    + "fritz,Fritz,ADMIN+OFFICER,SEA1,,en\n"  # roles apart
    + "gina,Gina,OFFICER,MOON,,en\n"  # no office
    + "hugo,Hugo,OFFICER,SEA1,U9,en\n"  # no unit
    + "ines,Ines,OFFICER,SEA1,,xx\n"  # no language
    + "jo\x00,Jo,OFFICER,SEA1,,en\n"  # hidden character
)
SENTENCES = (
    "There is an account with this sign-in name already.",
    "Use 2 to 40 letters a-z",
    "Line 4 has the same sign-in name.",
    "A name has at least one letter.",
    "“EMPEROR” is not a role.",
    "cannot be joined with others",
    "There is no office in use with the code MOON.",
    "This office has no unit with the code U9.",
    "This is not one of the choices.",
    "invisible control character",
)


async def test_every_wrong_line_is_named_at_once(signed_in: SignedIn) -> None:
    admin = await signed_in("admin")
    text = html.unescape((await check(admin, BAD.encode())).text)
    for sentence in SENTENCES:
        assert sentence in text, sentence
    assert "10 lines are wrong" in text
    assert "Add everybody" not in text
    refused = await send(admin, "/accounts/import/create", rows=BAD)
    assert refused.status_code == 422
    assert await count() == 9


async def test_files_that_are_no_lists_of_people(signed_in: SignedIn) -> None:
    admin = await signed_in("admin")
    for data, sentence in (
        (b"", "missing: login, name, role"),
        (HEADER.encode(), "1 to 1000 people"),
        (b"name;age\nAnn;5\n", "missing: login, role"),
        ("login,name,role\nana,Ana Pérez,OFFICER\n".encode("utf-16"), "not UTF-8"),
        (b'login,name,role\n"ana,Ana,OFFICER\n', "quotation mark"),
        (HEADER.encode() + b"a,b,c\n" * 1001, "1 to 1000 people"),
        (HEADER.encode() + b"x" * 200_000, "larger than"),
    ):
        answer = await check(admin, data)
        assert answer.status_code == 422, data[:30]
        assert sentence in html.unescape(answer.text), data[:30]


async def test_a_semicolon_file_is_read_too(signed_in: SignedIn) -> None:
    page = await check(await signed_in("admin"), GOOD.replace(",", ";").encode())
    assert "Ana Pérez" in page.text


async def test_others_bring_nobody(signed_in: SignedIn, visitor: httpx.AsyncClient) -> None:
    for login in ("officer", "ncp"):
        client = await signed_in(login)
        assert (await check(client, GOOD.encode())).status_code == 403
        assert (await send(client, "/accounts/import/create", rows=GOOD)).status_code == 403
    assert (await send(visitor, "/accounts/import/create", rows=GOOD)).status_code == 401
    assert await count() == 9


async def test_the_console_does_the_same(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(GOOD, encoding="utf-8")
    assert ncen("user", "import", str(file), "--dry-run").stdout == ""
    assert await count() == 9
    printed = ncen("user", "import", str(file)).stdout
    assert "3 added, 2 of them wait for approval." in printed
    assert await count() == 12
    with pytest.raises(AssertionError, match="3 of 3 lines are wrong"):
        ncen("user", "import", str(file))
