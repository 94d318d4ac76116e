"""Who makes whom: waiting, approval, roles, blocking, and that nobody decides on the own account."""

from __future__ import annotations

import httpx
import pytest

from appliance.core import db
from tests.conftest import Person, SignedIn
from tests.integration.accounts.conftest import (
    GOOD_PASSWORD,
    enter,
    id_of,
    secret_in,
    send,
)

pytestmark = pytest.mark.usefixtures("database")
NEW = {
    "login": "newcomer",
    "name": "Zoë Nakamura",
    "roles": "OFFICER",
    "office": "SEA1",
    "language": "EN",
}


async def state_of(login: str) -> tuple[str, list[str], list[str] | None]:
    row = await db.fetch_row(
        "SELECT state, roles, wanted_roles FROM accounts.account WHERE login = $1", login
    )
    assert row is not None
    return row["state"], row["roles"], row["wanted_roles"]


async def test_an_officer_waits_for_the_contact_point_who_gives_the_code(
    signed_in: SignedIn, app: httpx.ASGITransport
) -> None:
    admin, ncp = await signed_in("admin"), await signed_in("ncp")
    made = await send(admin, "/accounts/new", **NEW)
    assert made.status_code == 303
    assert await state_of("newcomer") == ("WAITING", [], ["OFFICER"])
    account = await id_of("newcomer")
    page = await send(ncp, f"/accounts/{account}/approve", asked="OFFICER")
    code = secret_in(page)
    assert await state_of("newcomer") == ("ACTIVE", ["OFFICER"], None)
    client = await enter(app, "newcomer", code)
    assert (await client.get("/")).headers["location"] == "/account/finish"
    answer = await send(
        client, "/account/password", new_password=GOOD_PASSWORD, repeated=GOOD_PASSWORD
    )
    assert answer.status_code == 303
    assert (await client.get("/account")).status_code == 200
    await client.aclose()


async def test_an_administrator_is_made_without_approval(
    signed_in: SignedIn, app: httpx.ASGITransport
) -> None:
    page = await send(await signed_in("admin"), "/accounts/new", **{**NEW, "roles": "ADMIN"})
    client = await enter(app, "newcomer", secret_in(page))
    assert (await client.get("/account/password")).status_code == 200
    await client.aclose()


WRONG = (
    ({"login": "a b"}, "Use 2 to 40 letters a-z"),
    ({"login": "офицер"}, "Use 2 to 40 letters a-z"),
    ({"login": "OFFICER"}, "is taken"),
    ({"name": "Pаul Okafor"}, "mixes letters of different scripts"),  # noqa: RUF001 - the point
    ({"name": "😀"}, "at least one letter"),
    ({"name": "Zoë 😀"}, "no symbols"),
    ({"name": "N" * 121}, "at most 120"),
    ({"name": "\u202eeoZ"}, "reverses the direction"),
    ({"roles": ["ADMIN", "OFFICER"]}, "cannot be joined"),
    ({"roles": "EMPEROR"}, "is not one of the choices"),
    ({"office": "NOWHERE"}, "is not one of the choices"),
    ({"unit": "NONE"}, "is not one of the choices"),
    ({"login": "", "name": "", "roles": ""}, "3 entries need your attention"),
)


async def test_wrong_entries_are_named_and_nothing_typed_is_lost(signed_in: SignedIn) -> None:
    admin = await signed_in("admin")
    for change, sentence in WRONG:
        answer = await send(admin, "/accounts/new", **{**NEW, **change})
        assert answer.status_code in {403, 422}, change
        assert sentence in answer.text, change
    assert "Zoë Nakamura" in (await send(admin, "/accounts/new", **{**NEW, "login": "?"})).text
    assert await db.fetch_value("SELECT count(*) FROM accounts.account") == 9


NAMES = (
    "Nakamura",
    "محمد علي",
    "Иван Петров",
    "山田 太郎",
    "Ngũgĩ wa Thiong'o",
    "A" * 120,
)


async def test_names_of_any_script_are_taken(signed_in: SignedIn) -> None:
    admin = await signed_in("admin")
    for number, name in enumerate(NAMES):
        login = f"newcomer{number}"
        answer = await send(admin, "/accounts/new", **{**NEW, "login": login, "name": name})
        assert answer.status_code == 303, name
        stored = await db.fetch_value("SELECT name FROM accounts.account WHERE login = $1", login)
        assert stored == name


