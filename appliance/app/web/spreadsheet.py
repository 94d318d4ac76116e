"""Tables for spreadsheet programs: CSV in which no cell can start a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from litestar.response import Stream

# What spreadsheet programs take for the beginning of a formula (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads UTF-8 as the local code page


def neutralise(text: str) -> str:
    """A text that a spreadsheet shows and does not calculate."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def csv_lines(rows: Iterable[Sequence[Any]]) -> str:
    """Rows as CSV; texts are neutralised, numbers stay numbers."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([neutralise(cell) if isinstance(cell, str) else cell for cell in row])
    return buffer.getvalue()


def csv_download(name: str, parts: AsyncIterator[Iterable[Sequence[Any]]]) -> Stream:
    """A CSV file that is sent as it is made, a few hundred rows at a time; the name is plain ASCII."""

    async def chunks() -> AsyncIterator[bytes]:
        yield BYTE_ORDER_MARK.encode()
        async for rows in parts:
            yield csv_lines(rows).encode()

    return Stream(
        chunks(),
        media_type="text/csv",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )
