"""Signing in: name and password, then the second factor where one is set up, then a fresh session.

An unknown name gets the same answer, after the same work, as a wrong password.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from appliance.app.accounts import limits
from appliance.app.accounts.policy.names import fold_login
from appliance.app.accounts.schemas import Origin, State
from appliance.app.accounts.service import (
    attempts,
    events,
    idle,
    one_time,
    passwords,
    proof,
    second_factor,
    sessions,
)
from appliance.app.web.auth import Principal
from appliance.core import audit, clock, db
from appliance.core.crypto import token_hash
from appliance.core.errors import Forbidden, Invalid, NotSignedIn
from appliance.core.i18n import N_, Message
from appliance.core.settings import get_settings

FIND = """
SELECT a.id, a.login, a.name, a.state, a.password_hash, a.totp_since, a.must_change_password,
    coalesce(u.name, a.office, '') AS place
FROM accounts.account a LEFT JOIN accounts.unit u ON u.id = a.unit WHERE lower(a.login) = $1
"""
FIND_HALF = """
SELECT s.id AS session, s.resumes, s.made_at, a.id, a.login, a.name, a.state, a.password_hash,
    a.totp_since, a.must_change_password, coalesce(u.name, a.office, '') AS place
FROM accounts.session s JOIN accounts.account a ON a.id = s.account
LEFT JOIN accounts.unit u ON u.id = a.unit
WHERE s.token_hash = $1 AND s.stage = 'HALF' AND s.ended_at IS NULL AND a.state = 'ACTIVE'
"""
# While a password is checked a reset may take it away; the lock lets the reset end this session too.
STILL_RIGHT = """
SELECT id FROM accounts.account WHERE id = $1 AND password_hash = $2 AND state = 'ACTIVE'
FOR NO KEY UPDATE
"""
NOBODY = UUID(int=0)
WRONG = N_("The sign-in name or the password is not right.")
RESET_WRONG = N_("The sign-in name or the code is not right, or the code was used or is too old.")
CODE_WRONG = N_("This code is not right, or it was used already.")
TOO_LATE = N_("The sign-in took too long. Begin again.")
BLOCKED = N_("This account is blocked. Ask your national contact point or administrator.")


class Known(msgspec.Struct, frozen=True):
    """What signing in needs to know of an account."""

    id: UUID
    login: str
    name: str
    state: str
    password_hash: str
    has_factor: bool
    must_change_password: bool
    place: str


class Entered(msgspec.Struct, frozen=True):
    """A step that succeeded: the cookie's new secret, and what to tell the person."""

    secret: str
    complete: bool
    resumes: bool
    must_change_password: bool = False
    notice: Message | None = None


def known_from(row: Mapping[str, Any]) -> Known:
    """A row of the statements above as a value."""
    fields = dict(row)
    fields["has_factor"] = fields.pop("totp_since") is not None
    return Known(**fields)


async def find(login: str) -> Known | None:
    """The account of a sign-in name."""
    row = await db.fetch_row(FIND, login)
    return known_from(row) if row else None


def act_as(person: Known, origin: Origin, session: str = "") -> None:
    """From here on audit entries name this person."""
    audit.current_actor.set(
        audit.Actor(
            id=str(person.id),
            name=person.name,
            unit=person.place,
            address=origin.address,
            session=session,
        )
    )


async def refuse(login: str, person: Known | None, origin: Origin, why: str) -> None:
    """Note a failed try; what was typed as a name is kept only if it is one."""
    async with db.transaction():
        await events.note_failed(login, origin)
        await audit.record(
            audit.Action.SIGN_IN_FAILED,
            "accounts",
            person.id if person else "",
            label=person.login if person else "",
            detail={"why": why},
        )


async def enter(
    login_typed: str, secret_typed: str, origin: Origin, cookie: str, *, wrong: str = WRONG
) -> Entered:
    """Sign in with a password, or with a one-time code in its place.

    Raises:
        Invalid: name or secret is not right.
        Forbidden: both are right and the account is blocked.
        TooMany: earlier failures are too recent.
    """
    login = fold_login(login_typed)[: limits.LOGIN_CHARS]
    await attempts.reserve(login, origin.address)
    person = await find(login)
    right = await passwords.verify(person.password_hash if person else "", secret_typed)
    # Looked up for unknown names as well, so that they take as long.
    coded = await one_time.has_code(person.id if person else NOBODY, secret_typed)
    by_code = coded and not right
    if person is None or not (right or by_code):
        await refuse(login, person, origin, "wrong")
        raise Invalid(wrong)
    if person.state != State.ACTIVE:
        await refuse(login, person, origin, "blocked")
        raise Forbidden(BLOCKED)
    return await open_door(person, origin, cookie, secret_typed if by_code else "")


