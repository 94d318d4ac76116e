"""The officers' web application. This list is the only place that names the rooms; a new room is one line here."""

from __future__ import annotations

# In the order in which their migrations run: a room may refer only to rooms before it.
ROOM_NAMES = ("audit", "accounts", "reference", "seizures", "imports", "training", "desk")
