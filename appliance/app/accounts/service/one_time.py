"""Codes and links that work once: a forgotten password, a new account, the first start."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from appliance.app.accounts import limits
from appliance.app.accounts.policy.sessions import Bounds, bounds
from appliance.app.accounts.service.passwords import code_hash
from appliance.app.accounts.tables import OneTime
from appliance.core import clock, crypto, db, ids
from appliance.core.audit import current_actor
from appliance.core.settings import get_settings

RESET_LASTS = timedelta(hours=limits.RESET_HOURS)
LINK_LASTS = timedelta(days=limits.FIRST_LINK_DAYS)
OPEN = "used_at IS NULL AND ends_at > $1 AND made_at <= $2 AND ends_at <= $3"
REPLACE = "UPDATE accounts.one_time SET used_at = $1 WHERE used_at IS NULL AND "


def open_bounds(longest: timedelta) -> Bounds:
    """Where the moments of what is still open lie now."""
    return bounds(clock.now(), longest, believed=clock.trusted(get_settings().state))


async def write(kind: str, digest: bytes, lasts: timedelta, account: UUID | None = None) -> None:
    """Note a new code or link; the one before it stops working."""
    actor, now = current_actor.get(), clock.now()
    if account is None:
        await db.execute(REPLACE + "kind = $2", now, kind)
    else:
        await db.execute(REPLACE + "account = $2", now, account)
    await OneTime.insert(
        OneTime(
            id=ids.new_id(),
            kind=kind,
            account=account,
            code_hash=digest,
            made_by=UUID(actor.id) if actor.id else None,
            made_by_name=actor.name,
            made_at=now,
            ends_at=now + lasts,
        )
    )


async def issue_code(account: UUID) -> str:
    """A code for an account, to be told to its owner."""
    code = ids.spoken_code()
    await write("RESET", code_hash(code), RESET_LASTS, account)
    return code


async def spend_code(account: UUID, code: str) -> bool:
    """Use up the code of an account; false if it is not this one, used or too old."""
    return bool(
        await db.execute(
            f"UPDATE accounts.one_time SET used_at = $6 WHERE {OPEN}"  # noqa: S608 - our own words only
            " AND account = $4 AND code_hash = $5",
            *open_bounds(RESET_LASTS),
            account,
            code_hash(code),
            clock.now(),
        )
    )


async def has_code(account: UUID, code: str) -> bool:
    """Whether a typed text is the open code of an account."""
    return bool(
        await db.fetch_value(
            f"SELECT count(*) FROM accounts.one_time WHERE {OPEN}"  # noqa: S608 - our own words only
            " AND account = $4 AND code_hash = $5",
            *open_bounds(RESET_LASTS),
            account,
            code_hash(code),
        )
    )


async def issue_link(kind: str) -> str:
    """The secret of a link for the first start."""
    secret = ids.new_token()
    await write(kind, crypto.token_hash(secret), LINK_LASTS)
    return secret


async def kind_of_link(secret: str) -> str | None:
    """What an open link is for."""
    kind: str | None = await db.fetch_value(
        f"SELECT kind FROM accounts.one_time WHERE {OPEN}"  # noqa: S608 - our own words only
        " AND account IS NULL AND code_hash = $4",
        *open_bounds(LINK_LASTS),
        crypto.token_hash(secret),
    )
    return kind


async def spend_link(secret: str, kind: str) -> bool:
    """Use up a link; false if somebody was faster or it is too old."""
    return bool(
        await db.execute(
            f"UPDATE accounts.one_time SET used_at = $6 WHERE {OPEN}"  # noqa: S608 - our own words only
            " AND account IS NULL AND kind = $4 AND code_hash = $5",
            *open_bounds(LINK_LASTS),
            kind,
            crypto.token_hash(secret),
            clock.now(),
        )
    )
