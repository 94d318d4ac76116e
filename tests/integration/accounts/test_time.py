"""Time: idleness in days of use, and clocks that show 1970 or 2038."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from appliance.app.accounts import jobs
from appliance.app.accounts.service import idle, one_time
from appliance.core import clock, db
from appliance.core.room import JobContext
from tests.conftest import Person, SignedIn
from tests.integration.accounts.conftest import enter, id_of, secret_in, send, set_up_factor

pytestmark = pytest.mark.usefixtures("database")
WRONG_CLOCKS = (datetime(1970, 1, 1, 0, 5, tzinfo=UTC), datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC))
TODAY = date(2026, 11, 2)


async def used_on(days: int, login: str = "") -> None:
    """So many days in use up to today, of which nobody of that name saw any."""
    await db.execute(
        "INSERT INTO accounts.use_day SELECT $1::date - n FROM generate_series(0, $2 - 1) n",
        TODAY,
        days,
    )
    await db.execute("UPDATE accounts.account SET last_used_on = $1", TODAY)
    await db.execute(
        "UPDATE accounts.account SET last_used_on = $1 WHERE login = $2",
        TODAY - timedelta(days=days),
        login,
    )


async def state(login: str) -> str:
    return str(await db.fetch_value("SELECT state FROM accounts.account WHERE login = $1", login))


async def discard(_: object) -> None:
    """A job's progress, of no interest here."""


CONTEXT = JobContext(job_id="", payload={}, report=discard)


@pytest.fixture
def floor(state_folder: Path) -> Iterator[None]:
    """The state folder as it was, whatever a test made of its clock."""
    yield
    (state_folder / clock.FLOOR_FILE).unlink(missing_ok=True)


async def test_ninety_days_in_use_block(signed_in: SignedIn) -> None:
    await used_on(88, "officer")
    await db.execute(
        "INSERT INTO accounts.token (id, token_hash, prefix, account, name, made_at, ends_at)"
        " SELECT gen_random_uuid(), 'x', 'ncen_x', id, 'x', now(), now() + '1 day'::interval"
        " FROM accounts.account WHERE login = 'officer'"
    )
    assert await idle.block_idle() == 0
    page = await (await signed_in("ncp")).get("/accounts")
    assert "Blocked after 1 more day" in page.text
    await db.execute("INSERT INTO accounts.use_day VALUES ($1)", TODAY - timedelta(days=200))
    assert await idle.block_idle() == 0
    await db.execute(
        "UPDATE accounts.account SET last_used_on = $1 WHERE login = 'officer'",
        TODAY - timedelta(days=201),
    )
    assert await jobs.block_idle(CONTEXT) == {"blocked": 1}
    assert await state("officer") == "BLOCKED"
    assert await db.fetch_value("SELECT count(revoked_at) FROM accounts.token") == 1
    entry = await db.fetch_value("SELECT detail FROM audit.entry WHERE action = 'STATE'")
    assert '"idle_days": 90' in entry


def names_in(page: httpx.Response) -> list[str]:
    """Who is listed; names stand in the links of the first column."""
    return re.findall(r'<a href="/accounts/[0-9a-f-]{36}">([^<]+)</a>', page.text)


async def test_keepers_are_told_in_time_who_is_blocked_soon(signed_in: SignedIn) -> None:
    ncp, admin, auditor = [await signed_in(login) for login in ("ncp", "admin", "auditor")]
    # Their signing in has made today one more day in use.
    await used_on(79, "officer")
    for login, days in (("analyst", 78), ("trainer", 85)):
        await db.execute(
            "UPDATE accounts.account SET last_used_on = $1 WHERE login = $2",
            TODAY - timedelta(days=days),
            login,
        )
    await db.execute("UPDATE accounts.account SET state = 'BLOCKED' WHERE login = 'trainer'")
    for keeper in (ncp, admin):
        assert "Accounts blocked soon" in (await keeper.get("/")).text
        assert names_in(await keeper.get("/accounts?state=SOON")) == ["Amina Sow"]
    assert "Accounts blocked soon" not in (await auditor.get("/")).text
    page = await ncp.get("/accounts")
    assert len(names_in(page)) == 9
    assert "Blocked after 10 more days" in page.text
    assert '<option value="SOON">Blocked soon</option>' in page.text
    assert re.search(r'data-label="Idle days"[^>]*><bdi>79</bdi>', page.text)
    person = await ncp.get(f"/accounts/{await id_of('officer')}")
    assert re.search(r"Idle days</dt>\s*<dd[^>]*>\s*(<bdi>)?80", person.text)
    assert "after 10 more days in use" in person.text
    # Who comes back is idle no more, and leaves the list.
    await signed_in("officer")
    assert names_in(await ncp.get("/accounts?state=SOON")) == []


