"""What the house and other rooms may ask of accounts."""

from __future__ import annotations

from appliance.app.accounts.service.demo import make_demo_accounts
from appliance.app.accounts.service.offices import (
    ensure_offices,
    find_office,
    list_offices,
    list_units,
)
from appliance.app.accounts.service.sessions import find_session
from appliance.app.accounts.service.tokens import find_token

__all__ = [
    "ensure_offices",
    "find_office",
    "find_session",
    "find_token",
    "list_offices",
    "list_units",
    "make_demo_accounts",
]
