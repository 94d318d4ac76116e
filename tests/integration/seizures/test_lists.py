"""The list of cases: every row exactly once in both directions, filters, words in any script, an honest count."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import urlencode

import httpx
import pytest

from appliance.app.seizures import api
from appliance.app.seizures.schemas import NewCase, NewCommodity, Origin, StagedRow
from appliance.core import audit, db, ids, limits
from tests.conftest import Person, clean_database, enter, new_client, transport_to

PLACES = (
    "Bogotá, El Dorado",
    "Порт Новороссийск",
    "ميناء جدة الإسلامي",
    "上海 洋山港",
    "São Paulo/Guarulhos",
    "Łódź",
    "Đà Nẵng",
    "D.C. airport",
)
ROWS = 130


def case_of(number: int) -> NewCase:
    """A case of a batch; many share a day, some have the same words."""
    return NewCase(
        case_kind="SEIZURE",
        event_date=date(2026, 1, 1) + timedelta(days=number // 40),
        country="CO" if number % 3 else "RU",
        office_code="SEA1" if number % 2 else "AIR1",
        place_text=PLACES[number % len(PLACES)] if number < 40 else f"Warehouse {number}",
        direction="IMPORT" if number % 5 else "EXPORT",
        how_found="PATROL",
        narrative="A grey lorry" if number % 7 == 0 else "",
        commodities=(
            NewCommodity(
                heading="TOBACCO" if number % 4 == 0 else "DRUGS",
                subtype="CIGARETTES" if number % 4 == 0 else "HEROIN",
                quantity=Decimal(number),
                unit="KGM",
            ),
        ),
    )


async def publish(cases: Sequence[NewCase]) -> str:
    """Make cases visible as an import does; return the batch."""
    batch = ids.new_id()
    stamp = api.stamp_now(batch, Origin.IMPORT, audit.SYSTEM)
    rows = [
        StagedRow(row_no=number, source_key=None, case=case) for number, case in enumerate(cases, 1)
    ]
    async with db.transaction():
        await api.stage(rows, stamp)
        assert await api.publish(batch) == len(cases)
    return str(batch)


@pytest.fixture(scope="module")
async def analyst(cast: dict[str, Person]) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who reads what is validated, with a batch of cases in the database."""
    from appliance.app.main import build_app

    async with clean_database(), contextlib.AsyncExitStack() as stack:
        transport = transport_to(build_app())
        client = await stack.enter_async_context(new_client(transport))
        await publish([case_of(number) for number in range(ROWS)])
        yield await enter(client, cast["analyst"])


