"""The trail on pages and through the API: who may, what is found, and that looking is noted too."""

import asyncio
import csv
import io
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest

from appliance.app.audit import jobs, service
from appliance.app.audit.sealing import seal_all
from appliance.core import audit, clock, db, ids, outbox
from appliance.core.audit import Action, Actor, current_actor
from appliance.core.room import JobContext
from tests.conftest import SignedIn, form_token

pytestmark = pytest.mark.usefixtures("database")

AMELIE = Actor(id=str(ids.new_id()), name="Amélie Nkosi", unit="SEA1", address="10.1.2.3")
OMAR = Actor(id=str(ids.new_id()), name="Omar Haddad", address="10.9.9.9")
CASE = ids.new_id()


async def act(actor: Actor, action: Action = Action.READ, **more: Any) -> None:
    token = current_actor.set(actor)
    await audit.record(action, more.pop("room", "seizures"), more.pop("record_id", ""), **more)
    current_actor.reset(token)


async def search(client: httpx.AsyncClient, **filters: str) -> httpx.Response:
    """Fill the filter form in, send it, and follow to the result."""
    token = form_token(await client.get("/audit"))
    answer = await client.post("/audit", data={"_csrf_token": token, **filters})
    if answer.status_code != 303:
        return answer
    return await client.get(answer.headers["location"])


def shown(page: httpx.Response) -> list[int]:
    """The numbers of the entries on a page of the list."""
    return [int(found) for found in re.findall(r'href="/audit/entries/(\d+)"', page.text)]


async def number_of(label: str) -> int:
    return int(await db.fetch_value("SELECT n FROM audit.entry WHERE label = $1", label))


PATHS = ("/audit", "/audit/entries/1", "/audit/check", "/api/v1/audit", "/api/v1/audit/1")


async def test_only_auditors_and_the_contact_point_may_look(
    signed_in: SignedIn, visitor: httpx.AsyncClient
) -> None:
    await act(AMELIE, label="x")
    for login in ("auditor", "ncp"):
        client = await signed_in(login)
        assert {(await client.get(path)).status_code for path in PATHS} == {200}
    for login in ("officer", "supervisor", "analyst", "trainer", "admin"):
        client = await signed_in(login)
        assert {(await client.get(path)).status_code for path in PATHS} == {403}
        assert (await client.post("/audit")).status_code == 403
        assert (await client.post("/audit/check")).status_code == 403
    for path in PATHS:
        answer = await visitor.get(path)
        assert answer.status_code == (401 if path.startswith("/api/") else 303)


async def test_filters_find_what_they_say(signed_in: SignedIn) -> None:
    await act(AMELIE, label="one", record_id=CASE, purpose="Case 12: fact finding")
    await act(OMAR, label="two", record_id=CASE)
    await act(AMELIE, Action.EXPORT, label="three", room="imports")
    await act(Actor(id="", name=""), Action.SIGN_IN_FAILED, label="four", room="accounts")
    one, two, three, four = [await number_of(label) for label in ("one", "two", "three", "four")]
    client = await signed_in("auditor")
    wanted = {
        (one, three): {"person": "nkosi"},
        (two,): {"person": OMAR.id},
        (one, two): {"record": str(CASE)},
        (three,): {"record": "thr", "action": "EXPORT"},
        (one,): {"purpose": "FACT"},
        (four,): {"action": "SIGN_IN_FAILED"},
    }
    for expected, filters in wanted.items():
        page = await search(client, **filters)
        assert page.status_code == 200
        assert shown(page) == sorted(expected, reverse=True), filters
    assert three in shown(await search(client, room="IMPORTS", action="EXPORT"))
    nothing = await search(client, person="nobody of that name")
    assert shown(nothing) == []
    assert "No entry fits these filters" in nothing.text


async def test_days_are_those_of_the_installation(signed_in: SignedIn) -> None:
    await act(AMELIE, label="today")
    client = await signed_in("auditor")
    today = clock.now().date()
    days = {"today": today, "yesterday": today - timedelta(days=1)}
    text = {name: day.isoformat() for name, day in days.items()}
    found = await search(client, person="nkosi", **{"from": text["today"], "to": text["today"]})
    assert shown(found) == [await number_of("today")]
    assert shown(await search(client, person="nkosi", to=text["yesterday"])) == []


async def test_a_search_is_noted_with_its_filters_and_no_name_stands_in_an_address(
    signed_in: SignedIn,
) -> None:
    client = await signed_in("auditor")
    page = await search(client, person="Nkosi", purpose="x")
    assert "Nkosi" not in str(page.url)
    row = await db.fetch_row(
        "SELECT * FROM audit.entry WHERE room = 'audit' AND action = 'SEARCH' ORDER BY n DESC LIMIT 1"
    )
    assert row is not None
    assert outbox.decode(row["detail"]) == {"filters": {"person": "Nkosi", "purpose": "x"}}
    assert row["actor_id"]