async def test_a_change_that_opens_cases_waits_and_the_old_roles_stay(
    signed_in: SignedIn,
) -> None:
    admin, officer = await signed_in("admin"), await signed_in("officer")
    account = await id_of("officer")
    await send(admin, f"/accounts/{account}/roles", roles=["OFFICER", "SUPERVISOR"])
    assert await state_of("officer") == ("ACTIVE", ["OFFICER"], ["OFFICER", "SUPERVISOR"])
    assert (await officer.get("/account")).status_code == 200
    ncp = await signed_in("ncp")
    assert "Grace" not in (await ncp.get("/accounts/waiting")).text
    await send(ncp, f"/accounts/{account}/approve", asked="OFFICER,SUPERVISOR")
    assert await state_of("officer") == ("ACTIVE", ["OFFICER", "SUPERVISOR"], None)
    # A session never outlives the roles it was opened with.
    assert (await officer.get("/account")).status_code == 303


async def test_taking_a_role_away_needs_no_approval(signed_in: SignedIn) -> None:
    await db.execute(
        "UPDATE accounts.account SET roles = '{OFFICER,ANALYST}' WHERE login = 'officer'"
    )
    account = await id_of("officer")
    await send(await signed_in("admin"), f"/accounts/{account}/roles", roles="OFFICER")
    assert await state_of("officer") == ("ACTIVE", ["OFFICER"], None)


async def test_what_was_not_shown_is_not_approved(signed_in: SignedIn) -> None:
    account = await id_of("officer")
    await send(await signed_in("admin"), f"/accounts/{account}/roles", roles=["OFFICER", "NCP"])
    answer = await send(await signed_in("ncp"), f"/accounts/{account}/approve", asked="OFFICER")
    assert answer.status_code == 409
    assert (await state_of("officer"))[1] == ["OFFICER"]


async def test_declining_leaves_everything_as_it_was(signed_in: SignedIn) -> None:
    admin, ncp = await signed_in("admin"), await signed_in("ncp")
    account = await id_of("officer")
    await send(admin, f"/accounts/{account}/roles", roles=["OFFICER", "ANALYST"])
    await send(ncp, f"/accounts/{account}/decline")
    assert await state_of("officer") == ("ACTIVE", ["OFFICER"], None)
    await send(admin, "/accounts/new", **NEW)
    newcomer = await id_of("newcomer")
    await send(ncp, f"/accounts/{newcomer}/decline")
    assert (await state_of("newcomer"))[0] == "BLOCKED"
    await send(admin, f"/accounts/{newcomer}/roles", roles="TRAINER")
    assert await state_of("newcomer") == ("WAITING", [], ["TRAINER"])


async def test_nobody_decides_on_the_own_account(signed_in: SignedIn) -> None:
    admin, ncp = await signed_in("admin"), await signed_in("ncp")
    for client, login, acts in (
        (admin, "admin", ("roles", "block", "reset", "end-sessions", "unblock")),
        (ncp, "ncp", ("block", "reset", "approve", "decline", "unblock")),
    ):
        for act in acts:
            answer = await send(client, f"/accounts/{await id_of(login)}/{act}", roles="ADMIN")
            assert answer.status_code == 403, (login, act)
    await db.execute("UPDATE accounts.account SET wanted_roles = '{ANALYST}' WHERE login = 'ncp'")
    answer = await send(ncp, "/accounts/waiting", account=f"{await id_of('ncp')} ANALYST")
    assert answer.status_code == 409
    assert "Nobody decides on the own account." in answer.text
    assert (await state_of("ncp"))[1] == ["NCP"]


async def test_who_asked_does_not_approve(signed_in: SignedIn) -> None:
    ncp = await id_of("ncp")
    await db.execute(
        "UPDATE accounts.account SET wanted_roles = '{ANALYST}', wanted_by = $1"
        " WHERE login = 'officer'",
        ncp,
    )
    answer = await send(await signed_in("ncp"), f"/accounts/{await id_of('officer')}/approve")
    assert answer.status_code == 403


