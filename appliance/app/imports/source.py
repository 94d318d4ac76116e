"""The file of one import, opened and read in chunks; runs in a thread beside the database work."""

from __future__ import annotations

import errno
import functools
import io
import itertools
from collections.abc import Collection, Iterator
from datetime import date
from typing import IO, BinaryIO, NamedTuple
from zoneinfo import ZoneInfo

from appliance.app.imports import limits, reading
from appliance.app.imports.cells import Lists
from appliance.app.imports.counting import ReadRow
from appliance.app.imports.mapping import Mapping
from appliance.app.imports.reading import Layout, Record
from appliance.app.imports.rows import Outcome, Problem, RowReader
from appliance.app.reference import api as reference
from appliance.core import clock
from appliance.core.blobs import CHUNK_BYTES, FolderStore
from appliance.core.files import free_bytes, no_room
from appliance.core.i18n import N_, Message
from appliance.core.limits import FREE_DISK_BYTES
from appliance.core.settings import get_settings


class Chunk(NamedTuple):
    """Some rows in the order of the file; where they are only counted, their meaning is left open."""

    rows: list[ReadRow]
    counted_only: bool


class Lent(io.RawIOBase):
    """Somebody else's stream, which stays open when its reader is done."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__()
        self.stream = stream

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        return self.stream.seek(offset, whence)

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # what io gives
        """Read a part."""
        part = self.stream.read(len(buffer))
        buffer[: len(part)] = part
        return len(part)


def check_head(stream: IO[bytes], mapping: Mapping) -> None:
    """Find out at once whether a file can be what the mapping reads.

    Raises:
        Invalid: it cannot; the sentence says why.
    """
    stream.seek(0)
    packed = io.BufferedReader(Lent(stream))
    with reading.decoded(reading.open_table(packed), mapping.source.encodings[0]) as text:
        text.reconfigure(errors="replace")
        rows = reading.records(text, mapping.source.delimiter)
        reading.read_layout(rows, mapping.source.columns, mapping.source.delimiter)


def take_file(stream: IO[bytes], limit: int, mapping: Mapping) -> tuple[str, int]:
    """Put a file into the blob store if the mapping can read it; return its digest and length.

    It is looked at before it is stored: no row would ever name, or remove, what was refused.

    Raises:
        Invalid: it cannot be what the mapping reads; nothing was stored.
        TooLarge: it is larger than the limit; nothing was stored.
        Refused: the disk has no room for it; nothing was stored.
    """
    check_head(stream, mapping)
    return keep_file(stream, limit)


def keep_file(stream: IO[bytes], limit: int) -> tuple[str, int]:
    """Put a file into the blob store; return its digest and length.

    Raises:
        TooLarge: it is larger than the limit; nothing was stored.
        Refused: the disk has no room for it; nothing was stored.
    """
    folder = get_settings().blobs
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    try:
        if free_bytes(get_settings().state) < size + FREE_DISK_BYTES:
            raise no_room()
        return FolderStore(folder).put(iter(lambda: stream.read(CHUNK_BYTES), b""), limit)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise no_room() from error
        raise


def open_blob(digest: str) -> BinaryIO:
    """The bytes of a stored file as a table."""
    packed = FolderStore(get_settings().blobs).open(digest)
    try:
        return reading.open_table(packed)
    except BaseException:
        packed.close()
        raise


def present_day() -> date | None:
    """The day in the installation's time zone, or nothing while the clock is not believed."""
    settings = get_settings()
    if not clock.trusted(settings.state):
        return None
    return clock.now().astimezone(ZoneInfo(settings.time_zone)).date()


def wrong_width(record: Record, width: int) -> Message | None:
    """What is wrong with a row that cannot be read into columns."""
    if record.problem is not None:
        return record.problem
    if len(record.values) == width:
        return None
    return Message(
        N_("The row has %(found)s values; the header has %(wanted)s."),
        {"found": len(record.values), "wanted": width},
    )


class Table:
    """The rows of one import's file."""

    def __init__(self, digest: str, mapping: Mapping) -> None:
        self.mapping = mapping
        opener = functools.partial(open_blob, digest)
        self.encoding, self.lines = reading.find_encoding(opener, mapping.source.encodings)
        # Held until `close`: a stream that only its reader holds would close itself at the last row.
        self.text = reading.decoded(opener(), self.encoding)
        self.records = reading.records(self.text, mapping.source.delimiter)
        try:
            self.layout: Layout = reading.read_layout(
                self.records, mapping.source.columns, mapping.source.delimiter
            )
        except BaseException:
            self.text.close()
            raise
        lists = Lists(reference.lookup, reference.entry)
        self.reader = RowReader(mapping, self.layout, lists, present_day())

    def read(self, record: Record) -> ReadRow:
        """One row with its meaning."""
        wrong = wrong_width(record, self.layout.width)
        if wrong is not None:
            return ReadRow(record.row, b"", Outcome(None, [], [Problem("", "", wrong)]))
        return ReadRow(record.row, self.reader.key(record.values), self.reader.read(record.values))

    def count(self, record: Record) -> ReadRow:
        """One row without its meaning."""
        readable = wrong_width(record, self.layout.width) is None
        key = self.reader.key(record.values) if readable else b""
        return ReadRow(record.row, key, Outcome(None, [], []))

    def chunks(self, done_row: int) -> Iterator[Chunk]:
        """All rows, some at a time; those up to the row that was done before are only counted."""
        counted: list[ReadRow] = []
        for record in self.records:
            if record.row > done_row:
                rest = itertools.chain([record], self.records)
                break
            counted.append(self.count(record))
            if len(counted) == limits.SKIP_ROWS:
                yield Chunk(counted, counted_only=True)
                counted = []
        else:
            rest = itertools.chain(())
        if counted:
            yield Chunk(counted, counted_only=True)
        for rows in self.portions(rest):
            yield Chunk(rows, counted_only=False)

    def portions(self, records: Iterator[Record]) -> Iterator[list[ReadRow]]:
        """Rows with their meaning, as many at a time as memory may hold: long ones are fewer."""
        rows: list[ReadRow] = []
        characters = 0
        for record in records:
            rows.append(self.read(record))
            characters += sum(map(len, record.values))
            if len(rows) >= limits.CHUNK_ROWS or characters >= limits.CHUNK_CHARS:
                yield rows
                rows, characters = [], 0
        if rows:
            yield rows

    def pick(self, wanted: Collection[int]) -> Iterator[list[ReadRow]]:
        """The rows of the given numbers, with their meaning, some at a time."""
        return self.portions(record for record in self.records if record.row in wanted)

    def close(self) -> None:
        """Close the file."""
        self.text.close()
