"""The arithmetic of the chain: what changes a digest, and a format that stays readable for decades."""

import hashlib
import struct
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.app.audit import chain
from appliance.app.audit.chain import TEXTS, SealRow, entry_digest, make_seal, seal_digest

ENTRY = {
    "n": 7,
    "xid": 4711,
    "micros": 1_795_417_200_123_456,
    "actor_id": "0190-a",
    "actor_name": "Amélie Nkosi",
    "actor_unit": "SEA1",
    "address": "10.1.2.3",
    "session": "s",
    "request": "r",
    "action": "READ",
    "room": "seizures",
    "record": "c1",
    "label": "2026/SEA1/000012",
    "purpose": "",
    "detail": '{"a": 1}',
}


def test_an_entry_is_encoded_as_the_format_says() -> None:
    expected = struct.pack(">BQq", 1, 4711, 1_795_417_200_123_456)
    for name in TEXTS:
        raw = str(ENTRY[name]).encode()
        expected += struct.pack(">I", len(raw)) + raw
    assert entry_digest(ENTRY) == hashlib.sha256(expected).digest()[:16]


def test_the_format_does_not_change_unseen() -> None:
    assert entry_digest(ENTRY).hex() == "b5fe8c9b910ee7f854f67deeb2666203"


@pytest.mark.parametrize("name", [*TEXTS, "xid", "micros"])
def test_each_column_counts(name: str) -> None:
    value = ENTRY[name]
    changed = ENTRY | {name: value + 1 if isinstance(value, int) else f"{value} "}
    assert entry_digest(changed) != entry_digest(ENTRY)


def test_the_number_does_not_count_so_that_a_moved_entry_is_recognised() -> None:
    assert entry_digest(ENTRY | {"n": 8}) == entry_digest(ENTRY)


def test_text_that_moves_to_the_next_column_is_seen() -> None:
    left = ENTRY | {"actor_name": "ab", "actor_unit": "c"}
    right = ENTRY | {"actor_name": "a", "actor_unit": "bc"}
    assert entry_digest(left) != entry_digest(right)


def test_a_time_that_no_clock_shows_has_a_digest() -> None:
    assert entry_digest(ENTRY | {"micros": None}) != entry_digest(ENTRY)


@given(st.lists(st.tuples(st.integers(-(2**63), 2**63 - 1), st.binary(min_size=16, max_size=16))))
def test_digests_are_unpacked_as_they_were_packed(items: list[tuple[int, bytes]]) -> None:
    assert list(chain.unpack_digests(chain.pack_digests(items))) == items


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9000, 1, 1)))  # noqa: DTZ001 - the zone follows
def test_a_moment_survives_as_microseconds(moment: datetime) -> None:
    aware = moment.replace(tzinfo=UTC)
    assert chain.moment_of(chain.microseconds(aware)) == aware


def sealed() -> SealRow:
    return make_seal(3, b"p" * 32, 1_795_417_201_000_000, [ENTRY, ENTRY | {"n": 9, "xid": 4712}])


def test_a_seal_says_what_it_holds() -> None:
    seal = sealed()
    assert (seal.from_xid, seal.to_xid, seal.first_n, seal.last_n) == (4711, 4712, 7, 9)
    assert seal.entries == 2
    assert [n for n, _ in chain.unpack_digests(seal.row_digests)] == [7, 9]
    assert seal.sha256 == seal_digest(seal)


def test_a_seal_is_encoded_as_the_format_says() -> None:
    seal = sealed()
    head = struct.pack(">hqqQQqqi", 1, 3, 1_795_417_201_000_000, 4711, 4712, 7, 9, 2)
    whole = b"ncen-audit-seal" + head + b"p" * 32 + seal.row_digests
    assert seal.sha256 == hashlib.sha256(whole).digest()


@pytest.mark.parametrize("name", sorted(set(SealRow._fields) - {"sha256"}))
def test_each_part_of_a_seal_counts(name: str) -> None:
    seal = sealed()
    value: Any = getattr(seal, name)
    changed: Any = value + b"x" if isinstance(value, bytes) else value + 1
    assert seal_digest(seal._replace(**{name: changed})) != seal.sha256
