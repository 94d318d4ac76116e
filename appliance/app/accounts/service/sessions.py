"""Sessions: one statement finds who is behind a cookie; written when new, over, or a minute old."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

import asyncpg

from appliance.app.accounts import limits
from appliance.app.accounts.policy.sessions import Times, is_over, is_stale, name_browser
from appliance.app.accounts.schemas import Device, Origin
from appliance.app.accounts.tables import Session
from appliance.app.web.auth import Principal
from appliance.core import clock, db, ids
from appliance.core.crypto import token_hash
from appliance.core.errors import NotSignedIn
from appliance.core.i18n import N_
from appliance.core.room import Role
from appliance.core.settings import get_settings

FIND = """
SELECT s.id AS session, s.made_at, s.seen_at, s.ends_at, s.confirmed_at, a.id, a.name, a.language,
    a.roles, a.office, u.name AS unit, a.must_change_password, a.totp_since, a.last_used_on
FROM accounts.session s
JOIN accounts.account a ON a.id = s.account
LEFT JOIN accounts.unit u ON u.id = a.unit
WHERE s.token_hash = $1 AND s.stage = 'FULL' AND s.ended_at IS NULL AND a.state = 'ACTIVE'
"""
TOUCH = "UPDATE accounts.session SET seen_at = $2 WHERE id = $1"
OPEN = """
SELECT id, made_at, seen_at, ends_at, address, agent FROM accounts.session
WHERE account = $1 AND ended_at IS NULL AND stage = 'FULL' ORDER BY seen_at DESC LIMIT $2
"""
END = "UPDATE accounts.session SET ended_at = $2 WHERE ended_at IS NULL AND "


def idle_limit() -> timedelta:
    """How long a session may lie unused."""
    return timedelta(minutes=get_settings().session_idle_minutes)


def owes_factor(roles: Iterable[str], factor_since: datetime | None) -> bool:
    """Whether a role demands a second factor that is not set up yet."""
    demanding = get_settings().second_factor_roles
    return factor_since is None and not frozenset(roles).isdisjoint(demanding)


def principal_from(row: asyncpg.Record) -> Principal:
    """The person behind a found session."""
    roles = frozenset(map(Role, row["roles"]))
    return Principal(
        id=row["id"],
        name=row["name"],
        roles=roles,
        office=row["office"] or "",
        unit=row["unit"] or "",
        language=row["language"],
        session_id=row["session"],
        confirmed_at=row["confirmed_at"],
        must_change_password=row["must_change_password"],
        must_set_second_factor=owes_factor(roles, row["totp_since"]),
    )


async def find_session(digest: bytes) -> Principal | None:
    """Who is behind a session cookie; nobody if it is unknown or over."""
    row = await db.fetch_row(FIND, digest)
    if row is None:
        return None
    now = clock.now()
    times = Times(row["made_at"], row["seen_at"], row["ends_at"])
    over, stale = is_over(times, now, idle_limit()), is_stale(row["seen_at"], now)
    # The clock's file is read only where its word matters.
    if (over or stale) and clock.trusted(get_settings().state):
        if over:
            return None
        await db.execute(TOUCH, row["session"], now)
        if row["last_used_on"] != now.date():
            await note_use(row["id"])
    return principal_from(row)


async def note_use(account: UUID) -> None:
    """Today somebody worked here, and this person did; a day of a wrong clock is no day."""
    if not clock.trusted(get_settings().state):
        return
    today = clock.now().date()
    await db.execute(
        "INSERT INTO accounts.use_day (day) VALUES ($1) ON CONFLICT (day) DO NOTHING", today
    )
    await db.execute("UPDATE accounts.account SET last_used_on = $2 WHERE id = $1", account, today)


async def open_session(
    account: UUID, origin: Origin, stage: str, *, resumes: bool = False
) -> tuple[UUID, str]:
    """Make a session; return its id and the secret for the cookie."""
    now, secret, session = clock.now(), ids.new_token(), ids.new_id()
    await Session.insert(
        Session(
            id=session,
            token_hash=token_hash(secret),
            account=account,
            stage=stage,
            resumes=resumes,
            made_at=now,
            seen_at=now,
            ends_at=now + timedelta(hours=get_settings().session_hours),
            confirmed_at=now,
            address=origin.address[:64],
            agent=origin.agent[: limits.AGENT_CHARS],
        )
    )
    return session, secret


async def renew(session: UUID) -> str:
    """Give a session a new secret, for its rights or proofs have changed.

    Raises:
        NotSignedIn: it was ended meanwhile; what the open transaction changed must not stand.
    """
    secret = ids.new_token()
    renewed = await db.execute(
        "UPDATE accounts.session SET token_hash = $2 WHERE id = $1 AND ended_at IS NULL",
        session,
        token_hash(secret),
    )
    if not renewed:
        raise NotSignedIn(N_("Sign in to go on."))
    return secret


async def note_confirmed(session: UUID) -> None:
    """The password was given again just now."""
    await db.execute(
        "UPDATE accounts.session SET confirmed_at = $2 WHERE id = $1", session, clock.now()
    )


async def end(session: UUID, account: UUID) -> bool:
    """End one session of an account; false if it has none of that id that is open."""
    return bool(await db.execute(END + "id = $1 AND account = $3", session, clock.now(), account))


async def end_all(account: UUID, but: UUID | None = None) -> int:
    """End every session of an account, one perhaps excepted; return how many."""
    return await db.execute(
        END + "account = $1 AND id IS DISTINCT FROM $3", account, clock.now(), but
    )


async def leave(secret: str) -> UUID | None:
    """End the session that a browser brought along; return whose it was, also if it was over."""
    if not secret:
        return None
    digest = token_hash(secret)
    await db.execute(END + "token_hash = $1", digest, clock.now())
    owner: UUID | None = await db.fetch_value(
        "SELECT account FROM accounts.session WHERE token_hash = $1", digest
    )
    return owner


async def list_devices(account: UUID, current: UUID | None) -> list[Device]:
    """The open sessions of an account, the newest use first."""
    now, idle = clock.now(), idle_limit()
    believed = clock.trusted(get_settings().state)
    devices = [
        Device(**{**dict(row), "agent": name_browser(row["agent"])}, current=row["id"] == current)
        for row in await db.fetch(OPEN, account, limits.SESSIONS_SHOWN)
    ]
    return [
        device
        for device in devices
        if not (
            believed and is_over(Times(device.made_at, device.seen_at, device.ends_at), now, idle)
        )
    ]