async def page(client: httpx.AsyncClient, **query: object) -> dict[str, object]:
    answer = await client.get(f"/api/v1/seizures?{urlencode(query)}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def all_rows(client: httpx.AsyncClient, **query: object) -> list[dict[str, object]]:
    """Every row that the pages show, one page after the other."""
    found: list[dict[str, object]] = []
    following = ""
    while True:
        answer = await page(client, **query, **({"after": following} if following else {}))
        rows = answer["cases"]
        assert isinstance(rows, list)
        found += rows
        following = str(answer["next"])
        if not following:
            return found


@pytest.mark.parametrize("rows", [1, 7, 40, 130, 200])
async def test_every_case_comes_exactly_once(analyst: httpx.AsyncClient, rows: int) -> None:
    if rows == 1:
        found = await all_rows(analyst, rows=rows, to="2026-01-01")
        assert len(found) == 40
    else:
        found = await all_rows(analyst, rows=rows)
        assert len(found) == ROWS
    keys = [(row["event_date"], row["id"]) for row in found]
    assert keys == sorted(keys, reverse=True)
    assert len(set(keys)) == len(keys)


def shown_ids(answer: httpx.Response) -> list[str]:
    links = [part.split('"')[0] for part in answer.text.split('href="/seizures/')[1:]]
    cases = [link.partition("?")[0] for link in links]
    return list(dict.fromkeys(case for case in cases if ids.parse_id(case)))


def link(answer: httpx.Response, rel: str) -> str:
    """The address of a neighbouring page, or nothing."""
    parts = answer.text.split(f'rel="{rel}" href="')
    return parts[1].split('"')[0].replace("&amp;", "&") if len(parts) > 1 else ""


async def test_the_pages_lead_forwards_and_back_over_the_same_rows(
    analyst: httpx.AsyncClient,
) -> None:
    forwards, answer = [], await analyst.get("/seizures")
    assert link(answer, "prev") == ""
    while True:
        forwards.append(shown_ids(answer))
        if not link(answer, "next"):
            break
        answer = await analyst.get(link(answer, "next"))
        assert answer.status_code == 200
    assert [len(rows) for rows in forwards] == [50, 50, 30]
    backwards = []
    while True:
        backwards.append(shown_ids(answer))
        if not link(answer, "prev"):
            break
        answer = await analyst.get(link(answer, "prev"))
    assert backwards == forwards[::-1]
    assert len({case for rows in forwards for case in rows}) == ROWS


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"country": "RU"}, 44),
        ({"office_code": "SEA1"}, 65),
        ({"direction": "EXPORT"}, 26),
        ({"heading": "TOBACCO"}, 33),
        ({"subtype": "CIGARETTES", "country": "RU"}, 11),
        ({"from": "2026-01-02", "to": "2026-01-03"}, 80),
        ({"from": "2026-01-04"}, 10),
        ({"to": "2025-12-31"}, 0),
        ({"status": "VALIDATED"}, ROWS),
        ({"status": "DRAFT"}, 0),
        ({"case_kind": "SEIZURE", "how_found": "PATROL"}, ROWS),
        ({"batch": "01890a5d-ac96-774b-bcce-b302099a8057"}, 0),
        ({"country": ""}, ROWS),
        ({"country": "ru"}, 44),
    ],
    ids=str,
)
async def test_filters_and_the_count_agree(
    analyst: httpx.AsyncClient, query: dict[str, str], expected: int
) -> None:
    assert len(await all_rows(analyst, rows=200, **query)) == expected
    answer = await analyst.get(f"/seizures?{urlencode(query)}")
    assert answer.status_code == 200
    assert f"{expected} cases." in answer.text


async def test_a_misspelt_filter_finds_nothing_for_a_program_and_counts_for_no_page(
    analyst: httpx.AsyncClient,
) -> None:
    refused = await analyst.get("/api/v1/seizures?contry=RU&country=RU")
    assert refused.status_code == 422
    assert [wrong["field"] for wrong in refused.json()["errors"]] == ["contry"]
    assert f"{ROWS} cases." in (await analyst.get("/seizures?contry=RU")).text


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("bogota", 5),
        ("Bogotá", 5),
        ("BOGOTÁ dorado", 5),
        ("bog", 5),
        ("новороссийск", 5),
        ("НОВОРОССИЙСК", 5),
        ("جدة", 5),
        ("上海", 5),
        ("洋山港", 5),
        ("sao paulo", 5),
        ("da nang", 5),
        ("D.C.", 5),
        ("grey lorry", 19),
        ("lorry grey", 19),
        ("grey elephant", 0),
        ("warehouse 100", 1),
        ("''", 0),
        ("' OR 1=1 --", 0),
        ("a & b | !c:*", 0),
        ("<-> <->", 0),
        ("\\", 0),
    ],
)
async def test_words_are_found_in_any_script(
    analyst: httpx.AsyncClient, words: str, expected: int
) -> None:
    assert len(await all_rows(analyst, rows=200, q=words)) == expected


async def test_words_and_filters_hold_together(analyst: httpx.AsyncClient) -> None:
    found = await all_rows(analyst, rows=3, q="lorry", office_code="SEA1")
    assert len(found) == 9
    assert {row["office_code"] for row in found} == {"SEA1"}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026-02-31", "from"),
        ("to=x", "to"),
        ("country=NOWHERE", "country"),
        ("country=CO&country=RU", "country"),
        ("status=OPEN", "status"),
        ("q=" + "x" * 201, "q"),
        ("q=%00", "q"),
        ("q=%E2%80%AE", "q"),
        ("rows=0", "rows"),
        ("rows=201", "rows"),
        ("rows=-1", "rows"),
        ("rows=000001999999", "rows"),
        ("rows=00000000050", "rows"),
        ("rows=٣", "rows"),
        ("rows=x", "rows"),
        ("rows=1e9", "rows"),
        ("rows=%C2%B2", "rows"),
        ("rows=99999999999999999999", "rows"),
        ("rows=%D9%A3x", "rows"),
    ],
)
async def test_a_wrong_filter_is_named_and_nothing_is_listed(
    analyst: httpx.AsyncClient, query: str, field: str
) -> None:
    answer = await analyst.get(f"/api/v1/seizures?{query}")
    assert answer.status_code == 422
    assert field in {item["field"] for item in answer.json()["errors"]}
    if field != "rows":
        shown = await analyst.get(f"/seizures?{query}")
        assert shown.status_code == 422
        exported = await analyst.get(f"/seizures/export?{query}")
        assert exported.status_code == 422


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "_",
        "2026-01-01",
        "2026-01-01_",
        "2026-01-01_x",
        "2026-02-31_01890a5d-ac96-774b-bcce-b302099a8057",
        "0001-01-01_01890a5d-ac96-774b-bcce-b302099a8057",
        "2026-01-01_01890a5d-ac96-774b-bcce-b302099a8057_x",
        "%00",
        "%FF",
        "2026-01-01%00_01890a5d-ac96-774b-bcce-b302099a8057",
    ],
)
@pytest.mark.parametrize("side", ["after", "before"])
async def test_a_damaged_address_of_a_page(
    analyst: httpx.AsyncClient, side: str, cursor: str
) -> None:
    for path in ("/seizures", "/api/v1/seizures"):
        answer = await analyst.get(f"{path}?{side}={cursor}")
        assert answer.status_code == 422
        assert "The address of this page of the list is damaged." in answer.text


async def test_a_count_beyond_the_cap_is_not_made_up(
    analyst: httpx.AsyncClient,
) -> None:
    batch = await publish([case_of(6)] * (limits.COUNT_CAP + 1))
    answer = await analyst.get(f"/seizures?batch={batch}")
    assert "More than 1,000 cases." in answer.text


PURPOSE = "Monthly report to the headquarters"


async def assert_exported(answer: httpx.Response, times: int) -> None:
    """The file holds the same cases as the list, and the trail says why it left."""
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="seizures.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    lines = answer.text.strip().splitlines()
    assert len(lines) == 2 + 65
    assert "Mei Tanaka" in lines[0]
    noted = await db.fetch(
        "SELECT detail FROM audit.entry WHERE action = 'EXPORT' AND actor_name = 'Mei Tanaka'"
        " AND purpose = $1",
        PURPOSE,
    )
    assert len(noted) == times
    assert "SEA1" in noted[-1]["detail"]


async def test_the_file_for_a_spreadsheet_holds_the_same_cases(analyst: httpx.AsyncClient) -> None:
    page = await analyst.get("/seizures/export?office_code=SEA1&to=2026-01-04")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert '<input type="hidden" name="to" value="2026-01-04">' in page.text
    filters = {"office_code": "SEA1", "to": "2026-01-04", "purpose": PURPOSE}
    await assert_exported(await analyst.post("/seizures/export", data=filters), 1)
    await assert_exported(await analyst.get("/api/v1/seizures/export", params=filters), 2)


@pytest.mark.parametrize("purpose", ["", "  ", "ab", "x" * 201])
async def test_nothing_is_exported_without_a_purpose(
    analyst: httpx.AsyncClient, purpose: str
) -> None:
    count = "SELECT count(*) FROM audit.entry WHERE action = 'EXPORT'"
    before = await db.fetch_value(count)
    form = {"office_code": "SEA1", "purpose": purpose}
    asked = await analyst.post("/seizures/export", data=form)
    assert asked.status_code == 422
    assert '<input type="hidden" name="office_code" value="SEA1">' in asked.text
    refused = await analyst.get("/api/v1/seizures/export", params=form)
    assert refused.status_code == 422
    assert [wrong["field"] for wrong in refused.json()["errors"]] == ["purpose"]
    assert await db.fetch_value(count) == before


async def test_an_export_asks_for_the_password_again(analyst: httpx.AsyncClient) -> None:
    form = {"purpose": PURPOSE}
    await db.execute("UPDATE accounts.session SET confirmed_at = confirmed_at - interval '1 hour'")
    page = await analyst.get("/seizures/export?office_code=SEA1")
    assert page.headers["location"].startswith("/confirm?next=%2Fseizures%2Fexport")
    assert (await analyst.post("/seizures/export", data=form)).status_code == 403
    program = await analyst.get("/api/v1/seizures/export", params=form)
    assert program.json()["code"] == "confirm_first"
