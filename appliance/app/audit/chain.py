"""The chain's arithmetic, pure: how an entry and a seal become bytes and digests.

Format 1 of an entry: the format as one byte, its transaction and its time (microseconds since 1970)
as 64-bit big-endian numbers, then the texts in the order of TEXTS, each as a 32-bit length
and UTF-8; `detail` as PostgreSQL writes its jsonb. The digest is the first half of the SHA-256.
Format 1 of a seal: its mark; format (16 bits), number, time, first and last transaction, first and
last entry (64), count (32); the digest of the seal before; number (64) and digest of each entry.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

FORMAT = 1
TEXTS = (
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
    "detail",
)
# A time that no digest was made of: infinity, which only a hand at the table can write.
NO_MOMENT = -(1 << 63)
DIGEST_BYTES = 16
FIRST_PREVIOUS = bytes(32)
SEAL_MARK = b"ncen-audit-seal"

entry_head = struct.Struct(">BQq").pack
text_head = struct.Struct(">I").pack
seal_head = struct.Struct(">hqqQQqqi").pack
digest_item = struct.Struct(f">q{DIGEST_BYTES}s")


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(moment: datetime) -> int:
    """A moment as whole microseconds since 1970, exactly."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def moment_of(micros: int) -> datetime:
    """The moment that `microseconds` counted."""
    return EPOCH + timedelta(microseconds=micros)


class Place(NamedTuple):
    """Where an entry stands in the order of sealing: by transaction, then by number."""

    xid: int
    n: int


START = Place(0, 0)


class SealRow(NamedTuple):
    """A seal as stored; `at` in microseconds since 1970, none for a time that no clock shows."""

    number: int
    at: int | None
    version: int
    from_xid: int
    to_xid: int
    first_n: int
    last_n: int
    entries: int
    row_digests: bytes
    sha256: bytes
    previous: bytes

    @property
    def end(self) -> Place:
        """The last entry under this seal."""
        return Place(self.to_xid, self.last_n)

    @property
    def before(self) -> Place:
        """The place just before its first entry."""
        return Place(self.from_xid, self.first_n - 1)


def moment_number(micros: int | None) -> int:
    """A time as a number that always fits."""
    return NO_MOMENT if micros is None else micros


def entry_digest(entry: Mapping[str, Any]) -> bytes:
    """The digest of what an entry says; without its number, so that a moved entry is recognised."""
    parts = [entry_head(FORMAT, entry["xid"], moment_number(entry["micros"]))]
    for name in TEXTS:
        raw = entry[name].encode()
        parts.append(text_head(len(raw)))
        parts.append(raw)
    return hashlib.sha256(b"".join(parts)).digest()[:DIGEST_BYTES]


def pack_digests(items: Iterable[tuple[int, bytes]]) -> bytes:
    """Numbers and digests of entries as one run of bytes."""
    return b"".join(digest_item.pack(n, digest) for n, digest in items)


def unpack_digests(raw: bytes) -> Iterator[tuple[int, bytes]]:
    """Numbers and digests of entries; the length must be whole."""
    return digest_item.iter_unpack(raw)


def seal_digest(seal: SealRow) -> bytes:
    """The digest of a seal, from everything it says but the digest itself."""
    head = seal_head(
        seal.version,
        seal.number,
        moment_number(seal.at),
        seal.from_xid,
        seal.to_xid,
        seal.first_n,
        seal.last_n,
        seal.entries,
    )
    return hashlib.sha256(SEAL_MARK + head + seal.previous + seal.row_digests).digest()


def make_seal(
    number: int, previous: bytes, at: int, entries: Sequence[Mapping[str, Any]]
) -> SealRow:
    """The seal over some entries, which stand in the order of sealing."""
    first, last = entries[0], entries[-1]
    draft = SealRow(
        number=number,
        at=at,
        version=FORMAT,
        from_xid=first["xid"],
        to_xid=last["xid"],
        first_n=first["n"],
        last_n=last["n"],
        entries=len(entries),
        row_digests=pack_digests((entry["n"], entry_digest(entry)) for entry in entries),
        sha256=b"",
        previous=previous,
    )
    return draft._replace(sha256=seal_digest(draft))
