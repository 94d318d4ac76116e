"""Who may sign in and what they may do: people, roles, offices, sessions, second factors, tokens.

Not for what people did (audit) nor for the registers they work in; those know a Principal only.
"""

from __future__ import annotations

from appliance.core.i18n import N_
from appliance.core.room import ALL_ROLES, Job, MenuEntry, Right, Role, Room

DAY_SECONDS = 86_400

ROOM = Room(
    name="accounts",
    title=N_("Accounts"),
    rights=(
        Right("accounts.own", ALL_ROLES, N_("Look after one's own account")),
        Right("accounts.tokens", ALL_ROLES, N_("Make tokens")),
        Right("offices.read", ALL_ROLES, N_("Read the list of offices")),
        Right(
            "accounts.read", frozenset({Role.ADMIN, Role.NCP, Role.AUDITOR}), N_("Read accounts")
        ),
        Right("accounts.manage", frozenset({Role.ADMIN}), N_("Make and change accounts")),
        Right("accounts.approve", frozenset({Role.NCP}), N_("Approve accounts")),
        Right("accounts.reset", frozenset({Role.NCP, Role.ADMIN}), N_("Hand out one-time codes")),
        Right("accounts.block", frozenset({Role.NCP, Role.ADMIN}), N_("Block accounts")),
    ),
    grants={
        "office": "SELECT, INSERT, UPDATE",
        "unit": "SELECT, INSERT, UPDATE",
        "account": "SELECT, INSERT, UPDATE",
        "session": "SELECT, INSERT, UPDATE, DELETE",
        "token": "SELECT, INSERT, UPDATE",
        "attempt": "SELECT, INSERT, UPDATE, DELETE",
        "recovery_code": "SELECT, INSERT, UPDATE, DELETE",
        "one_time": "SELECT, INSERT, UPDATE",
        "security_event": "SELECT, INSERT, UPDATE, DELETE",
        "use_day": "SELECT, INSERT",
    },
    jobs=(
        Job(kind="block_idle", handler="jobs:block_idle", every_seconds=DAY_SECONDS),
        Job(kind="tidy", handler="jobs:tidy", every_seconds=DAY_SECONDS),
    ),
    waiting="api:waiting",
    menu=(
        MenuEntry(
            N_("People"), "/accounts", "users", "accounts.read", N_("Administration"), order=80
        ),
        MenuEntry(
            N_("Offices"),
            "/accounts/offices",
            "building",
            "accounts.manage",
            N_("Administration"),
            order=81,
        ),
    ),
)
