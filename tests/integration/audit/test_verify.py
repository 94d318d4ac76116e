"""Changes made by a hand with all rights: each is found, and named with number, time and person."""

import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import asyncpg
import pytest

from appliance.app.audit import limits, trail
from appliance.app.audit.findings import Kind, Report, Verdict
from appliance.app.audit.noted import FILE, HeadNote, NotedHead, read_head
from appliance.app.audit.sealing import seal_once
from appliance.app.audit.verify import verify
from appliance.core import audit, db
from appliance.core.audit import Action, Actor, current_actor
from appliance.core.settings import get_settings
from tests.conftest import as_owner

pytestmark = pytest.mark.usefixtures("database")

# Who has all rights may also lift the rule that the database alone numbers the entries.
NUMBERING = "ALTER TABLE audit.entry ALTER COLUMN n SET GENERATED"
Found = list[tuple[Kind, int, int]]


async def discard(_: Mapping[str, Any]) -> None:
    pass


async def trail_of(entries: int, per_seal: int = 4) -> None:
    """Entries of two people, each in a transaction of its own, under seals of a few each."""
    for number in range(entries):
        actor = Actor(id=f"id-{number % 2}", name=f"Person {number % 2}", unit="SEA1")
        token = current_actor.set(actor)
        await audit.record(
            Action.READ, "seizures", f"case-{number}", label="L", detail={"number": number}
        )
        current_actor.reset(token)
    while await seal_once(per_seal):
        pass


async def by_hand(*statements: str) -> None:
    async def act(connection: asyncpg.Connection) -> None:
        await connection.execute(f"{NUMBERING} BY DEFAULT")
        for statement in statements:
            await connection.execute(statement)
        await connection.execute(f"{NUMBERING} ALWAYS")

    await as_owner(act)


def named(report: Report) -> Found:
    return [(item.kind, item.n, item.other) for item in report.findings]


async def check(noted: NotedHead | None = None) -> Report:
    return await verify(discard, noted)


async def test_a_whole_trail_is_whole() -> None:
    await trail_of(10)
    report = await check()
    assert report.verdict is Verdict.OK
    assert (report.seals, report.entries, report.unsealed) == (3, 10, 0)
    assert report.findings == []


async def test_an_empty_trail_is_whole() -> None:
    report = await check()
    assert (report.verdict, report.seals, report.entries) == (Verdict.OK, 0, 0)


CHANGES = {
    "xid": "'1'",
    "at": "at + interval '1 microsecond'",
    "actor_id": "'id-9'",
    "actor_name": "'Somebody Else'",
    "actor_unit": "''",
    "address": "'10.9.9.9'",
    "session": "'x'",
    "request": "'x'",
    "action": "'SEARCH'",
    "room": "'suspects'",
    "record": "'case-99'",
    "label": "'L '",
    "purpose": "'made up'",
    "detail": """'{"number": 1.0}'""",
}


async def test_one_altered_column_is_found_whichever_it_is() -> None:
    await trail_of(20)
    columns = await db.fetch(
        "SELECT column_name AS name FROM information_schema.columns"
        " WHERE table_schema = 'audit' AND table_name = 'entry'"
    )
    assert {row["name"] for row in columns} == {"n", *CHANGES}
    for number, (column, value) in enumerate(CHANGES.items(), start=2):
        await by_hand(f"UPDATE audit.entry SET {column} = {value} WHERE n = {number}")
    report = await check()
    assert report.verdict is Verdict.CRITICAL
    assert sorted(named(report)) == [
        (Kind.ALTERED, number, 0) for number in range(2, 2 + len(CHANGES))
    ]
    assert report.entries == 20 - len(CHANGES)


async def test_a_finding_names_number_time_and_person() -> None:
    await trail_of(6)
    at = await db.fetch_value("SELECT at::text FROM audit.entry WHERE n = 4")
    await by_hand("UPDATE audit.entry SET label = 'other' WHERE n = 4")
    [finding] = (await check()).findings
    assert finding.message().text("en") == (
        f"Entry 4 ({at}, Person 1) was altered after seal 1 held it."
    )


async def test_a_removed_entry_is_found() -> None:
    await trail_of(10)
    await by_hand("DELETE FROM audit.entry WHERE n = 6")
    report = await check()
    assert named(report) == [(Kind.REMOVED, 6, 0)]
    assert report.findings[0].seal == 2


