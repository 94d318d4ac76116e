"""The head of the chain as noted outside the database: who cuts off the end of the trail must find this note too.

The note lies in the data folder, and the log gets it as well; backups and reports carry it further away.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import NamedTuple

from appliance.app.audit.chain import SealRow
from appliance.core import clock
from appliance.core.files import write_atomically

FILE = "audit-head"
NOTE_SECONDS = 60  # how often the head is noted
NOTED = re.compile(r"([1-9]\d{0,17}):([0-9a-fA-F]{64})")
log = logging.getLogger(__name__)


class NotedHead(NamedTuple):
    """A seal's number and digest (hexadecimal) as somebody wrote them down elsewhere."""

    number: int
    sha256: str

    def __str__(self) -> str:
        return f"{self.number}:{self.sha256}"


def parse_head(text: str) -> NotedHead | None:
    """A head as it is written, NUMBER:SHA256, or nothing if it is none."""
    found = NOTED.fullmatch(text.strip())
    return NotedHead(int(found[1]), found[2].lower()) if found else None


def read_head(state: Path) -> NotedHead | None:
    """The head that this installation noted last, or nothing if it noted none."""
    try:
        return parse_head((state / FILE).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


class HeadNote:
    """Notes the head now and then; a head that is behind the noted one is never written over it."""

    def __init__(self) -> None:
        self.due = 0.0

    def is_due(self) -> bool:
        """Whether it is time to note the head again."""
        return clock.monotonic() >= self.due

    def note(self, state: Path, head: SealRow | None) -> bool:
        """Write the head down if it has moved on; return whether it had."""
        self.due = clock.monotonic() + NOTE_SECONDS
        if head is None:
            return False
        before = read_head(state)
        if before is not None and before.number >= head.number:
            return False
        noted = NotedHead(head.number, head.sha256.hex())
        write_atomically(state / FILE, str(noted).encode("ascii"))
        log.info("audit head %s", noted)
        return True
