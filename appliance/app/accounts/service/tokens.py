"""API tokens: shown once, stored hashed, narrower than their owner, and never good for accounts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from appliance.app.accounts import limits
from appliance.app.accounts.policy.sessions import Bounds, bounds, is_stale
from appliance.app.accounts.schemas import TokenRow
from appliance.app.accounts.service import events
from appliance.app.accounts.service.sessions import note_use, owes_factor
from appliance.app.accounts.tables import Token
from appliance.app.web.auth import Principal
from appliance.core import audit, clock, db, ids
from appliance.core.crypto import token_hash
from appliance.core.errors import Conflict, Invalid, NotFound
from appliance.core.i18n import N_, Message
from appliance.core.room import Right, Role
from appliance.core.settings import get_settings

MARK = "ncen_"
OWN_ROOM = "accounts."
NOT_FOUND = N_("There is no such token, or it was revoked already.")
# A token of somebody who owes a new password or a second factor does not work until it is there.
FIND = """
SELECT t.id AS token, t.prefix, t.scope, t.made_at, t.ends_at, t.seen_at, a.id, a.name, a.language, a.roles, a.office,
    u.name AS unit, a.last_used_on, a.totp_since
FROM accounts.token t
JOIN accounts.account a ON a.id = t.account
LEFT JOIN accounts.unit u ON u.id = a.unit
WHERE t.token_hash = $1 AND t.revoked_at IS NULL AND a.state = 'ACTIVE'
    AND NOT a.must_change_password AND a.password_hash <> ''
"""
LIST = """
SELECT id, prefix, name, scope, made_at, ends_at, seen_at, revoked_at FROM accounts.token
WHERE account = $1 ORDER BY revoked_at IS NOT NULL, made_at DESC LIMIT $2
"""


async def find_token(digest: bytes) -> Principal | None:
    """Who is behind an API token; nobody if it is unknown, revoked or over."""
    row = await db.fetch_row(FIND, digest)
    if row is None or owes_factor(row["roles"], row["totp_since"]):
        return None
    now = clock.now()
    over = not token_bounds(believed=True).hold(row["made_at"], row["ends_at"])
    stale = row["seen_at"] is None or is_stale(row["seen_at"], now)
    if (over or stale) and clock.trusted(get_settings().state):
        if over:
            return None
        await db.execute("UPDATE accounts.token SET seen_at = $2 WHERE id = $1", row["token"], now)
        if row["last_used_on"] != now.date():
            await note_use(row["id"])
    return Principal(
        id=row["id"],
        name=row["name"],
        roles=frozenset(map(Role, row["roles"])),
        office=row["office"] or "",
        unit=row["unit"] or "",
        language=row["language"],
        token_scope=frozenset(row["scope"]),
        token=row["prefix"],
    )


def token_bounds(*, believed: bool) -> Bounds:
    """Where the moments of a token lie that is not over; it ends with a day, hence one more."""
    return bounds(clock.now(), timedelta(days=limits.TOKEN_DAYS + 1), believed=believed)


def scopes_for(principal: Principal, rights: Iterable[Right]) -> list[str]:
    """The rights that a token of this person may carry."""
    return sorted(
        right.name
        for right in rights
        if principal.may(right) and not right.name.startswith(OWN_ROOM)
    )


def end_of(day: date) -> datetime:
    """The last moment of a day.

    Raises:
        Invalid: the day is past, or too far ahead.
    """
    now = clock.now()
    if not now.date() < day <= now.date() + timedelta(days=limits.TOKEN_DAYS):
        text = N_("Choose a day from tomorrow up to %(days)s days ahead.")
        message = Message(text, {"days": limits.TOKEN_DAYS})
        raise Invalid(text, fields={"ends_on": message}, days=limits.TOKEN_DAYS)
    return datetime.combine(day, time.max, tzinfo=now.tzinfo)


async def make_token(
    principal: Principal, name: str, scope: Iterable[str], day: date, allowed: Iterable[str]
) -> str:
    """Make a token; return it, for it is shown once only.

    Raises:
        Invalid: the day or the scope cannot stand.
        Conflict: the person has too many tokens.
    """
    ends_at, chosen = end_of(day), sorted(set(scope))
    if not chosen or not set(chosen) <= set(allowed):
        text = N_("Choose what the token may do; it can never do more than you.")
        raise Invalid(text, fields={"scope": Message(text)})
    prefix = MARK + ids.spoken_code(1, 8).lower()
    secret = f"{prefix}_{ids.new_token()}"
    async with db.transaction():
        await refuse_too_many(principal.id)
        await Token.insert(
            Token(
                id=ids.new_id(),
                token_hash=token_hash(secret),
                prefix=prefix,
                account=principal.id,
                name=name,
                scope=chosen,
                made_at=clock.now(),
                ends_at=ends_at,
            )
        )
        await note(principal.id, "TOKEN_MADE", prefix)
    return secret


async def refuse_too_many(account: UUID) -> None:
    """Keep the number of live tokens small enough to be overlooked by their owner.

    Raises:
        Conflict: there are too many.
    """
    live = await db.fetch_value(
        "SELECT count(*) FROM accounts.token WHERE account = $1 AND revoked_at IS NULL", account
    )
    if live >= limits.TOKENS:
        raise Conflict(
            N_("You have %(limit)s tokens. Revoke one that is no longer used."), limit=limits.TOKENS
        )


async def revoke(account: UUID, token: UUID) -> None:
    """End an own token at once.

    Raises:
        NotFound: the person has no such live token.
    """
    async with db.transaction():
        await note(account, "TOKEN_REVOKED", await end(account, token))


async def end(account: UUID, token: UUID) -> str:
    """End a token, in the open transaction; return what it began with.

    Raises:
        NotFound: the account has no such live token.
    """
    prefix: str | None = await db.fetch_value(
        "UPDATE accounts.token SET revoked_at = $3"
        " WHERE id = $1 AND account = $2 AND revoked_at IS NULL RETURNING prefix",
        token,
        account,
        clock.now(),
    )
    if prefix is None:
        raise NotFound(NOT_FOUND)
    return prefix


async def end_all(account: UUID) -> int:
    """End every token of an account, in the open transaction; return how many."""
    return await db.execute(
        "UPDATE accounts.token SET revoked_at = $2 WHERE account = $1 AND revoked_at IS NULL",
        account,
        clock.now(),
    )


async def list_live(account: UUID) -> list[TokenRow]:
    """The tokens of a person that were not ended, for those who keep accounts."""
    return [token for token in await list_tokens(account) if token.revoked_at is None]


async def list_tokens(account: UUID) -> list[TokenRow]:
    """The tokens of a person, live ones first."""
    open_now = token_bounds(believed=clock.trusted(get_settings().state))
    return [
        TokenRow(**dict(row), over=not open_now.hold(row["made_at"], row["ends_at"]))
        for row in await db.fetch(LIST, account, limits.TOKENS * 2)
    ]


async def note(account: UUID, kind: str, prefix: str) -> None:
    """Tell the owner and the audit; the prefix is no secret."""
    await events.note(account, kind)
    await audit.record(
        audit.Action.SECURITY, "accounts", account, detail={"what": kind, "token": prefix}
    )