async def test_days_on_which_nobody_worked_age_nobody() -> None:
    await used_on(3, "officer")
    await db.execute(
        "UPDATE accounts.account SET last_used_on = '2024-01-01' WHERE login = 'officer'"
    )
    assert await idle.block_idle() == 0


async def test_the_last_keepers_sleep_unblocked() -> None:
    await used_on(95, "officer")
    await db.execute(
        "UPDATE accounts.account SET last_used_on = '2020-01-01' WHERE login IN ('ncp', 'admin')"
    )
    assert await idle.block_idle() == 1
    assert (await state("ncp"), await state("admin")) == ("ACTIVE", "ACTIVE")
    await db.execute("UPDATE accounts.account SET roles = '{NCP}' WHERE login = 'analyst'")
    assert await idle.block_idle() == 1
    assert (await state("ncp"), await state("analyst")) == ("BLOCKED", "ACTIVE")


async def test_who_comes_back_late_is_warned(
    app: httpx.ASGITransport, cast: dict[str, Person]
) -> None:
    await used_on(85, "officer")
    client = await enter(app, "officer", cast["officer"].password)
    page = await client.get("/account")
    assert "would have been blocked after 5 more days" in page.text
    await client.aclose()


@pytest.mark.usefixtures("floor")
async def test_a_wrong_clock_ends_and_blocks_nothing(
    signed_in: SignedIn, set_clock: Callable[[datetime], None]
) -> None:
    client = await signed_in("officer")
    await used_on(95, "analyst")
    for moment in WRONG_CLOCKS:
        set_clock(moment)
        page = await client.get("/account")
        assert page.status_code == 200, moment
        assert "The clock of this server is not trusted." in page.text
        assert await idle.block_idle() == 0
        assert await jobs.tidy(CONTEXT) == {"skipped": "clock"}
        assert (await client.get("/login")).status_code == 303


@pytest.mark.usefixtures("floor")
async def test_with_a_wrong_clock_people_sign_in_and_recovery_codes_work(
    signed_in: SignedIn,
    app: httpx.ASGITransport,
    cast: dict[str, Person],
    set_clock: Callable[[datetime], None],
) -> None:
    _, codes = await set_up_factor(await signed_in("analyst"))
    for moment, code in zip(WRONG_CLOCKS, codes, strict=False):
        set_clock(moment)
        visitor = httpx.AsyncClient(transport=app, base_url="http://ncen.test")
        page = await visitor.get("/login")
        assert "The clock of this server is not trusted." in page.text
        await send(visitor, "/login", login="analyst", password=cast["analyst"].password)
        assert (await send(visitor, "/login/code", code=code)).status_code == 303
        assert (await visitor.get("/account")).status_code == 200
        await visitor.aclose()
    days = [row["day"] for row in await db.fetch("SELECT day FROM accounts.use_day")]
    assert all(day.year == datetime.now(UTC).year for day in days)


@pytest.mark.usefixtures("floor")
async def test_sessions_of_a_wrong_clock_end_when_it_is_right_again(
    app: httpx.ASGITransport,
    cast: dict[str, Person],
    set_clock: Callable[[datetime], None],
) -> None:
    right = clock.now()
    for moment in WRONG_CLOCKS:
        set_clock(moment)
        client = await enter(app, "officer", cast["officer"].password)
        assert (await client.get("/account")).status_code == 200
        set_clock(right)
        assert (await client.get("/account")).status_code == 303, moment
        await client.aclose()