async def test_an_administrator_cannot_open_an_account_that_sees_cases(
    signed_in: SignedIn,
) -> None:
    admin = await signed_in("admin")
    for login in ("officer", "ncp", "auditor", "trainer"):
        answer = await send(admin, f"/accounts/{await id_of(login)}/reset")
        assert answer.status_code == 403, login
    await db.execute("UPDATE accounts.account SET state = 'BLOCKED' WHERE login = 'officer'")
    answer = await send(admin, f"/accounts/{await id_of('officer')}/unblock")
    assert answer.status_code == 403
    assert await db.fetch_value("SELECT count(*) FROM accounts.one_time") == 0


async def test_the_last_keepers_stay(signed_in: SignedIn) -> None:
    admin, ncp = await signed_in("admin"), await signed_in("ncp")
    blocked = await send(admin, f"/accounts/{await id_of('ncp')}/block")
    assert blocked.status_code == 409
    assert "last active national contact point" in blocked.text
    robbed = await send(admin, f"/accounts/{await id_of('ncp')}/roles", roles="ADMIN")
    assert robbed.status_code == 409
    other = await send(ncp, f"/accounts/{await id_of('admin')}/block")
    assert "last active administrator" in other.text
    # Somebody who has no password yet does not count as another keeper.
    await db.execute(
        "UPDATE accounts.account SET roles = '{NCP}', password_hash = '' WHERE login = 'trainer'"
    )
    assert (await send(admin, f"/accounts/{await id_of('ncp')}/block")).status_code == 409
    await db.execute("UPDATE accounts.account SET roles = '{NCP}' WHERE login = 'analyst'")
    assert (await send(admin, f"/accounts/{await id_of('ncp')}/block")).status_code == 303


async def test_blocking_and_opening_again(
    signed_in: SignedIn, app: httpx.ASGITransport, cast: dict[str, Person]
) -> None:
    ncp, officer = await signed_in("ncp"), await signed_in("officer")
    account = await id_of("officer")
    assert (await send(ncp, f"/accounts/{account}/block")).status_code == 303
    assert (await officer.get("/account")).status_code == 303
    assert (await send(ncp, f"/accounts/{account}/block")).status_code == 409
    assert (await send(ncp, f"/accounts/{account}/unblock")).status_code == 303
    client = await enter(app, "officer", cast["officer"].password)
    page = await client.get("/account")
    assert "was opened again by Leila Mansour" in page.text
    await client.aclose()


ADMIN_ONLY = ("/accounts/new", "/accounts/import", "/accounts/offices", "/accounts/offices/HQ")
DENIED = ("officer", "supervisor", "investigator", "analyst", "trainer")


async def test_pages_stay_closed_for_other_roles(signed_in: SignedIn) -> None:
    account = await id_of("analyst")
    for login in DENIED:
        client = await signed_in(login)
        for url in ("/accounts", f"/accounts/{account}", "/accounts/waiting", *ADMIN_ONLY):
            assert (await client.get(url)).status_code == 403, (login, url)


async def test_pages_open_for_their_roles_alone(signed_in: SignedIn) -> None:
    account = await id_of("analyst")
    ncp, admin, auditor = [await signed_in(login) for login in ("ncp", "admin", "auditor")]
    for url in ADMIN_ONLY:
        assert (await admin.get(url)).status_code == 200, url
        assert (await ncp.get(url)).status_code == 403, url
        assert (await auditor.get(url)).status_code == 403, url
    assert (await ncp.get("/accounts/waiting")).status_code == 200
    assert (await admin.get("/accounts/waiting")).status_code == 403
    for client in (ncp, admin, auditor):
        assert (await client.get(f"/accounts/{account}")).status_code == 200


ACTS = ("", "/roles", "/approve", "/decline", "/block", "/unblock", "/reset", "/end-sessions")


async def test_acts_are_refused_to_others(signed_in: SignedIn, visitor: httpx.AsyncClient) -> None:
    officer, auditor = await signed_in("officer"), await signed_in("auditor")
    account = await id_of("analyst")
    for act in ACTS:
        for client in (officer, auditor):
            answer = await send(client, f"/accounts/{account}{act}", roles="NCP", name="X")
            assert answer.status_code == 403, act
        assert (await send(visitor, f"/accounts/{account}{act}")).status_code == 401
    assert await state_of("analyst") == ("ACTIVE", ["ANALYST"], None)