async def open_door(person: Known, origin: Origin, cookie: str, code: str) -> Entered:
    """Make the session of somebody whose secret was right.

    Raises:
        Invalid: the one-time code was used by somebody faster, or the password was taken away.
    """
    async with db.transaction():
        act_as(person, origin)
        if code:
            await use_code(person, code, origin)
        elif not await db.fetch_value(STILL_RIGHT, person.id, person.password_hash):
            raise Invalid(WRONG)
        await attempts.forgive(person.login, origin.address)
        resumes = await sessions.leave(cookie) == person.id
        stage = "HALF" if person.has_factor else "FULL"
        session, secret = await sessions.open_session(person.id, origin, stage, resumes=resumes)
        act_as(person, origin, str(session))
        notice = None if person.has_factor else await arrive(person, origin)
    change = bool(code) or person.must_change_password
    return Entered(secret, not person.has_factor, resumes, change, notice)


async def use_code(person: Known, code: str, origin: Origin) -> None:
    """Use up a one-time code; from now on a new password is owed.

    Raises:
        Invalid: somebody was faster.
    """
    if not await one_time.spend_code(person.id, code):
        raise Invalid(WRONG)
    await db.execute(
        "UPDATE accounts.account SET must_change_password = true WHERE id = $1", person.id
    )
    await events.note(person.id, "CODE_USED", origin)
    await audit.record(audit.Action.SECURITY, "accounts", person.id, detail={"what": "CODE_USED"})


async def arrive(person: Known, origin: Origin) -> Message | None:
    """Note a complete sign-in; return what the person must be told."""
    warned = await idle.warning(person.id)
    notice = await events.tell(person.id)
    await events.note(person.id, "SIGN_IN", origin)
    await sessions.note_use(person.id)
    await audit.record(audit.Action.SIGN_IN, "accounts", person.id, label=person.login)
    return notice or warned


async def find_half(cookie: str) -> tuple[UUID, bool, Known] | None:
    """Who has given the password and still owes the second factor."""
    row = await db.fetch_row(FIND_HALF, token_hash(cookie)) if cookie else None
    if row is None:
        return None
    fields = dict(row)
    session, resumes, made_at = (fields.pop(name) for name in ("session", "resumes", "made_at"))
    late = clock.now() - made_at > timedelta(seconds=limits.HALF_SECONDS)
    if late and clock.trusted(get_settings().state):
        return None
    return session, resumes, known_from(fields)


async def enter_code(cookie: str, typed: str, origin: Origin) -> Entered:
    """Give the second factor or a recovery code.

    Raises:
        NotSignedIn: the password was given too long ago, or not at all.
        Invalid: the code is not right or was used before.
        TooMany: earlier failures are too recent.
    """
    found = await find_half(cookie)
    if found is None:
        raise NotSignedIn(TOO_LATE)
    half, resumes, person = found
    who = f"factor {person.id}"
    await attempts.reserve(who, origin.address)
    async with db.transaction():
        act_as(person, origin, str(half))
        kind = await second_factor.spend(person.id, typed)
        if kind:
            await attempts.forgive(who, origin.address)
            return await complete(person, origin, half, kind, resumes=resumes)
    await refuse(person.login, person, origin, "second factor")
    raise Invalid(CODE_WRONG, fields={"code": Message(CODE_WRONG)})


async def complete(
    person: Known, origin: Origin, half: UUID, kind: str, *, resumes: bool
) -> Entered:
    """Both proofs are given: a fresh session takes the place of the half one.

    Raises:
        NotSignedIn: the half one was ended meanwhile, as a reset does.
    """
    if not await sessions.end(half, person.id):
        raise NotSignedIn(TOO_LATE)
    if kind == "recovery":
        await second_factor.note(person.id, "CODE_SPENT")
    session, secret = await sessions.open_session(person.id, origin, "FULL")
    act_as(person, origin, str(session))
    notice = await arrive(person, origin)
    return Entered(secret, True, resumes, person.must_change_password, notice)


async def leave(principal: Principal) -> None:
    """Sign out."""
    async with db.transaction():
        if principal.session_id:
            await sessions.end(principal.session_id, principal.id)
        await audit.record(audit.Action.SIGN_OUT, "accounts", principal.id)


async def confirm(principal: Principal, password: str, address: str) -> None:
    """Give the password again before a weighty act.

    Raises:
        Invalid: the password is not right.
        TooMany: earlier failures are too recent.
    """
    await proof.prove(principal, password, address)
    if principal.session_id is not None:
        await sessions.note_confirmed(principal.session_id)
