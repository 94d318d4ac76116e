"""What a check of the trail can find: values with a sentence each, and the judgements themselves.

Pure, for page, command and job alike; verify.py reads the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from appliance.app.audit import limits
from appliance.app.audit.chain import FIRST_PREVIOUS, SealRow, moment_of, seal_digest
from appliance.core.i18n import N_, Message


class Kind(StrEnum):
    """What is wrong."""

    ALTERED = "ALTERED"
    REMOVED = "REMOVED"
    INSERTED = "INSERTED"
    MOVED = "MOVED"
    SEAL_ALTERED = "SEAL_ALTERED"
    SEAL_REMOVED = "SEAL_REMOVED"
    CHAIN_BROKEN = "CHAIN_BROKEN"
    CHAIN_AHEAD = "CHAIN_AHEAD"
    HEAD_DIFFERS = "HEAD_DIFFERS"


class Verdict(StrEnum):
    """The whole of a check in one word."""

    OK = "OK"
    WARN = "WARN"
    CRITICAL = "CRITICAL"


SENTENCES: dict[Kind, str] = {
    Kind.ALTERED: N_("Entry %(n)s (%(at)s, %(actor)s) was altered after seal %(seal)s held it."),
    Kind.REMOVED: N_("Entry %(n)s was removed; seal %(seal)s of %(at)s held it."),
    Kind.INSERTED: N_("Entry %(n)s (%(at)s, %(actor)s) was inserted later; no seal holds it."),
    Kind.MOVED: N_("Entry %(other)s (%(at)s, %(actor)s) was moved: it now stands as number %(n)s."),
    Kind.SEAL_ALTERED: N_(
        "Seal %(seal)s of %(at)s was altered; its entries cannot be vouched for."
    ),
    Kind.SEAL_REMOVED: N_(
        "Seals %(seal)s to %(other)s were removed; the entries they held cannot be vouched for."
    ),
    Kind.CHAIN_BROKEN: N_(
        "Seal %(seal)s of %(at)s does not continue the seal before it: one of the two was replaced."
    ),
    Kind.CHAIN_AHEAD: N_(
        "Seal %(seal)s of %(at)s is ahead of the database: the two do not belong together."
    ),
    Kind.HEAD_DIFFERS: N_("Seal %(seal)s is not the one that was noted elsewhere."),
}


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing that is wrong: `n` an entry's number, `other` a second one, `at` a time as text."""

    kind: Kind
    seal: int = 0
    n: int = 0
    other: int = 0
    at: str = ""
    actor: str = ""

    def message(self) -> Message:
        """The finding as a sentence."""
        return Message(
            SENTENCES[self.kind],
            {
                "seal": self.seal,
                "n": self.n,
                "other": self.other,
                "at": self.at,
                "actor": self.actor or "?",
            },
        )


class Suspect(msgspec.Struct, frozen=True):
    """A finding about an entry before it is known whether the entry was only moved."""

    finding: Finding
    expected: bytes = b""
    found: bytes = b""


class Report(msgspec.Struct, frozen=True):
    """What a check of the whole trail found."""

    verdict: Verdict
    checked_at: str
    seals: int
    entries: int
    unsealed: int
    oldest_unsealed: str
    head: int
    head_sha256: str
    findings_total: int
    findings: list[Finding]


def name_moves(suspects: Sequence[Suspect]) -> list[Finding]:
    """Findings about entries; what was sealed at one number and stands at another is one move."""
    sealed_at = {item.expected: item.finding.n for item in suspects if item.expected}
    found_again = {item.found for item in suspects if item.found in sealed_at}
    altered = {item.finding.n for item in suspects if item.finding.kind is Kind.ALTERED}
    findings = []
    for item in suspects:
        if item.finding.kind is Kind.INSERTED and item.finding.n in altered:
            continue
        if item.found in sealed_at:
            moved = msgspec.structs.replace(
                item.finding, kind=Kind.MOVED, other=sealed_at[item.found]
            )
            findings.append(moved)
        elif item.finding.kind is not Kind.REMOVED or item.expected not in found_again:
            findings.append(item.finding)
    return sorted(findings, key=lambda finding: finding.n)


def moment_text(micros: int | None) -> str:
    """The time of a seal as text; a hand at the table can write times that no calendar knows."""
    try:
        return "?" if micros is None else moment_of(micros).isoformat(timespec="seconds")
    except OverflowError:
        return "?"


def continues(seal: SealRow, previous: SealRow | None) -> bool:
    """Whether a seal names the digest of the one before, as stored there or as it should be."""
    if previous is None:
        return seal.previous == FIRST_PREVIOUS
    return seal.previous in {previous.sha256, seal_digest(previous)}


def check_seal(seal: SealRow, previous: SealRow | None) -> list[Finding]:
    """What is wrong with a seal by itself and beside the one before it."""
    at = moment_text(seal.at)
    expected = previous.number + 1 if previous else 1
    findings = []
    if seal.number != expected:
        findings.append(Finding(Kind.SEAL_REMOVED, seal=expected, other=seal.number - 1))
    if seal_digest(seal) != seal.sha256:
        findings.append(Finding(Kind.SEAL_ALTERED, seal=seal.number, at=at))
    elif not findings and not continues(seal, previous):
        findings.append(Finding(Kind.CHAIN_BROKEN, seal=seal.number, at=at))
    return findings


def verdict_of(findings: int, oldest_unsealed: int | None, now: int) -> Verdict:
    """The whole of a check in one word; times in microseconds."""
    if findings:
        return Verdict.CRITICAL
    waited = now - oldest_unsealed if oldest_unsealed is not None else 0
    return Verdict.WARN if waited > limits.UNSEALED_SECONDS * 1_000_000 else Verdict.OK
