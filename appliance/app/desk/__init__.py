"""The desk: the first page after signing in, which collects what waits for a person from every room."""

from __future__ import annotations

from appliance.core.i18n import N_
from appliance.core.room import ALL_ROLES, MenuEntry, Right, Room

ROOM = Room(
    name="desk",
    title=N_("Desk"),
    rights=(Right("desk.read", ALL_ROLES, N_("See what waits")),),
    menu=(MenuEntry(N_("Desk"), "/", "home", "desk.read", order=0),),
)
