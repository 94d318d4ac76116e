"""What the house and other rooms may ask of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from appliance.app.accounts import ROOM
from appliance.app.accounts.service.demo import make_demo_accounts
from appliance.app.accounts.service.offices import (
    ensure_offices,
    find_office,
    list_offices,
    list_units,
)
from appliance.app.accounts.service.people import count_waiting
from appliance.app.accounts.service.sessions import find_session
from appliance.app.accounts.service.tokens import find_token
from appliance.core.i18n import N_
from appliance.core.room import Waiting

if TYPE_CHECKING:
    from appliance.app.web.auth import Principal

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

APPROVE = next(right for right in ROOM.rights if right.name == "accounts.approve")


async def waiting(principal: Principal) -> list[Waiting]:
    """The accounts that wait for this person's approval."""
    if not principal.may(APPROVE):
        return []
    return [
        Waiting(
            N_("Accounts that wait for you"),
            await count_waiting(),
            "/accounts/waiting",
            "user-check",
            urgent=True,
        )
    ]