@pytest.mark.usefixtures("floor")
async def test_waits_of_a_clock_that_ran_ahead_do_not_last(
    visitor: httpx.AsyncClient, set_clock: Callable[[datetime], None], cast: dict[str, Person]
) -> None:
    right = clock.now()
    set_clock(WRONG_CLOCKS[1])
    for _ in range(6):
        await send(visitor, "/login", login="officer", password="wrong wrong wrong")
    set_clock(right)
    answer = await send(visitor, "/login", login="officer", password=cast["officer"].password)
    assert answer.status_code == 303


@pytest.mark.usefixtures("floor")
async def test_people_made_under_a_wrong_clock_are_not_idle_when_it_is_right(
    signed_in: SignedIn, set_clock: Callable[[datetime], None]
) -> None:
    await used_on(95)
    admin, right = await signed_in("admin"), clock.now()
    set_clock(WRONG_CLOCKS[0])
    await db.execute("UPDATE accounts.session SET confirmed_at = $1", WRONG_CLOCKS[0])
    page = await send(
        admin, "/accounts/new", login="fresh", name="Fresh", roles="ADMIN", language="EN"
    )
    assert secret_in(page)
    set_clock(right)
    await idle.block_idle()
    assert await state("fresh") == "ACTIVE"


@pytest.mark.usefixtures("floor")
async def test_codes_and_tokens_of_a_clock_that_ran_ahead_are_over_when_it_is_right(
    signed_in: SignedIn,
    app: httpx.ASGITransport,
    cast: dict[str, Person],
    set_clock: Callable[[datetime], None],
) -> None:
    right = clock.now()
    set_clock(WRONG_CLOCKS[1])
    ncp = await enter(app, "ncp", cast["ncp"].password)
    code = secret_in(await send(ncp, f"/accounts/{await id_of('officer')}/reset"))
    wanted = {"name": "Script", "scope": "OFFICES.READ", "ends_on": "2038-12-31"}
    token = secret_in(await send(ncp, "/account/tokens", **wanted))
    links = await one_time.issue_link("FIRST_NCP")
    program = httpx.AsyncClient(
        transport=app,
        base_url="http://ncen.test",
        headers={"authorization": f"Bearer {token}"},
    )
    visitor = httpx.AsyncClient(transport=app, base_url="http://ncen.test")
    assert (await program.get("/api/v1/me")).status_code == 200
    assert await one_time.kind_of_link(links) == "FIRST_NCP"
    set_clock(right)
    assert (await program.get("/api/v1/me")).status_code == 401
    assert (await send(visitor, "/reset", login="officer", code=code)).status_code == 422
    assert await one_time.kind_of_link(links) is None
    assert "Expired" in (await (await signed_in("ncp")).get("/account/tokens")).text
    # While nobody believes the clock, nothing is over.
    set_clock(WRONG_CLOCKS[0])
    assert (await program.get("/api/v1/me")).status_code == 200
    assert (await send(visitor, "/reset", login="officer", code=code)).status_code == 303
    for client in (ncp, program, visitor):
        await client.aclose()


async def test_the_longest_token_counts_from_its_first_day(signed_in: SignedIn) -> None:
    client = await signed_in("officer")
    last = (clock.now().date() + timedelta(days=365)).isoformat()
    wanted = {"name": "Script", "scope": "OFFICES.READ", "ends_on": last}
    token = secret_in(await send(client, "/account/tokens", **wanted))
    client.cookies.clear()
    bearer = {"authorization": f"Bearer {token}"}
    assert (await client.get("/api/v1/me", headers=bearer)).status_code == 200


async def test_what_is_over_is_forgotten(signed_in: SignedIn) -> None:
    await signed_in("officer")
    await db.execute("UPDATE accounts.session SET ends_at = now() - '31 days'::interval")
    await db.execute("UPDATE accounts.security_event SET at = now() - '401 days'::interval")
    await db.execute("UPDATE accounts.attempt SET last_at = now() - '2 days'::interval")
    done = await jobs.tidy(CONTEXT)
    assert (done["sessions"], done["events"]) == (1, 1)
    assert await db.fetch_value("SELECT count(*) FROM accounts.attempt") == 0
