"""The room reference."""

from __future__ import annotations

from appliance.core.i18n import N_
from appliance.core.room import Room

ROOM = Room(name="reference", title=N_("Lists"))
