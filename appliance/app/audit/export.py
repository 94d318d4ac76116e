"""Entries as CSV for spreadsheets; pure. A cell that a spreadsheet would run as a formula is made plain text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from appliance.app.audit.schemas import AuditEntry

# What spreadsheets take for the beginning of a formula: = + - @, their wide forms, and controls.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
BYTE_ORDER_MARK = "\ufeff"
HEADINGS = (
    "number",
    "time_utc",
    "person",
    "account",
    "unit",
    "address",
    "session",
    "request",
    "action",
    "room",
    "record",
    "label",
    "purpose",
    "detail",
    "sealed",
)


def plain_cell(text: str) -> str:
    """A text that no spreadsheet runs."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def row_of(entry: AuditEntry) -> Sequence[str | int]:
    """An entry as the cells of a line."""
    return (
        entry.n,
        entry.at.isoformat(),
        plain_cell(entry.actor_name),
        plain_cell(entry.actor_id),
        plain_cell(entry.actor_unit),
        plain_cell(entry.address),
        plain_cell(entry.session),
        plain_cell(entry.request),
        plain_cell(entry.action),
        plain_cell(entry.room),
        plain_cell(entry.record),
        plain_cell(entry.label),
        plain_cell(entry.purpose),
        plain_cell(bytes(entry.detail).decode()),
        "yes" if entry.sealed else "no",
    )


def csv_lines(entries: Iterable[AuditEntry]) -> str:
    """Some entries as lines."""
    text = io.StringIO()
    csv.writer(text).writerows(row_of(entry) for entry in entries)
    return text.getvalue()


def csv_head() -> str:
    """The first line, with the mark by which spreadsheets know UTF-8."""
    text = io.StringIO()
    csv.writer(text).writerow(HEADINGS)
    return BYTE_ORDER_MARK + text.getvalue()
