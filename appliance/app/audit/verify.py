"""Checks the trail against its seals, some thousand entries at a time, and names what is wrong.

It cannot see entries that were removed before they were sealed. A chain whose end was cut off shows against
a head noted outside the database: the one in the data folder, or one from a backup or a status report.
"""

from __future__ import annotations

from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, field
from typing import Any

import asyncpg

from appliance.app.audit import limits, trail
from appliance.app.audit.chain import (
    START,
    Place,
    SealRow,
    entry_digest,
    microseconds,
    unpack_digests,
)
from appliance.app.audit.findings import (
    Finding,
    Kind,
    Report,
    Suspect,
    check_seal,
    moment_text,
    name_moves,
    verdict_of,
)
from appliance.app.audit.noted import NotedHead, read_head
from appliance.core import clock
from appliance.core.settings import get_settings

Tell = Callable[[Mapping[str, Any]], Awaitable[None]]
TELL_SECONDS = 1.0


@dataclass(slots=True)
class Group:
    """Neighbouring seals, checked together: where their entries stand and what these must say."""

    spans: list[tuple[Place, Place]] = field(default_factory=list)
    expected: dict[int, tuple[SealRow, bytes]] = field(default_factory=dict)


@dataclass(slots=True)
class Walk:
    """How far the check has come and what it found."""

    previous: SealRow | None = None
    previous_whole: bool = True
    entries: int = 0
    total: int = 0
    findings: list[Finding] = field(default_factory=list)
    suspects: list[Suspect] = field(default_factory=list)

    def note(self, finding: Finding) -> None:
        """Keep a finding about a seal; beyond the limit it is only counted."""
        self.total += 1
        if len(self.findings) < limits.FINDINGS:
            self.findings.append(finding)

    def suspect(self, finding: Finding, expected: bytes = b"", found: bytes = b"") -> None:
        """Keep a finding about an entry; beyond the limit it is only counted."""
        self.total += 1
        if len(self.suspects) < limits.FINDINGS:
            self.suspects.append(Suspect(finding, expected, found))

    def lay_out(self, seals: Sequence[SealRow]) -> Group:
        """Check some seals and say what their entries must be; a damaged seal vouches for none."""
        group = Group()
        for seal in seals:
            found = check_seal(seal, self.previous)
            for finding in found:
                self.note(finding)
            kinds = {finding.kind for finding in found}
            whole = Kind.SEAL_ALTERED not in kinds
            if whole:
                joined = self.previous_whole and Kind.SEAL_REMOVED not in kinds
                start = trail.end_of(self.previous) if joined else seal.before
                group.spans.append((start, seal.end))
                group.expected |= {
                    n: (seal, digest) for n, digest in unpack_digests(seal.row_digests)
                }
            self.previous, self.previous_whole = seal, whole
        return group

    def compare(self, entry: asyncpg.Record, sealed: tuple[SealRow, bytes] | None) -> None:
        """Hold an entry against what was sealed under its number."""
        digest = entry_digest(entry)
        if sealed is not None and sealed[1] == digest:
            self.entries += 1
            return
        finding = Finding(
            Kind.ALTERED if sealed else Kind.INSERTED,
            seal=sealed[0].number if sealed else 0,
            n=entry["n"],
            at=entry["at_text"],
            actor=entry["actor_name"],
        )
        self.suspect(finding, sealed[1] if sealed else b"", digest)

    def missing(self, n: int, seal: SealRow, digest: bytes) -> None:
        """A sealed entry that is nowhere."""
        self.suspect(Finding(Kind.REMOVED, seal=seal.number, n=n, at=moment_text(seal.at)), digest)


def merge_spans(spans: Sequence[tuple[Place, Place]]) -> Iterator[tuple[Place, Place]]:
    """Spans that touch each other as one."""
    start, end = spans[0]
    for next_start, next_end in spans[1:]:
        if next_start == end:
            end = next_end
        else:
            yield start, end
            start, end = next_start, next_end
    yield start, end


def split_by_size(seals: Sequence[SealRow]) -> Iterator[list[SealRow]]:
    """Neighbouring seals in groups whose entries fit into memory."""
    group: list[SealRow] = []
    size = 0
    for seal in seals:
        if group and size + seal.entries > limits.VERIFY_ROWS:
            yield group
            group, size = [], 0
        group.append(seal)
        size += seal.entries
    if group:
        yield group


async def groups_upto(head: int) -> AsyncIterator[list[SealRow]]:
    """All seals of the chain, in groups."""
    number = 0
    while seals := await trail.seals_after(number, head, limits.VERIFY_SEALS):
        for group in split_by_size(seals):
            yield group
        number = seals[-1].number


async def entries_of(span: tuple[Place, Place]) -> AsyncIterator[asyncpg.Record]:
    """The entries that stand in a span now."""
    after, end = span
    while True:
        rows = await trail.entries_between(after, end, limits.VERIFY_ROWS)
        for row in rows:
            yield row
        if len(rows) < limits.VERIFY_ROWS:
            return
        after = Place(rows[-1]["xid"], rows[-1]["n"])


async def check_group(walk: Walk, seals: Sequence[SealRow]) -> None:
    """Check some seals and the entries under them."""
    group = walk.lay_out(seals)
    if not group.spans:
        return
    for span in merge_spans(group.spans):
        async for entry in entries_of(span):
            walk.compare(entry, group.expected.pop(entry["n"], None))
    # What is not in its place may stand elsewhere, with another transaction number.
    for entry in await trail.entries_numbered(list(group.expected)):
        walk.compare(entry, group.expected.pop(entry["n"]))
    for n, (seal, digest) in group.expected.items():
        walk.missing(n, seal, digest)


async def check_head(walk: Walk, head: SealRow | None, noted: Iterable[NotedHead]) -> None:
    """Hold the end of the chain against the database and against heads noted elsewhere."""
    if head and head.to_xid >= await trail.next_transaction():
        walk.note(Finding(Kind.CHAIN_AHEAD, seal=head.number, at=moment_text(head.at)))
    for number, digest in noted:
        found = await trail.seals_after(number - 1, number, 1)
        if not found or found[0].sha256.hex() != digest.lower():
            walk.note(Finding(Kind.HEAD_DIFFERS, seal=number))


async def verify(tell: Tell, noted: NotedHead | None = None) -> Report:
    """Check the whole trail up to its present head, against this installation's note and one from elsewhere."""
    heads = {item for item in (noted, read_head(get_settings().state)) if item}
    walk = Walk()
    head = await trail.last_seal()
    told = clock.monotonic()
    async for seals in groups_upto(head.number if head else 0):
        await check_group(walk, seals)
        if clock.monotonic() - told >= TELL_SECONDS:
            told = clock.monotonic()
            await tell({"done": seals[-1].number, "total": head.number if head else 0})
    await check_head(walk, head, heads)
    for entry in await trail.entries_to_come(trail.end_of(head), limits.FINDINGS):
        walk.compare(entry, None)
    return await sum_up(walk, head)


async def sum_up(walk: Walk, head: SealRow | None) -> Report:
    """The report of a walk that has come to its end."""
    waiting = await trail.unsealed_after(trail.end_of(head) if head else START)
    moved = name_moves(walk.suspects)
    now = clock.now()
    oldest = waiting["oldest"]
    return Report(
        verdict=verdict_of(walk.total, oldest, microseconds(now)),
        checked_at=now.isoformat(timespec="seconds"),
        seals=head.number if head else 0,
        entries=walk.entries,
        unsealed=waiting["entries"],
        oldest_unsealed=moment_text(oldest) if oldest is not None else "",
        head=head.number if head else 0,
        head_sha256=head.sha256.hex() if head else "",
        findings_total=walk.total - len(walk.suspects) + len(moved),
        findings=[*walk.findings, *moved][: limits.FINDINGS],
    )