async def searches() -> int:
    return int(
        await db.fetch_value(
            "SELECT count(*) FROM audit.entry WHERE room = 'audit' AND action = 'SEARCH'"
        )
    )


async def test_somebody_elses_search_is_a_search_of_ones_own(signed_in: SignedIn) -> None:
    auditor, contact = await signed_in("auditor"), await signed_in("ncp")
    page = await search(auditor, person="nkosi")
    before = await searches()
    assert (await auditor.get(str(page.url))).status_code == 200
    assert await searches() == before
    assert (await contact.get(str(page.url))).status_code == 200
    assert await searches() == before + 1


async def test_pages_follow_each_other_both_ways(signed_in: SignedIn) -> None:
    for number in range(120):
        await act(OMAR, label=f"e{number}")
    client = await signed_in("auditor")
    page = await search(client, person=OMAR.id)
    assert "120 entries." in page.text
    seen = [shown(page)]
    for direction in ("next", "next", "prev", "prev"):
        url = re.search(rf'rel="{direction}" href="([^"]+)"', page.text)
        assert url is not None, direction
        page = await client.get(url[1].replace("&amp;", "&"))
        seen.append(shown(page))
    first, second, third, again, back = seen
    assert [len(part) for part in (first, second, third)] == [50, 50, 20]
    assert first + second + third == sorted(first + second + third, reverse=True)
    assert (again, back) == (second, first)
    assert 'rel="prev"' not in page.text


async def test_wrong_filters_are_all_shown_at_once(signed_in: SignedIn) -> None:
    client = await signed_in("auditor")
    page = await search(client, **{"from": "31.12.2026", "action": "NONSENSE", "person": "Amélie"})
    assert page.status_code == 422
    assert page.text.count('class="field-error"') == 2
    assert 'value="Amélie"' in page.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/audit?search=nonsense", 404),
        ("/audit?search=0190f5c0-0000-7000-8000-000000000001", 404),
        ("/audit?person=Nkosi", 422),
        ("/audit?action=NONSENSE", 422),
        ("/audit/entries/999999", 404),
        ("/audit/entries/99999999999999999999", 404),
        ("/audit/entries/x", 404),
        ("/api/v1/audit?before=x", 422),
        ("/api/v1/audit?rows=0", 422),
        ("/api/v1/audit?rows=201", 422),
        ("/api/v1/audit?person=Nkosi", 422),
        ("/api/v1/audit?record=%00", 422),
        ("/api/v1/audit/999999", 404),
    ],
)
async def test_bad_addresses_get_a_clear_answer(
    signed_in: SignedIn, path: str, status: int
) -> None:
    client = await signed_in("auditor")
    assert (await client.get(path)).status_code == status


async def test_an_entry_shows_its_seal(signed_in: SignedIn) -> None:
    await act(AMELIE, label="shown", purpose="why", detail={"place": ["Tema", "Lomé"], "q": "<b>"})
    client = await signed_in("auditor")
    number = await number_of("shown")
    page = await client.get(f"/audit/entries/{number}")
    assert "This entry is not yet sealed." in page.text
    assert "Lomé" in page.text
    assert "&lt;b&gt;" in page.text
    await seal_all()
    page = await client.get(f"/audit/entries/{number}")
    digest = await db.fetch_value(
        "SELECT encode(sha256, 'hex') FROM audit.seal ORDER BY number LIMIT 1"
    )
    assert digest in page.text
    opened = await db.fetch_value(
        "SELECT count(*) FROM audit.entry WHERE room = 'audit' AND action = 'READ' AND record = $1",
        str(number),
    )
    assert opened == 2


async def test_details_are_worded_and_kept_letter_by_letter(signed_in: SignedIn) -> None:
    await act(AMELIE, Action.UPDATE, label="worded", detail={"fields": ["quantity"]})
    await act(AMELIE, label="latest", detail={"office": "SEA1"})
    client = await signed_in("auditor")
    page = await client.get(f"/audit/entries/{await number_of('worded')}")
    assert "Changed fields" in page.text
    assert "Quantity" in page.text
    assert "{&#34;fields&#34;:[&#34;quantity&#34;]}" in page.text.replace(" ", "")
    assert "Latest cases" in (await client.get("/audit")).text