async def test_weighty_acts_need_the_password_again(signed_in: SignedIn) -> None:
    admin, ncp = await signed_in("admin"), await signed_in("ncp")
    await db.execute("UPDATE accounts.session SET confirmed_at = now() - '11 min'::interval")
    account = await id_of("officer")
    for client, act in ((admin, "roles"), (ncp, "approve"), (ncp, "reset"), (ncp, "block")):
        answer = await send(client, f"/accounts/{account}/{act}", roles="ANALYST", asked="NCP")
        assert answer.status_code == 403
        assert "Your password once more" in answer.text
    assert await state_of("officer") == ("ACTIVE", ["OFFICER"], None)


async def test_unknown_people_are_not_found(signed_in: SignedIn) -> None:
    ncp, admin = await signed_in("ncp"), await signed_in("admin")
    for wanted in ("nonsense", "01a20755-8152-7735-9a2e-2fb1da3a91de"):
        assert (await ncp.get(f"/accounts/{wanted}")).status_code == 404
        for act in ACTS[2:]:
            answer = await send(ncp, f"/accounts/{wanted}{act}")
            assert answer.status_code in {403, 404}, act
        answer = await send(admin, f"/accounts/{wanted}", name="X Y", language="EN")
        assert answer.status_code == 404


async def test_name_and_place_are_changed_with_a_trace(signed_in: SignedIn) -> None:
    admin, account = await signed_in("admin"), await id_of("officer")
    answer = await send(
        admin, f"/accounts/{account}", name="Amina Diallo", office="AIR1", language="FR"
    )
    assert answer.status_code == 303
    row = await db.fetch_row("SELECT * FROM accounts.account WHERE id = $1", account)
    assert row is not None
    assert (row["name"], row["office"], row["language"]) == ("Amina Diallo", "AIR1", "fr")
    detail = await db.fetch_value(
        "SELECT detail FROM audit.entry WHERE action = 'UPDATE' AND record = $1", str(account)
    )
    assert "Amina Sow" in detail
    wrong = await send(admin, f"/accounts/{account}", name="", language="FR")
    assert wrong.status_code == 422


async def test_a_unit_belongs_to_its_office(signed_in: SignedIn) -> None:
    admin, account = await signed_in("admin"), await id_of("officer")
    for office in ("SEA1", "AIR1"):
        unit = {"unit_code": "TEAM", "unit_name": f"Team {office}"}
        await send(admin, f"/accounts/offices/{office}/units", **unit)
    place = {"name": "Amina Sow", "language": "EN", "office": "SEA1"}
    wrong = await send(admin, f"/accounts/{account}", **place, unit="AIR1/TEAM")
    assert "This unit belongs to the office AIR1." in wrong.text
    assert (await send(admin, f"/accounts/{account}", **place, unit="SEA1/TEAM")).status_code == 303
    page = await admin.get(f"/accounts/{account}")
    assert "Team SEA1" in page.text
    assert '<option value="SEA1/TEAM" selected>' in page.text


async def test_the_list_is_filtered_and_paged(signed_in: SignedIn) -> None:
    admin = await signed_in("admin")
    await db.execute(
        "INSERT INTO accounts.account (id, login, name, state, made_at, roles)"
        " SELECT gen_random_uuid(), 'many' || n, 'Many ' || n, 'ACTIVE', now(), '{TRAINER}'"
        " FROM generate_series(1, 120) n"
    )
    found, page = set[str](), await admin.get("/accounts")
    while True:
        found |= {part.split('"')[0] for part in page.text.split('href="/accounts/')[1:]}
        after = page.text.partition('name="after" value="')[2].partition('"')[0]
        if not after:
            break
        page = await send(admin, "/accounts", after=after)
    assert len([item for item in found if len(item) == 36]) == 129
    hit = await send(admin, "/accounts", q="leila")
    assert "Leila Mansour" in hit.text
    assert "Many" not in hit.text
    none = await send(admin, "/accounts", q="100%_")
    assert "Nobody found" in none.text
    few = await send(admin, "/accounts", role="SUPERVISOR", state="ACTIVE", office="SEA1")
    assert "Grace Wanjiru" in few.text
    assert "Leila" not in few.text
