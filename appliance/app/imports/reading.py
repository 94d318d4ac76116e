"""Reading a CSV file that somebody made: plain or alone in an archive, row by row, in constant memory.

It knows nothing of cases; what a row means is the mapping's business.
"""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, NamedTuple

from appliance.app.imports import limits
from appliance.core.errors import Invalid
from appliance.core.i18n import N_, Message

ARCHIVE = b"PK\x03\x04"
EMPTY_ARCHIVE = b"PK\x05\x06"
ARCHIVE_END = b"PK\x05\x06"
ARCHIVE_END_BYTES = 22
LARGE_ARCHIVE = b"PK\x06\x07"
WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
SEPARATORS = (";", ",", "\t", "|")

Opener = Callable[[], BinaryIO]


class Record(NamedTuple):
    """One row of a file: its number as a spreadsheet counts it (the header is row 1), and its values."""

    row: int
    values: list[str]
    problem: Message | None = None


class Layout(NamedTuple):
    """Where the wanted columns stand in a file, and which further columns it has."""

    width: int
    places: dict[str, int]
    extra: dict[str, int]


def open_table(packed: BinaryIO) -> BinaryIO:
    """The bytes of the CSV: the file itself, or the only CSV in an archive.

    Raises:
        Invalid: the file is empty, is no table, or its archive holds something else than one CSV.
    """
    start = packed.read(4)
    packed.seek(0)
    if not start:
        raise Invalid(N_("The file is empty. Nothing was loaded."))
    if start in {ARCHIVE, EMPTY_ARCHIVE}:
        return io.BufferedReader(Unpacked(packed), limits.READ_BYTES)
    if start.startswith(WIDE_MARKS):
        raise Invalid(
            N_(
                "The file is UTF-16 text. Save it as “CSV UTF-8” and import it again. Nothing was loaded."
            )
        )
    return packed


def check_archive_end(packed: BinaryIO) -> None:
    """Refuse an archive whose list of files is too long to be read safely.

    Raises:
        Invalid: the list is too long, or there is none.
    """
    size = packed.seek(0, io.SEEK_END)
    packed.seek(max(0, size - limits.ARCHIVE_LIST_BYTES - ARCHIVE_END_BYTES))
    tail = packed.read()
    packed.seek(0)
    at = tail.rfind(ARCHIVE_END)
    listed = int.from_bytes(tail[at + 12 : at + 16], "little")
    if at < 0 or LARGE_ARCHIVE in tail or listed > limits.ARCHIVE_LIST_BYTES:
        raise damaged_archive()


def damaged_archive() -> Invalid:
    """What is said of an archive that cannot be read."""
    return Invalid(
        N_(
            "The ZIP archive is damaged or of an unusual kind. Pack the CSV file again, or import it unpacked. Nothing was loaded."
        )
    )


