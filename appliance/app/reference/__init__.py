"""Code lists: what the coded fields of a case may say, in every language, with validity and origin.

Not for free text, and not for offices and units, which accounts keeps.
"""

from __future__ import annotations

from appliance.core.i18n import N_
from appliance.core.room import ALL_ROLES, MenuEntry, Right, Room

ROOM = Room(
    name="reference",
    title=N_("Code lists"),
    rights=(Right("reference.read", ALL_ROLES, N_("Read the code lists")),),
    grants={"entry": "SELECT, INSERT, UPDATE"},
    menu=(
        MenuEntry(
            N_("Code lists"), "/reference", "list", "reference.read", group=N_("Help"), order=90
        ),
    ),
    seed="service:seed",
)
