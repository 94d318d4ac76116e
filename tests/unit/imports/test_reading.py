"""Reading files that somebody made: what is understood, what is refused, and in which words."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from appliance.app.imports import limits, reading
from appliance.core.errors import Invalid
from tests.data.unodc_like import COLUMNS, as_csv, as_zip, rows

ROWS = rows(7, 200, bad=False)


def table(
    content: bytes, encoding: str = "utf-8-sig", delimiter: str = ";"
) -> list[reading.Record]:
    text = reading.decoded(reading.open_table(io.BytesIO(content)), encoding)
    return list(reading.records(text, delimiter))


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Invalid) as caught:
        act()
    return caught.value.message.text("en")


def test_a_plain_file_and_the_same_in_an_archive_give_the_same_rows() -> None:
    plain = table(as_csv(ROWS))
    assert [record.values for record in plain[1:]] == ROWS
    assert table(as_zip(as_csv(ROWS))) == plain


def test_rows_are_numbered_as_a_spreadsheet_numbers_them_blank_lines_included() -> None:
    records = table(b'a;b\n1;2\n\n"x\ny";4\n5;6\n')
    assert [(record.row, record.values[0]) for record in records] == [
        (1, "a"),
        (2, "1"),
        (4, "x\ny"),
        (5, "5"),
    ]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_are_understood(ends: str) -> None:
    assert [r.values for r in table(ends.join(["a;b", "1;2", ""]).encode())] == [
        ["a", "b"],
        ["1", "2"],
    ]


def test_an_empty_file_is_refused() -> None:
    assert "The file is empty" in refusal(lambda: table(b""))


def test_a_file_without_a_header_is_refused() -> None:
    assert "not even a header" in refusal(
        lambda: reading.read_layout(iter(table(b"\n\n\n")), COLUMNS, ";")
    )


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_utf_16_is_named(mark: bytes) -> None:
    assert "UTF-16" in refusal(lambda: table(mark + b"a\0;\0b\0"))


def test_a_row_with_an_overlong_value_is_rejected_and_the_next_one_is_read() -> None:
    long = b"x" * (10 << 20)
    records = table(b"a;b\n1;" + long + b"\n2;3\n")
    assert records[1].problem is not None
    assert records[2] == (3, ["2", "3"], None)


def test_a_value_of_just_the_longest_line_is_rejected_too() -> None:
    records = table(b"a;b\n1;" + b"x" * limits.LINE_CHARS + b"\n2;3\n")
    assert [record.problem is None for record in records] == [True, False, True]


def test_a_row_that_goes_on_after_a_closing_quotation_mark_is_rejected() -> None:
    records = table(b'a;b\n"1"x;2\n3;4\n')
    assert records[1].problem is not None
    assert "closing quotation mark" in records[1].problem.text("en")
    assert records[2].values == ["3", "4"]


@pytest.mark.parametrize("rest", [b"", b"\n".join([b"1;2"] * 100_000)], ids=["short", "long"])
def test_a_quotation_mark_that_is_never_closed_is_named_with_its_row(rest: bytes) -> None:
    assert "In row 3 a quotation mark" in refusal(lambda: table(b'a;b\n1;2\n"3;4\n' + rest))


def test_bytes_that_are_no_text_are_named_with_byte_and_row() -> None:
    content = b"a;b\n1;2\n3;\xe9\n"
    assert refusal(lambda: reading.find_encoding(lambda: io.BytesIO(content), ["utf-8-sig"])) == (
        "The file is not UTF-8 text: byte 11, near row 3, is none."
        " Save it as “CSV UTF-8” and import it again. Nothing was loaded."
    )


@pytest.mark.parametrize(("bad", "position"), [(b"\xe9\n", 1), (b"ab\xc3", 3)])
def test_the_byte_is_right_beyond_the_first_part_and_in_a_cut_character(
    bad: bytes, position: int
) -> None:
    before = b"1;2\n" * (limits.READ_BYTES // 4)
    text = refusal(lambda: reading.find_encoding(lambda: io.BytesIO(before + bad), ["utf-8"]))
    assert f"byte {len(before) + position}," in text


def test_the_first_encoding_that_fits_the_whole_file_is_taken() -> None:
    content = "a;b\né;ü\n".encode("cp1252")
    assert reading.find_encoding(lambda: io.BytesIO(content), ["utf-8", "cp1252"]) == ("cp1252", 2)


def test_wanted_columns_may_stand_in_any_order_and_others_beside_them() -> None:
    layout = reading.find_layout(["B ", "x", " a"], ["A", "B"], ";")
    assert layout == (3, {"A": 2, "B": 0}, {"x": 1})


def test_missing_and_unknown_columns_are_named() -> None:
    text = refusal(lambda: reading.find_layout(["A", "Colour", "Size"], ["A", "B", "C"], ";"))
    assert "Missing: B, C. Not known: Colour, Size." in text


def test_a_column_that_stands_twice_is_refused() -> None:
    assert "twice" in refusal(lambda: reading.find_layout(["A", "a", "B"], ["A", "B"], ";"))


@pytest.mark.parametrize(("separator", "shown"), [(",", ","), ("\t", "TAB"), ("|", "|")])
def test_another_separator_is_named(separator: str, shown: str) -> None:
    header = [separator.join(COLUMNS)]
    text = refusal(lambda: reading.find_layout(header, COLUMNS, ";"))
    assert f"separated by “{shown}”; this mapping expects “;”" in text


def archive(
    *names: str, content: bytes = b"a;b\n1;2\n", method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made:
        for name in names:
            made.writestr(name, content)
    return buffer.getvalue()


def test_an_archive_may_hold_a_folder_and_what_a_mac_adds() -> None:
    assert len(table(archive("data/", "data/one.CSV", "__MACOSX/._one.csv"))) == 2


@pytest.mark.parametrize("names", [(), ("a.csv", "b.csv"), ("a.pdf",)])
def test_an_archive_with_anything_but_one_csv_is_refused(names: tuple[str, ...]) -> None:
    assert f"holds {len(names)} files" in refusal(lambda: table(archive(*names)))


def test_a_workbook_is_told_from_an_archive() -> None:
    assert "spreadsheet workbook" in refusal(lambda: table(archive("[Content_Types].xml", "a.xml")))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda content: content[:-30],
        lambda content: content[:60] + b"\0\0\0\0" + content[64:],
        lambda content: content[:4] + b"x" * 100,
        lambda content: content.replace(b"PK\x05\x06", b"PK\x06\x07" + b"\0" * 16 + b"PK\x05\x06"),
    ],
    ids=["cut", "changed", "nonsense", "large-archive marks"],
)
def test_a_damaged_archive_is_refused(spoil: Callable[[bytes], bytes]) -> None:
    assert "damaged" in refusal(lambda: table(spoil(as_zip(as_csv(ROWS)))))


def test_an_unusual_way_of_packing_is_refused() -> None:
    assert "unusual kind" in refusal(lambda: table(archive("a.csv", method=zipfile.ZIP_LZMA)))


def test_a_locked_archive_is_refused() -> None:
    content = bytearray(archive("a.csv"))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert "password" in refusal(lambda: table(bytes(content)))


def bomb(folder: Path, size: int) -> BinaryIO:
    """An archive that unpacks to a thousand times its size."""
    path = folder / "bomb.zip"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made,
        made.open("a.csv", "w") as stream,
    ):
        for _ in range(size >> 20):
            stream.write(b"1;2\n" * (1 << 18))
    return path.open("rb")


def test_an_archive_that_unpacks_to_far_too_much_is_stopped_early(tmp_path: Path) -> None:
    with bomb(tmp_path, 200 << 20) as packed:
        source = reading.open_table(packed)
        text = refusal(lambda: reading.find_encoding(lambda: source, ["utf-8"]))
    assert "far more than its size suggests" in text


def test_a_list_of_files_that_is_too_long_is_not_even_read() -> None:
    listed = archive(*(f"{number:05}{'x' * 60}.csv" for number in range(1000)))
    assert "damaged" in refusal(lambda: table(listed))


def test_unpacking_errors_of_every_kind_become_one_sentence() -> None:
    content = bytearray(archive("a.csv", content=bytes(range(256)) * 100))
    for place in range(40, 60):
        content[place] ^= 0xFF
    with pytest.raises((zlib.error, zipfile.BadZipFile)):
        zipfile.ZipFile(io.BytesIO(bytes(content))).read("a.csv")
    assert "damaged" in refusal(lambda: table(bytes(content), "latin-1"))