async def test_sealed_and_waiting_entries_can_be_told_apart(signed_in: SignedIn) -> None:
    await act(AMELIE, label="old")
    await seal_all()
    await act(AMELIE, label="new")
    client = await signed_in("auditor")
    assert shown(await search(client, person=AMELIE.id, seal="SEALED")) == [await number_of("old")]
    assert shown(await search(client, person=AMELIE.id, seal="WAITING")) == [await number_of("new")]
    both = (await client.get(f"/api/v1/audit?person={AMELIE.id}")).json()["entries"]
    assert [(item["label"], item["sealed"]) for item in both] == [("new", False), ("old", True)]


async def test_the_api_pages_by_number(signed_in: SignedIn) -> None:
    for number in range(5):
        await act(OMAR, label=f"e{number}", detail={"number": number})
    client = await signed_in("ncp")
    first = (await client.get(f"/api/v1/audit?person={OMAR.id}&rows=3")).json()
    assert [item["label"] for item in first["entries"]] == ["e4", "e3", "e2"]
    assert first["entries"][0]["detail"] == {"number": 4}
    url = f"/api/v1/audit?person={OMAR.id}&rows=3&before={first['next']}"
    rest = (await client.get(url)).json()
    assert [item["label"] for item in rest["entries"]] == ["e1", "e0"]
    assert rest["next"] is None
    one = (await client.get(f"/api/v1/audit/{first['entries'][0]['n']}")).json()
    assert one["label"] == "e4"


async def test_an_export_asks_for_the_password_and_the_purpose(signed_in: SignedIn) -> None:
    await act(AMELIE, label='=HYPERLINK("http://x")', detail={"a": 1})
    await act(OMAR, label="other")
    client = await signed_in("auditor")
    page = await search(client, person="nkosi")
    found = re.search(r'href="(/audit/export\?search=([^"]+))"', page.text)
    assert found is not None
    await db.execute("UPDATE accounts.session SET confirmed_at = NULL")
    sent_away = await client.get(found[1])
    assert (sent_away.status_code, sent_away.headers["location"][:8]) == (303, "/confirm")
    await db.execute("UPDATE accounts.session SET confirmed_at = now()")
    assert (await client.get(found[1])).status_code == 200
    without = await client.post("/audit/export", data={"search": found[2], "purpose": " "})
    assert without.status_code == 422
    file = await client.post("/audit/export", data={"search": found[2], "purpose": "Yearly review"})
    assert file.headers["content-disposition"].startswith('attachment; filename="audit-')
    rows = list(csv.DictReader(io.StringIO(file.text.removeprefix("\ufeff"), newline="")))
    assert [row["label"] for row in rows] == ['\'=HYPERLINK("http://x")']
    noted = await db.fetch_row("SELECT purpose, detail FROM audit.entry WHERE action = 'EXPORT'")
    assert noted is not None
    assert noted["purpose"] == "Yearly review"
    assert outbox.decode(noted["detail"]) == {"filters": {"person": "nkosi"}, "lines": 1}


async def run_check() -> None:
    """What `ncen work` does with the job that the button asks for."""
    job = await service.latest_check()
    assert job is not None
    reported: list[Mapping[str, Any]] = []

    async def report(progress: Mapping[str, Any]) -> None:
        reported.append(progress)

    result = await jobs.verify(JobContext(str(job.id), job.payload, report))
    await db.execute(
        "UPDATE core.job SET state = 'DONE', result = $2, ended_at = now() WHERE id = $1",
        job.id,
        outbox.encode(result).decode(),
    )


async def test_the_button_asks_for_one_check_and_the_page_shows_its_result(
    signed_in: SignedIn,
) -> None:
    await act(AMELIE)
    await seal_all()
    client = await signed_in("auditor")
    assert "Not checked yet" in (await client.get("/audit/check")).text
    answers = await asyncio.gather(*(client.post("/audit/check") for _ in range(3)))
    assert {answer.status_code for answer in answers} == {303}
    assert await db.fetch_value("SELECT count(*) FROM core.job WHERE kind = 'verify'") == 1
    assert "The seals are being checked." in (await client.get("/audit/check")).text
    await run_check()
    page = await client.get("/audit/check")
    assert "Every sealed entry stands as it was written." in page.text


async def test_the_page_names_what_a_check_found(signed_in: SignedIn) -> None:
    from tests.integration.audit.test_verify import by_hand

    await act(AMELIE)
    await seal_all()
    await by_hand("UPDATE audit.entry SET actor_name = 'Nobody' WHERE n = 1")
    client = await signed_in("ncp")
    await client.post("/audit/check")
    await run_check()
    page = await client.get("/audit/check")
    assert "The trail was changed." in page.text
    assert "Nobody) was altered after seal 1 held it." in page.text
