"""The room imports."""

from __future__ import annotations

from appliance.core.i18n import N_
from appliance.core.room import Room

ROOM = Room(name="imports", title=N_("Imports"))
