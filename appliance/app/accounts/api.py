"""What the house and other rooms may ask of accounts."""

from __future__ import annotations

from appliance.app.accounts import ROOM
from appliance.app.accounts.service.demo import make_demo_accounts
from appliance.app.accounts.service.offices import (
    ensure_offices,
    find_office,
    list_offices,
    list_units,
)
from appliance.app.accounts.service.people import count_blocked_soon, count_waiting
from appliance.app.accounts.service.sessions import find_session
from appliance.app.accounts.service.tokens import find_token
from appliance.app.web.auth import Principal
from appliance.core.i18n import N_
from appliance.core.room import Waiting, rights_by_name

__all__ = [
    "ensure_offices",
    "find_office",
    "find_session",
    "find_token",
    "list_offices",
    "list_units",
    "make_demo_accounts",
    "waiting",
]

RIGHTS = rights_by_name([ROOM])
APPROVE, KEEP = RIGHTS["accounts.approve"], RIGHTS["accounts.block"]


async def waiting(principal: Principal) -> list[Waiting]:
    """What waits for those who keep accounts: approvals, and people whom idleness blocks soon."""
    found = []
    if principal.may(APPROVE):
        count, where = await count_waiting(), "/accounts/waiting"
        label = N_("Accounts that wait for you")
        found.append(Waiting(label, count, where, "user-check", urgent=True))
    if principal.may(KEEP):
        count = await count_blocked_soon()
        found.append(Waiting(N_("Accounts blocked soon"), count, "/accounts?state=SOON", "users"))
    return found
