"""Every row goes to exactly one place, whatever comes."""

from __future__ import annotations

import hashlib
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from appliance.app.imports import limits
from appliance.app.imports.counting import (
    ReadRow,
    RowMemory,
    Seen,
    Sorted,
    add_notes,
    blocks,
    number_within,
    place,
)
from appliance.app.imports.rows import Outcome, Problem
from appliance.app.imports.schemas import Notes
from appliance.app.seizures.schemas import NewCase, StagedRow
from appliance.core.i18n import Message

CASE = NewCase(case_kind="SEIZURE", event_date=date(2014, 1, 1), country="XX")
GOOD = Outcome(CASE, [("other", "UNIT", "commodity.unit", "Barette")], [])
BAD = Outcome(
    None,
    [],
    [Problem("AMOUNT", "much", Message("“%(value)s” is not a number.", {"value": "much"}))],
)
UNREADABLE = Outcome(None, [], [Problem("", "", Message("The row has 3 values."))])


def key(number: int) -> bytes:
    return hashlib.sha256(str(number).encode()).digest()[:16]


def test_repeats_are_numbered_and_know_the_first_one() -> None:
    memory = RowMemory()
    seen = [memory.see(key(number), row) for row, number in enumerate([1, 2, 1, 1], 2)]
    assert seen == [Seen(0, 2), Seen(0, 3), Seen(1, 2), Seen(2, 2)]


def test_full_memory_still_knows_what_it_has_seen() -> None:
    memory = RowMemory(limit=1)
    assert memory.see(key(1), 2) == Seen(0, 2)
    assert memory.see(key(2), 3) is None
    assert memory.see(key(1), 4) == Seen(1, 2)
    assert len(memory.first_row) == 1


def test_numbers_within_a_sequence() -> None:
    assert list(number_within([b"a", b"b", b"a", b"a"])) == [0, 0, 1, 2]


drawn_rows = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from([GOOD, BAD, UNREADABLE])), max_size=60
)


@given(drawn_rows, st.booleans(), st.sets(st.integers(0, 6)))
def test_the_counts_add_up(
    drawn: list[tuple[int, Outcome]],
    hold: bool,  # noqa: FBT001 - drawn
    there: set[int],
) -> None:
    memory, found = RowMemory(), Sorted()
    known = {UUID(bytes=key(number)) for number in there}
    for row, (number, outcome) in enumerate(drawn, 2):
        if outcome is UNREADABLE:
            found.refuse(ReadRow(row, b"", outcome))
            continue
        read = ReadRow(row, key(number), outcome)
        seen = memory.see(read.key, row)
        assert seen is not None
        found.take(place(read, seen), known, hold=hold)
    found.count_notes()
    tally = found.tally
    assert tally.rows == len(drawn)
    assert tally.rows == tally.loaded + tally.held + tally.duplicates + tally.rejected
    assert tally.loaded == len(found.staged) == tally.other_values
    assert tally.rejected == sum(found.reasons.values())
    assert hold or tally.held == 0
    keys = [item.source_key for item in found.staged]
    assert len(set(keys)) == len(keys)
    assert not known & set(keys)


def test_digests_answer_for_a_thousand_rows_each() -> None:
    staged = [StagedRow(row_no=row, source_key=UUID(int=row), case=CASE) for row in (2, 1001, 1002)]
    numbers = list(range(2, 2 + 1500))
    first, second = blocks(numbers, staged)
    assert (first.first_row, first.last_row, first.loaded) == (2, 1001, 2)
    assert (second.first_row, second.last_row, second.loaded) == (1002, 1501, 1)
    assert second.sha256 == hashlib.sha256(UUID(int=1002).bytes).digest()


def test_very_many_unknown_spellings_are_counted_and_not_all_listed() -> None:
    notes = Notes()
    for number in range(limits.EXAMPLES + 5):
        found = Sorted()
        found.noticed.append([("other", "UNIT", "commodity.unit", f"spelling {number}")] * 2)
        found.count_notes()
        add_notes(notes, found)
    column = notes.columns["UNIT\tcommodity.unit"]
    assert column.other == 2 * (limits.EXAMPLES + 5)
    assert len(column.spellings) == limits.EXAMPLES
    assert column.more_spellings
