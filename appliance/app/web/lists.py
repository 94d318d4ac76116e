"""What a list is drawn from: headings, lines and cells, as the macros of lists take them."""

from __future__ import annotations

from typing import Any, NamedTuple


class Column(NamedTuple):
    """A heading of a list; its kind is text, code, number or date."""

    label: str
    kind: str = "text"


class Cell(NamedTuple):
    """A cell that is more than a text: a state with its look, or a value beside what was typed."""

    text: str
    kind: str = ""
    typed: str = ""


class Row(NamedTuple):
    """A line of a list, and the address it leads to."""

    cells: list[Any]
    url: str = ""
