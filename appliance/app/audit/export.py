"""Entries as lines of a table for spreadsheets; pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from appliance.app.audit.schemas import AuditEntry
from appliance.app.web import spreadsheet

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


def row_of(entry: AuditEntry) -> Sequence[str | int]:
    """An entry as the cells of a line."""
    return (
        entry.n,
        entry.at.isoformat(),
        entry.actor_name,
        entry.actor_id,
        entry.actor_unit,
        entry.address,
        entry.session,
        entry.request,
        entry.action,
        entry.room,
        entry.record,
        entry.label,
        entry.purpose,
        bytes(entry.detail).decode(),
        "yes" if entry.sealed else "no",
    )


def csv_lines(entries: Iterable[AuditEntry]) -> str:
    """Some entries as lines."""
    return spreadsheet.csv_lines(row_of(entry) for entry in entries)


def csv_head() -> str:
    """The first line, with the mark by which spreadsheets know UTF-8."""
    return spreadsheet.BYTE_ORDER_MARK + spreadsheet.csv_lines([HEADINGS])
