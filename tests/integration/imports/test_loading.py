"""Imports with a real database: every row accounted for, all of it visible or nothing."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.core import db
from tests.data.unodc_like import COLUMNS, as_csv, as_zip, rows
from tests.integration.imports.conftest import ImportFile, run_jobs, start

GOOD = rows(3, 1, bad=False)[0]


def changed(**cells: str) -> list[str]:
    return [cells.get(name, value) for name, value in zip(COLUMNS, GOOD, strict=True)]


def counts(batch: Any) -> tuple[int, ...]:
    return (batch.rows, batch.loaded, batch.held, batch.duplicates, batch.rejected)


async def stored(table: str) -> int:
    found: int = await db.fetch_value(f"SELECT count(*) FROM {table}")
    return found


async def staged() -> int:
    tables = ("case_file", "commodity", "route_leg", "concealment")
    return sum([await stored(f"seizures.staged_{name}") for name in tables])


async def test_a_dirty_file_is_loaded_and_every_row_is_accounted_for(
    import_rows: ImportFile,
) -> None:
    table = rows(1, 5_000)
    batch = await import_rows(as_zip(as_csv(table)))
    assert batch.state == "DONE"
    assert batch.rows == 5_000
    assert batch.adds_up
    assert batch.rejected > 10
    repeats = Counter(map(tuple, table))
    bad = await db.fetch("SELECT DISTINCT row_no FROM imports.row_problem WHERE kind = 'REJECTED'")
    refused = {row["row_no"] for row in bad}
    assert len(refused) == batch.rejected
    good = {tuple(values) for row, values in enumerate(table, 2) if row not in refused}
    assert batch.loaded == len(good)
    assert batch.held == sum(repeats[values] - 1 for values in good)
    assert await stored("seizures.case_file") == batch.loaded
    assert await stored("seizures.commodity") == batch.loaded
    assert await staged() == 0


async def test_cases_enter_validated_by_whoever_asked(import_rows: ImportFile) -> None:
    from appliance.core.audit import Actor, current_actor

    token = current_actor.set(Actor(id="01890a5d-ac96-774b-bcce-b302099a8057", name="Ada"))
    batch = await import_rows([GOOD])
    current_actor.reset(token)
    case = await db.fetch_row("SELECT * FROM seizures.case_file")
    assert case is not None
    assert (case["status"], case["origin"], case["batch_id"]) == ("VALIDATED", "IMPORT", batch.id)
    assert (case["validated_by_name"], str(case["validated_by"])) == (
        "Ada",
        "01890a5d-ac96-774b-bcce-b302099a8057",
    )
    assert case["source_row"] == 2


async def test_the_same_file_again_is_nothing_but_duplicates(import_rows: ImportFile) -> None:
    table = rows(2, 1_000, bad=False)
    first = await import_rows(table)
    assert first.held > 0
    second = await import_rows(table)
    assert counts(second) == (1_000, 0, 0, 1_000, 0)
    assert await stored("seizures.case_file") == first.loaded


async def test_repeats_that_were_loaded_are_found_again(import_rows: ImportFile) -> None:
    from appliance.app.imports.schemas import Repeats

    table = [GOOD, GOOD, GOOD]
    first = await import_rows(table, repeats=Repeats.LOAD)
    assert counts(first) == (3, 3, 0, 0, 0)
    again = await import_rows(table, repeats=Repeats.LOAD)
    assert counts(again) == (3, 0, 0, 3, 0)
    held = await import_rows([*table, GOOD])
    assert counts(held) == (4, 0, 1, 3, 0)


async def test_a_dry_run_tells_the_same_and_stores_nothing(import_rows: ImportFile) -> None:
    table = rows(4, 2_000)
    checked = await import_rows(table, dry_run=True)
    assert checked.state == "CHECKED"
    assert checked.adds_up
    assert (
        await stored("seizures.case_file") == await stored("imports.block") == await staged() == 0
    )
    loaded = await import_rows(table)
    assert counts(loaded) == counts(checked)
    assert loaded.notes == checked.notes


async def test_long_rows_are_taken_fewer_at_a_time(
    import_rows: ImportFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    from appliance.app.imports import limits, service

    table = rows(6, 300)
    checked = await import_rows(table, dry_run=True)
    monkeypatch.setattr(limits, "CHUNK_CHARS", 2_000)
    loaded = await import_rows(table)
    assert counts(loaded) == counts(checked)
    assert loaded.notes == checked.notes
    assert await stored("imports.block") > 10
    await service.decide(loaded.id, load=True)
    assert await run_jobs() == []
    assert await stored("seizures.case_file") == loaded.loaded + loaded.held


async def test_held_rows_of_a_dry_run_count_for_nobody_else(import_rows: ImportFile) -> None:
    await import_rows([GOOD, GOOD], dry_run=True)
    assert counts(await import_rows([GOOD, GOOD])) == (2, 1, 1, 0, 0)


async def test_held_rows_are_loaded_by_one_decision(import_rows: ImportFile) -> None:
    from appliance.app.imports import service

    table = rows(5, 3_000)
    before = await import_rows(table)
    assert before.held_state == "WAITING"
    await service.decide(before.id, load=True)
    assert await run_jobs() == []
    after = await service.get(before.id)
    assert counts(after) == (3_000, before.loaded + before.held, 0, 0, before.rejected)
    assert after.held_state == "LOADED"
    assert await stored("seizures.case_file") == after.loaded
    again = await import_rows(table)
    assert again.loaded == again.held == 0


async def test_held_rows_that_are_kept_out_stay_held_and_listed(import_rows: ImportFile) -> None:
    from appliance.app.imports import service
    from appliance.core.errors import Conflict

    before = await import_rows([GOOD, GOOD])
    after = await service.decide(before.id, load=False)
    assert (counts(after), after.held_state) == (counts(before), "KEPT_OUT")
    page = await service.problems(after.id, 0, 10)
    assert [(item.row, item.reason) for item in page.problems] == [
        (3, "This row repeats row 2 of the file exactly.")
    ]
    with pytest.raises(Conflict):
        await service.decide(before.id, load=True)


async def test_held_rows_that_came_in_otherwise_are_duplicates(import_rows: ImportFile) -> None:
    from appliance.app.imports import service
    from appliance.app.imports.schemas import Repeats

    before = await import_rows([GOOD, GOOD])
    await import_rows([GOOD, GOOD], repeats=Repeats.LOAD)
    await service.decide(before.id, load=True)
    assert await run_jobs() == []
    assert counts(await service.get(before.id)) == (2, 1, 0, 1, 0)


async def test_rejected_rows_leave_nothing_but_their_reasons(import_rows: ImportFile) -> None:
    from appliance.app.imports import service

    bad = changed(SEIZURE_DATE="2999-01-01", PLACE="abc\u202ecba", AMOUNT="much")
    batch = await import_rows([bad, ["too", "short"], GOOD])
    assert counts(batch) == (3, 1, 0, 0, 2)
    page = await service.problems(batch.id, 0, 10)
    assert [(item.row, item.column) for item in page.problems] == [
        (2, "SEIZURE_DATE"),
        (2, "PLACE"),
        (2, "AMOUNT"),
        (3, ""),
    ]
    assert page.problems[3].reason == "The row has 2 values; the header has 16."
    assert "\u202e" not in page.problems[1].value
    reasons = {(item.column, item.count) for item in service.reasons(batch)}
    assert reasons == {("SEIZURE_DATE", 1), ("", 1)}


async def test_a_problem_is_told_in_the_readers_language_and_page_by_page(
    import_rows: ImportFile,
) -> None:
    from appliance.app.imports import service

    batch = await import_rows([changed(PLACE=str(number), AMOUNT="much") for number in range(7)])
    seen, after = [], 0
    while True:
        page = await service.problems(batch.id, after, 3)
        seen += [item.row for item in page.problems]
        if page.next is None:
            break
        after = page.next
    assert seen == list(range(2, 9))


async def test_what_was_typed_stands_beside_what_it_means(import_rows: ImportFile) -> None:
    await import_rows(
        [
            changed(
                COUNTRY="Bolivia, Plurinational State of",
                AMOUNT="0.006999999999999999",
                DRUG_UNIT="Cc",
                PLACE="Cali ",
            )
        ]
    )
    case = await db.fetch_row("SELECT country, place_text, typed FROM seizures.case_file")
    goods = await db.fetch_row(
        "SELECT quantity, quantity_typed, unit, unit_typed FROM seizures.commodity"
    )
    assert case is not None
    assert goods is not None
    assert (case["country"], case["place_text"]) == ("BO", "Cali")
    assert '"Bolivia, Plurinational State of"' in case["typed"]
    assert (str(goods["quantity"]), goods["quantity_typed"]) == ("0.007", "0.006999999999999999")
    assert (goods["unit"], goods["unit_typed"]) == ("CMQ", "Cc")


async def test_the_audit_trail_has_a_digest_for_every_thousand_rows(
    import_rows: ImportFile,
) -> None:
    import hashlib

    import msgspec

    batch = await import_rows(rows(6, 2_500, bad=False))
    entries = await db.fetch(
        "SELECT detail FROM audit.entry WHERE room = 'imports' AND record = $1 ORDER BY n",
        str(batch.id),
    )
    details = [msgspec.json.decode(entry["detail"]) for entry in entries]
    assert [item["what"] for item in details] == ["start", "rows", "rows", "rows", "end"]
    assert sum(item["cases"] for item in details[1:4]) == batch.loaded
    first, last = details[1]["rows"]
    keys = await db.fetch(
        "SELECT source_key FROM seizures.case_file WHERE source_row BETWEEN $1 AND $2 ORDER BY source_row",
        first,
        last,
    )
    digest = hashlib.sha256(b"".join(row["source_key"].bytes for row in keys)).hexdigest()
    assert details[1]["sha256"] == digest


async def test_a_file_that_cannot_be_read_ends_as_failed_with_its_sentence(
    import_rows: ImportFile,
) -> None:
    from appliance.app.imports import service

    content = as_csv(rows(8, 4_000, bad=False)) + b'"never closed;'
    batch = await import_rows(content)
    assert batch.state == "FAILED"
    assert "In row 4002 a quotation mark is opened" in service.error_text(batch)
    assert await stored("seizures.case_file") == await staged() == 0


async def test_a_file_that_cannot_fit_is_refused_at_once(import_rows: ImportFile) -> None:
    from appliance.core.errors import Invalid

    for content in (b"", b"a,b\n1,2\n", ",".join(COLUMNS).encode(), b"PK\x03\x04nonsense"):
        with pytest.raises(Invalid):
            await import_rows(content)
    assert await stored("imports.batch") == 0


async def test_a_header_alone_is_an_import_of_nothing(import_rows: ImportFile) -> None:
    batch = await import_rows([])
    assert (batch.state, counts(batch)) == ("DONE", (0, 0, 0, 0, 0))


async def test_further_columns_are_left_aside_and_named(import_rows: ImportFile) -> None:
    content = as_csv([[*GOOD, "x"]], [*COLUMNS, "REMARKS"])
    batch = await import_rows(content)
    assert counts(batch) == (1, 1, 0, 0, 0)
    assert batch.notes.left_aside == ["REMARKS"]


async def test_an_import_that_was_stopped_shows_nothing(import_rows: ImportFile) -> None:  # noqa: ARG001 - a clean database
    from appliance.app.imports import service
    from appliance.core.errors import Conflict

    batch = await start(as_csv(rows(9, 50)))
    await service.cancel(batch.id)
    assert await run_jobs() == []
    assert (await service.get(batch.id)).state == "CANCELLED"
    assert await stored("seizures.case_file") == await staged() == 0
    with pytest.raises(Conflict):
        await service.cancel(batch.id)


async def test_two_imports_of_one_file_at_once_load_it_once(import_rows: ImportFile) -> None:  # noqa: ARG001 - a clean database
    from appliance.app.imports import loading, service
    from appliance.core.audit import SYSTEM

    content = as_csv(rows(10, 300, bad=False))
    first, second = await start(content), await start(content)
    # The second one has staged everything before the first one publishes.
    await loading.read_file(await loading.begin(second.id), SYSTEM)
    await loading.load(first.id, SYSTEM)
    await loading.load(second.id, SYSTEM)
    one, two = await service.get(first.id), await service.get(second.id)
    assert one.loaded == await stored("seizures.case_file")
    assert (two.state, two.loaded, two.duplicates) == ("DONE", 0, 300)


async def test_staging_that_was_lost_starts_again(import_rows: ImportFile) -> None:  # noqa: ARG001 - a clean database
    from appliance.app.imports import loading, service
    from appliance.core.audit import SYSTEM

    batch = await start(as_csv(rows(11, 5_000)))
    await loading.read_file(await loading.begin(batch.id), SYSTEM)
    await db.execute("DELETE FROM seizures.staged_case_file")
    await loading.load(batch.id, SYSTEM)
    after = await service.get(batch.id)
    assert (after.state, after.rows, after.adds_up) == ("DONE", 5_000, True)
    assert await stored("seizures.case_file") == after.loaded


async def test_rows_beyond_what_memory_holds_are_told_apart_in_the_database(
    import_rows: ImportFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    from appliance.app.imports import loading
    from appliance.app.imports.counting import RowMemory

    table = rows(12, 4_500)
    plain = await import_rows(table, dry_run=True)
    monkeypatch.setattr(loading, "RowMemory", lambda: RowMemory(limit=100))
    spilled = await import_rows(table, dry_run=True)
    assert counts(spilled) == counts(plain)
    assert await stored("imports.seen_row") == 0


async def test_the_database_refuses_an_end_that_does_not_add_up(import_rows: ImportFile) -> None:
    import asyncpg

    await import_rows([GOOD])
    with pytest.raises(asyncpg.CheckViolationError):
        await db.execute("UPDATE imports.batch SET loaded = loaded + 1")


async def test_an_import_whose_job_gave_up_is_ended(import_rows: ImportFile) -> None:  # noqa: ARG001 - a clean database
    from appliance.app.imports import jobs, service
    from appliance.core.room import JobContext
    from tests.integration.imports.conftest import discard

    batch = await start(as_csv(rows(13, 50)))
    await db.execute("UPDATE core.job SET state = 'FAILED'")
    await jobs.end_orphans(JobContext(job_id="", payload={}, report=discard))
    after = await service.get(batch.id)
    assert after.state == "FAILED"
    assert "stopped too often" in service.error_text(after)


async def test_a_disk_that_is_nearly_full_stops_an_import_before_it_is_full(
    import_rows: ImportFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    from appliance.app.imports import loading, service

    monkeypatch.setattr(loading, "FREE_DISK_BYTES", 1 << 60)
    batch = await import_rows(rows(14, 50))
    assert batch.state == "FAILED"
    assert "The disk of this server is nearly full" in service.error_text(batch)
    assert await stored("seizures.case_file") == await staged() == 0


async def test_a_disk_without_room_takes_no_file(
    import_rows: ImportFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    from appliance.app.imports import source
    from appliance.core.errors import Refused

    monkeypatch.setattr(source, "FREE_DISK_BYTES", 1 << 60)
    with pytest.raises(Refused):
        await import_rows(rows(14, 50))


cell = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", "Kilogram", "Spain", "2014-02-14", "0.5", "Heroin", "1e-05", '"', ";", "\n"]
    ),
)


@pytest.mark.timeout(60)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(cell, min_size=1, max_size=17), max_size=30))
async def test_whatever_a_file_holds_the_counts_add_up(
    import_rows: ImportFile, table: list[list[str]]
) -> None:
    before = await stored("seizures.case_file")
    batch = await import_rows([*table, GOOD])
    assert batch.state in {"DONE", "FAILED"}
    if batch.state == "DONE":
        assert batch.adds_up
    assert await stored("seizures.case_file") == before + (
        batch.loaded if batch.state == "DONE" else 0
    )


async def test_a_job_that_another_process_overtook_is_not_done(
    import_rows: ImportFile,  # noqa: ARG001 - a clean database
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from appliance.app.imports import limits, service

    monkeypatch.setattr(limits, "CHUNK_ROWS", 100)
    batch = await start(as_csv(rows(8, 3_000)))

    async def rival() -> None:
        """As another process does that reads the same import: it stands further on by now."""
        further = "UPDATE imports.batch SET last_row = last_row + 1 WHERE last_row > 0 AND state = 'READING'"
        for _ in range(1_000):
            if await db.execute(further):
                return
            await asyncio.sleep(0.005)

    failures, _ = await asyncio.gather(run_jobs(), rival())
    assert len(failures) == 1
    assert "Another process goes on with this import" in failures[0]
    assert (await service.get(batch.id)).state == "READING"
    assert await db.fetch_value("SELECT state FROM core.job WHERE kind = 'load'") == "DUE"


async def test_an_import_that_is_being_published_cannot_be_failed(
    import_rows: ImportFile,  # noqa: ARG001 - a clean database
) -> None:
    from appliance.app.imports import queries, service
    from appliance.core.i18n import Message

    batch = await start(as_csv(rows(9, 6_000)))

    async def rival() -> bool:
        """As a round that takes the import for one whose job has ended."""
        for _ in range(2_000):
            if (await service.get(batch.id)).state == "PUBLISHING":
                await asyncio.sleep(0.05)  # the publishing transaction has begun
                return await queries.fail(batch.id, Message("too late"))
            await asyncio.sleep(0.005)
        raise AssertionError

    failures, failed = await asyncio.gather(run_jobs(), rival())
    assert (failures, failed) == ([], False)
    assert (await service.get(batch.id)).state == "DONE"
