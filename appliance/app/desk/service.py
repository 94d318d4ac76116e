"""Asks every room what waits for a person."""

from __future__ import annotations

from appliance.app import ROOM_NAMES
from appliance.app.web.auth import Principal
from appliance.core.room import Waiting, load_attribute, load_rooms


async def waiting_for(principal: Principal) -> list[Waiting]:
    """What waits for this person, urgent things first."""
    found: list[Waiting] = []
    for room in load_rooms(ROOM_NAMES):
        if room.waiting:
            found += await load_attribute(room.name, room.waiting)(principal)
    return sorted(found, key=lambda item: (not (item.urgent and item.number), not item.number))