def only_table(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    """The one CSV of an archive.

    Raises:
        Invalid: there is none, or more than one file.
    """
    found = [
        item
        for item in archive.infolist()
        if not item.is_dir() and not item.filename.startswith("__MACOSX/")
    ]
    if any(item.filename == "[Content_Types].xml" for item in found):
        raise Invalid(
            N_(
                "The file is a spreadsheet workbook. Save it as “CSV UTF-8” and import that file. Nothing was loaded."
            )
        )
    if len(found) != 1 or not found[0].filename.lower().endswith((".csv", ".txt")):
        raise Invalid(
            N_(
                "The ZIP archive holds %(count)s files; it must hold exactly one CSV file. Nothing was loaded."
            ),
            count=len(found),
        )
    if found[0].flag_bits & 1:
        raise Invalid(
            N_(
                "The ZIP archive is locked with a password. Pack it without one. Nothing was loaded."
            )
        )
    if found[0].compress_type not in METHODS:
        raise damaged_archive()
    return found[0]


class Unpacked(io.RawIOBase):
    """The only CSV of an archive as a stream, never more of it than the limits allow."""

    def __init__(self, packed: BinaryIO) -> None:
        super().__init__()
        check_archive_end(packed)
        try:
            archive = zipfile.ZipFile(packed)
            self.source = archive.open(only_table(archive))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
            raise damaged_archive() from error
        self.packed = packed
        self.count = 0
        self.allowed = max(
            limits.RATIO_FREE_BYTES, packed.seek(0, io.SEEK_END) * limits.UNPACKED_RATIO
        )

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # what io gives
        """Unpack a part.

        Raises:
            Invalid: the archive is damaged, or unpacks to far more than it should.
        """
        try:
            part = self.source.read(len(buffer))
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise damaged_archive() from error
        self.count += len(part)
        if self.count > min(self.allowed, limits.UNPACKED_BYTES):
            raise Invalid(
                N_(
                    "The ZIP archive unpacks to more than %(limit)s MB, far more than its size suggests. Nothing was loaded."
                ),
                limit=min(self.allowed, limits.UNPACKED_BYTES) >> 20,
            )
        buffer[: len(part)] = part
        return len(part)

    def close(self) -> None:
        """Close the archive as well."""
        if not self.closed:
            self.source.close()
            self.packed.close()
        super().close()


def undecodable(encoding: str, position: int, row: int) -> Message:
    """What is said of bytes that are no text in an encoding."""
    return Message(
        N_(
            "The file is not %(encoding)s text: byte %(position)s, near row %(row)s, is none. Save it as “CSV UTF-8” and import it again. Nothing was loaded."
        ),
        {"encoding": encoding.removesuffix("-sig").upper(), "position": position, "row": row},
    )


def count_lines(open_source: Opener, encoding: str) -> int | Message:
    """How many lines a file has, or where it is not text in this encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = position = 0
    with open_source() as source:
        while True:
            part = source.read(limits.READ_BYTES)
            try:
                lines += decoder.decode(part, final=not part).count("\n")
            except UnicodeDecodeError as error:
                before = error.object[: error.start].count(b"\n")
                start = position - (len(error.object) - len(part)) + error.start
                return undecodable(encoding, start + 1, lines + before + 1)
            position += len(part)
            if not part:
                return lines


def find_encoding(open_source: Opener, encodings: Sequence[str]) -> tuple[str, int]:
    """The first encoding that the whole file is text in, and its number of lines.

    Raises:
        Invalid: it is text in none of them; the sentence names the byte and the row.
    """
    failures = []
    for encoding in encodings:
        found = count_lines(open_source, encoding)
        if not isinstance(found, Message):
            return encoding, found
        failures.append(found)
    raise Invalid(failures[0].key, **failures[0].params)


class Lines:
    """The lines of a text, none longer than the limit; `cut` tells that the last one was."""

    def __init__(self, text: io.TextIOBase) -> None:
        self.text = text
        self.cut = False
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        readline, limit = self.text.readline, limits.LINE_CHARS
        while line := readline(limit):
            if len(line) == limit and line[-1] not in "\r\n":
                self.cut = True
                self.skip_rest()
                yield "\n"
            else:
                yield line
        self.ended = True

    def skip_rest(self) -> None:
        """Go on to the end of an overlong line."""
        while part := self.text.readline(limits.LINE_CHARS):
            if part[-1] in "\r\n":
                return


def too_long() -> Message:
    """What is said of a value that no record can hold."""
    return Message(
        N_("A value in this row is longer than %(limit)s characters."),
        {"limit": limits.FIELD_CHARS},
    )


def unclosed(row: int) -> Invalid:
    """What is said when the rest of a file disappears in one value."""
    return Invalid(
        N_(
            "In row %(row)s a quotation mark is opened and not closed, so the rest of the file cannot be told apart. Close it or remove it, then import the file again. Nothing was loaded."
        ),
        row=row,
    )


def records(text: io.TextIOBase, delimiter: str) -> Iterator[Record]:
    """The rows of a CSV, with a problem where one cannot be read; blank lines are passed over.

    Raises:
        Invalid: a quotation mark is never closed.
    """
    csv.field_size_limit(limits.FIELD_CHARS)
    lines = Lines(text)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    row = 0
    while True:
        row += 1
        before = reader.line_num
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if lines.ended or reader.line_num - before > 1:
                raise unclosed(row) from error
            yield Record(row, [], broken(str(error)))
            continue
        if lines.cut:
            lines.cut = False
            yield Record(row, [], too_long())
        elif values:
            yield Record(row, values)


def broken(reason: str) -> Message:
    """What is said of a row that breaks the rules of CSV."""
    if "field limit" in reason:
        return too_long()
    return Message(N_("After a closing quotation mark this row goes on without a separator."))


def decoded(source: BinaryIO, encoding: str) -> io.TextIOWrapper:
    """A stream of bytes as text, its line ends untouched."""
    return io.TextIOWrapper(source, encoding, newline="")


def column_key(name: str) -> str:
    """A column's name without case and surrounding spaces."""
    return name.strip().casefold()


def join_names(names: Sequence[str]) -> str:
    """Some names for a sentence; very many are cut short."""
    shown = ", ".join(name.strip()[: limits.EXAMPLE_CHARS] or "?" for name in names[:20])
    return shown + (", …" if len(names) > 20 else "")  # noqa: PLR2004 - see above


def find_layout(header: Sequence[str], wanted: Sequence[str], delimiter: str) -> Layout:
    """Where the wanted columns are; further columns are allowed.

    Raises:
        Invalid: a column is missing or stands twice, or the separator is another one.
    """
    names = [column_key(name) for name in header]
    missing = [name for name in wanted if column_key(name) not in names]
    if missing and len(header) == 1:
        refuse_separator(header[0], delimiter)
    known = set(map(column_key, wanted))
    extra = {name.strip(): place for place, name in enumerate(header) if names[place] not in known}
    if missing:
        raise Invalid(
            N_(
                "The file has other columns than this mapping reads. Missing: %(missing)s. Not known: %(extra)s. Choose the mapping that fits the file. Nothing was loaded."
            ),
            missing=join_names(missing),
            extra=join_names(list(extra)) or "-",
        )
    twice = [name for name in wanted if names.count(column_key(name)) > 1]
    if twice or len(header) > limits.COLUMNS:
        raise Invalid(
            N_(
                "The header names a column twice or has too many columns: %(names)s. Nothing was loaded."
            ),
            names=join_names(twice or list(extra)),
        )
    places = {name: names.index(column_key(name)) for name in wanted}
    return Layout(len(header), places, extra)


def refuse_separator(line: str, delimiter: str) -> None:
    """Refuse a header that another separator would divide.

    Raises:
        Invalid: it would.
    """
    for other in SEPARATORS:
        if other != delimiter and line.count(other) > 1:
            raise Invalid(
                N_(
                    "The columns of the file are separated by “%(found)s”; this mapping expects “%(wanted)s”. Nothing was loaded."
                ),
                found=other.replace("\t", "TAB"),
                wanted=delimiter,
            )


def read_layout(rows: Iterator[Record], wanted: Sequence[str], delimiter: str) -> Layout:
    """Read the header.

    Raises:
        Invalid: there is none, or it does not fit.
    """
    first = next(rows, None)
    if first is None:
        raise Invalid(N_("The file has no rows, not even a header. Nothing was loaded."))
    if first.problem is not None:
        raise Invalid(first.problem.key, **first.problem.params)
    return find_layout(first.values, wanted, delimiter)
