"""Codes and links that work once: a forgotten password, a new account, the first start."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from appliance.app.accounts import limits
from appliance.app.accounts.service.passwords import code_hash
from appliance.app.accounts.tables import OneTime
from appliance.core import clock, crypto, db, ids
from appliance.core.audit import current_actor
from appliance.core.settings import get_settings

REPLACE = "UPDATE accounts.one_time SET used_at = $1 WHERE used_at IS NULL AND "


def counting_moment() -> datetime:
    """The moment that expiry is measured at; a clock nobody believes lets nothing expire."""
    now = clock.now()
    return now if clock.trusted(get_settings().state) else datetime.min.replace(tzinfo=now.tzinfo)


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
    await write("RESET", code_hash(code), timedelta(hours=limits.RESET_HOURS), account)
    return code


async def spend_code(account: UUID, code: str) -> bool:
    """Use up the code of an account; false if it is not this one, used or too old."""
    return bool(
        await db.execute(
            "UPDATE accounts.one_time SET used_at = $4 WHERE used_at IS NULL AND ends_at > $1"
            " AND account = $2 AND code_hash = $3",
            counting_moment(),
            account,
            code_hash(code),
            clock.now(),
        )
    )


async def has_code(account: UUID, code: str) -> bool:
    """Whether a typed text is the open code of an account."""
    return bool(
        await db.fetch_value(
            "SELECT count(*) FROM accounts.one_time WHERE used_at IS NULL AND ends_at > $1"
            " AND account = $2 AND code_hash = $3",
            counting_moment(),
            account,
            code_hash(code),
        )
    )


async def issue_link(kind: str) -> str:
    """The secret of a link for the first start."""
    secret = ids.new_token()
    await write(kind, crypto.token_hash(secret), timedelta(days=limits.FIRST_LINK_DAYS))
    return secret


async def kind_of_link(secret: str) -> str | None:
    """What an open link is for."""
    kind: str | None = await db.fetch_value(
        "SELECT kind FROM accounts.one_time WHERE used_at IS NULL AND ends_at > $1"
        " AND account IS NULL AND code_hash = $2",
        counting_moment(),
        crypto.token_hash(secret),
    )
    return kind


async def spend_link(secret: str, kind: str) -> bool:
    """Use up a link; false if somebody was faster or it is too old."""
    return bool(
        await db.execute(
            "UPDATE accounts.one_time SET used_at = $4 WHERE used_at IS NULL AND ends_at > $1"
            " AND account IS NULL AND kind = $2 AND code_hash = $3",
            counting_moment(),
            kind,
            crypto.token_hash(secret),
            clock.now(),
        )
    )
