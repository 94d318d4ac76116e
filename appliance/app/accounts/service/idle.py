"""Idleness: days in use since somebody was last here; a switched-off server ages nobody."""

from __future__ import annotations

from uuid import UUID

from appliance.app.accounts import limits
from appliance.app.accounts.policy.people import KEEPERS
from appliance.app.accounts.policy.sessions import is_idle
from appliance.app.accounts.service import events, sessions, tokens
from appliance.core import audit, clock, db
from appliance.core.i18n import NN_, Message
from appliance.core.room import Role
from appliance.core.settings import get_settings

IDLE_DAYS = """
SELECT count(*) FROM accounts.use_day d, accounts.account a
WHERE a.id = $1 AND d.day > coalesce(a.last_used_on, (a.made_at AT TIME ZONE 'UTC')::date)
"""
SLEEPERS = """
SELECT a.id, a.login, a.roles, (SELECT count(*) FROM accounts.use_day d WHERE d.day >
    coalesce(a.last_used_on, (a.made_at AT TIME ZONE 'UTC')::date)) AS idle_days
FROM accounts.account a WHERE a.state = 'ACTIVE' ORDER BY a.id
"""
ONE_DAY, SOME_DAYS = NN_(
    "You have not been here for long: the account would have been blocked after %(n)s more day.",
    "You have not been here for long: the account would have been blocked after %(n)s more days.",
)


async def warning(account: UUID) -> Message | None:
    """What somebody is told who came back shortly before the account would have been blocked."""
    left = limits.IDLE_DAYS - int(await db.fetch_value(IDLE_DAYS, account))
    if left > limits.IDLE_WARNING_DAYS:
        return None
    return Message(ONE_DAY, {"n": max(0, left)}, SOME_DAYS)


async def block_idle() -> int:
    """Block who slept through the days in use; never the last keeper, never by a wrong clock."""
    if not clock.trusted(get_settings().state):
        return 0
    rows = await db.fetch(SLEEPERS)
    awake = {role for row in rows if not is_idle(row["idle_days"]) for role in row["roles"]}
    blocked = 0
    for row in rows:
        if not is_idle(row["idle_days"]):
            continue
        kept = {role for role in map(Role, row["roles"]) if role in KEEPERS} - awake
        if kept:
            # One sleeping keeper stays, so that somebody can open the others again.
            awake |= kept
            continue
        blocked += await block(row["id"], row["login"], row["idle_days"])
    return blocked


async def block(account: UUID, login: str, idle_days: int) -> int:
    """Block one sleeper."""
    async with db.transaction():
        changed = await db.execute(
            "UPDATE accounts.account SET state = 'BLOCKED', block_reason = 'IDLE'"
            " WHERE id = $1 AND state = 'ACTIVE'",
            account,
        )
        if changed:
            await sessions.end_all(account)
            await tokens.end_all(account)
            await events.note(account, "BLOCKED")
            await audit.record(
                audit.Action.STATE,
                "accounts",
                account,
                label=login,
                detail={"state": ["ACTIVE", "BLOCKED"], "idle_days": idle_days},
            )
    return changed