async def test_two_entries_that_changed_places_are_found() -> None:
    await trail_of(12)
    await by_hand(
        "UPDATE audit.entry SET n = -1 WHERE n = 3",
        "UPDATE audit.entry SET n = 3 WHERE n = 10",
        "UPDATE audit.entry SET n = 10 WHERE n = -1",
    )
    assert named(await check()) == [(Kind.MOVED, 3, 10), (Kind.MOVED, 10, 3)]


async def test_an_entry_with_another_number_is_found() -> None:
    await trail_of(12)
    await by_hand("UPDATE audit.entry SET n = 777 WHERE n = 3")
    assert named(await check()) == [(Kind.MOVED, 777, 3)]


@pytest.mark.parametrize("neighbour", [1, 4, 5, 12])
async def test_an_entry_inserted_between_others_is_found(neighbour: int) -> None:
    await trail_of(12)
    await by_hand(
        "INSERT INTO audit.entry (n, xid, at, actor_name, action, room) OVERRIDING SYSTEM VALUE"
        f" SELECT -5, xid, at, 'Forged', 'READ', 'x' FROM audit.entry WHERE n = {neighbour}"
    )
    report = await check()
    assert named(report) == [(Kind.INSERTED, -5, 0)]
    assert report.findings[0].actor == "Forged"


async def test_an_entry_of_a_transaction_to_come_is_found() -> None:
    await trail_of(3)
    await by_hand(
        "INSERT INTO audit.entry (xid, at, action, room) VALUES ('99999999999', now(), 'READ', 'x')"
    )
    assert named(await check()) == [(Kind.INSERTED, 4, 0)]


@pytest.mark.parametrize(
    "change",
    [
        "at = at - interval '1 hour'",
        "entries = 3, row_digests = substr(row_digests, 1, 72)",
        "row_digests = set_byte(row_digests, 30, 255 - get_byte(row_digests, 30))",
        "sha256 = set_byte(sha256, 0, 255 - get_byte(sha256, 0))",
        "previous = set_byte(previous, 0, 255 - get_byte(previous, 0))",
        "last_n = 6",
        "version = 2",
    ],
)
async def test_an_altered_seal_is_found_and_its_neighbours_are_not_blamed(change: str) -> None:
    await trail_of(12)
    await by_hand(f"UPDATE audit.seal SET {change} WHERE number = 2")
    report = await check()
    assert [(item.kind, item.seal) for item in report.findings] == [(Kind.SEAL_ALTERED, 2)]
    assert report.entries == 8


async def test_a_removed_seal_is_found() -> None:
    await trail_of(16)
    await by_hand("DELETE FROM audit.seal WHERE number IN (2, 3)")
    report = await check()
    assert [(item.kind, item.seal, item.other) for item in report.findings] == [
        (Kind.SEAL_REMOVED, 2, 3)
    ]
    assert report.entries == 8


async def test_a_seal_made_anew_over_altered_entries_breaks_the_chain() -> None:
    await trail_of(8)
    await by_hand(
        "UPDATE audit.entry SET label = 'forged' WHERE n = 2",
        "CREATE TABLE public.kept_seal AS SELECT * FROM audit.seal WHERE number = 2",
        "DELETE FROM audit.seal",
    )
    await seal_once(4)
    await by_hand(
        "DELETE FROM audit.seal WHERE number > 1",
        "INSERT INTO audit.seal SELECT * FROM public.kept_seal",
        "DROP TABLE public.kept_seal",
    )
    assert [(item.kind, item.seal) for item in (await check()).findings] == [(Kind.CHAIN_BROKEN, 2)]


async def test_an_end_that_was_cut_off_is_found_by_a_head_noted_elsewhere() -> None:
    await trail_of(12)
    head = await check()
    noted = NotedHead(head.head, head.head_sha256.upper())
    assert (await check(noted)).verdict is Verdict.OK
    await by_hand("DELETE FROM audit.entry WHERE n > 4", "DELETE FROM audit.seal WHERE number > 1")
    assert (await check()).verdict is Verdict.OK
    assert [item.kind for item in (await check(noted)).findings] == [Kind.HEAD_DIFFERS]


