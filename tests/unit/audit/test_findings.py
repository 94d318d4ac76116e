"""What a check concludes from what it saw."""

import pytest

from appliance.app.audit.chain import FIRST_PREVIOUS, SealRow, make_seal, seal_digest
from appliance.app.audit.findings import (
    SENTENCES,
    Finding,
    Kind,
    Suspect,
    Verdict,
    check_seal,
    moment_text,
    name_moves,
    verdict_of,
)

MINUTE = 60_000_000


def entry(n: int) -> dict[str, object]:
    texts = dict.fromkeys(
        [
            "actor_id",
            "actor_name",
            "actor_unit",
            "address",
            "session",
            "request",
            "action",
            "room",
            "record",
            "label",
            "purpose",
        ],
        "",
    )
    return {"n": n, "xid": 100 + n, "micros": n, "detail": "{}", **texts}


def links(length: int) -> list[SealRow]:
    seals: list[SealRow] = []
    for number in range(1, length + 1):
        previous = seals[-1].sha256 if seals else FIRST_PREVIOUS
        seals.append(make_seal(number, previous, number * MINUTE, [entry(number)]))
    return seals


def kinds_of(seals: list[SealRow]) -> list[list[Kind]]:
    before = [None, *seals[:-1]]
    return [
        [finding.kind for finding in check_seal(seal, previous)]
        for seal, previous in zip(seals, before, strict=True)
    ]


def test_a_whole_chain_has_no_findings() -> None:
    assert kinds_of(links(4)) == [[], [], [], []]


def test_an_altered_seal_is_named_once_and_alone() -> None:
    seals = links(3)
    seals[1] = seals[1]._replace(at=0)
    assert kinds_of(seals) == [[], [Kind.SEAL_ALTERED], []]


def test_an_altered_digest_is_the_fault_of_its_own_seal() -> None:
    seals = links(3)
    seals[1] = seals[1]._replace(sha256=b"\0" * 32)
    assert kinds_of(seals) == [[], [Kind.SEAL_ALTERED], []]


def test_a_seal_that_was_made_anew_breaks_the_chain() -> None:
    seals = links(3)
    forged = seals[1]._replace(row_digests=b"\0" * 24)
    seals[1] = forged._replace(sha256=seal_digest(forged))
    assert kinds_of(seals) == [[], [], [Kind.CHAIN_BROKEN]]


def test_a_first_seal_that_was_made_anew_is_found_by_the_second() -> None:
    seals = links(2)
    forged = seals[0]._replace(previous=b"\1" * 32)
    seals[0] = forged._replace(sha256=seal_digest(forged))
    assert kinds_of(seals) == [[Kind.CHAIN_BROKEN], [Kind.CHAIN_BROKEN]]


def test_removed_seals_are_named_by_their_numbers() -> None:
    seals = links(5)
    found = check_seal(seals[4], seals[1])
    assert [(item.kind, item.seal, item.other) for item in found] == [(Kind.SEAL_REMOVED, 3, 4)]


def test_a_removed_beginning_is_found() -> None:
    found = check_seal(links(2)[1], None)
    assert [(item.kind, item.seal, item.other) for item in found] == [(Kind.SEAL_REMOVED, 1, 1)]


def suspect(kind: Kind, n: int, expected: bytes = b"", found: bytes = b"") -> Suspect:
    return Suspect(Finding(kind, n=n), expected, found)


def summary(suspects: list[Suspect]) -> list[tuple[Kind, int, int]]:
    return [(item.kind, item.n, item.other) for item in name_moves(suspects)]


def test_two_entries_that_changed_places_are_two_moves() -> None:
    suspects = [
        suspect(Kind.ALTERED, 5, b"five", b"six"),
        suspect(Kind.ALTERED, 6, b"six", b"five"),
    ]
    assert summary(suspects) == [(Kind.MOVED, 5, 6), (Kind.MOVED, 6, 5)]


def test_an_entry_with_a_new_number_is_one_move() -> None:
    suspects = [suspect(Kind.REMOVED, 5, b"five"), suspect(Kind.INSERTED, 99, b"", b"five")]
    assert summary(suspects) == [(Kind.MOVED, 99, 5)]


def test_removed_altered_and_inserted_stay_what_they_are() -> None:
    suspects = [
        suspect(Kind.REMOVED, 5, b"five"),
        suspect(Kind.ALTERED, 6, b"six", b"other"),
        suspect(Kind.INSERTED, 7, b"", b"seven"),
    ]
    assert summary(suspects) == [(Kind.REMOVED, 5, 0), (Kind.ALTERED, 6, 0), (Kind.INSERTED, 7, 0)]


def test_an_altered_entry_that_also_stands_in_another_place_is_named_once() -> None:
    suspects = [suspect(Kind.INSERTED, 6, b"", b"x"), suspect(Kind.ALTERED, 6, b"six", b"x")]
    assert summary(suspects) == [(Kind.ALTERED, 6, 0)]


@pytest.mark.parametrize(
    ("findings", "oldest", "expected"),
    [
        (0, None, Verdict.OK),
        (0, 10 * MINUTE, Verdict.OK),
        (0, 10 * MINUTE - 1, Verdict.WARN),
        (1, None, Verdict.CRITICAL),
        (1, 0, Verdict.CRITICAL),
    ],
)
def test_the_verdict(findings: int, oldest: int | None, expected: Verdict) -> None:
    assert verdict_of(findings, oldest, 11 * MINUTE) is expected


@pytest.mark.parametrize("kind", Kind)
def test_every_finding_has_a_sentence_that_can_be_filled(kind: Kind) -> None:
    text = Finding(kind, seal=3, n=5, other=6, at="2026-11-23", actor="Amélie").message().text("en")
    assert text.endswith(".")
    assert "%(" not in text
    assert set(SENTENCES) == set(Kind)


@pytest.mark.parametrize("micros", [None, 2**62, -(2**62)])
def test_a_time_beyond_all_calendars_has_a_text(micros: int | None) -> None:
    assert moment_text(micros) == "?"