async def test_an_end_that_was_cut_off_is_found_by_the_note_of_this_installation() -> None:
    state = get_settings().state
    await trail_of(12)
    assert HeadNote().note(state, await trail.last_seal())
    head = await check()
    assert read_head(state) == NotedHead(head.head, head.head_sha256)
    assert head.verdict is Verdict.OK
    await by_hand("DELETE FROM audit.entry WHERE n > 4", "DELETE FROM audit.seal WHERE number > 1")
    found = await check()
    assert (found.verdict, named(found)) == (Verdict.CRITICAL, [(Kind.HEAD_DIFFERS, 0, 0)])
    # What is left is no head to note: the old note stays until somebody has looked.
    assert not HeadNote().note(state, await trail.last_seal())
    assert read_head(state) == NotedHead(head.head, head.head_sha256)


async def test_the_head_is_noted_once_a_minute() -> None:
    note = HeadNote()
    assert note.is_due()
    await trail_of(4)
    assert note.note(get_settings().state, await trail.last_seal())
    assert not note.is_due()


@pytest.mark.parametrize("damage", [b"", b"x", b"0:" + b"a" * 64, b"\xff\xfe", b"7:" + b"g" * 64])
async def test_a_damaged_note_counts_as_none(damage: bytes) -> None:
    (get_settings().state / FILE).write_bytes(damage)
    await trail_of(4)
    assert (await check()).verdict is Verdict.OK


async def test_entries_that_wait_for_a_seal_are_a_warning_after_a_minute() -> None:
    await trail_of(4)
    await audit.record(Action.READ, "seizures")
    report = await check()
    assert (report.verdict, report.unsealed) == (Verdict.OK, 1)
    await by_hand(
        f"UPDATE audit.entry SET at = now() - interval '{limits.UNSEALED_SECONDS + 5} s' WHERE n = 5"
    )
    report = await check()
    assert (report.verdict, report.unsealed) == (Verdict.WARN, 1)


async def test_more_changes_than_are_named_are_counted() -> None:
    await by_hand(
        "INSERT INTO audit.entry (at, action, room) SELECT now(), 'READ', 'x'"
        " FROM generate_series(1, 500)"
    )
    while await seal_once():
        pass
    await by_hand("UPDATE audit.entry SET label = 'other'")
    report = await check()
    assert report.findings_total == 500
    assert len(report.findings) == limits.FINDINGS


async def test_groups_and_chunks_fit_together(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("VERIFY_ROWS", 3), ("VERIFY_SEALS", 2)):
        monkeypatch.setattr(limits, name, value)
    await trail_of(40, per_seal=7)
    await by_hand(
        "DELETE FROM audit.entry WHERE n = 14", "UPDATE audit.entry SET label = '' WHERE n = 15"
    )
    report = await check()
    assert report.entries == 38
    assert sorted(named(report)) == [(Kind.ALTERED, 15, 0), (Kind.REMOVED, 14, 0)]


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "appliance.cli", "audit", "verify", *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


Prepare = Callable[[], Awaitable[None]]


async def well() -> None:
    await trail_of(5)


async def waiting() -> None:
    await by_hand("INSERT INTO audit.entry (at, action, room) VALUES ('2026-01-01', 'READ', 'x')")


async def changed() -> None:
    await trail_of(5)
    await by_hand("UPDATE audit.entry SET purpose = 'x' WHERE n = 2")


@pytest.mark.parametrize(
    ("prepare", "code", "words"),
    [
        (well, 0, "5 entries under 2 seals"),
        (waiting, 1, "wait for a seal"),
        (changed, 2, "Entry 2 ("),
    ],
)
async def test_the_command_says_it_in_words_and_by_its_exit_code(
    prepare: Prepare, code: int, words: str
) -> None:
    await prepare()
    done = command()
    assert done.returncode == code, done.stderr
    assert words in done.stdout
    report = json.loads(command("--json").stdout)
    assert report["verdict"] == ["OK", "WARN", "CRITICAL"][code]


async def test_the_command_says_when_it_cannot_tell() -> None:
    lost = command(NCEN_CONFIG="/nowhere/settings.toml")
    assert lost.returncode == 3
    assert "could not be checked" in lost.stderr
    assert json.loads(command("--json", NCEN_CONFIG="/nowhere").stdout)["verdict"] == "UNKNOWN"


async def test_the_command_refuses_a_head_that_is_none() -> None:
    assert command("--head", "3").returncode == 64
