"""What a person does with the own account: language and password."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from appliance.app.accounts.policy.passwords import password_problem
from appliance.app.accounts.service import events, passwords, proof, sessions
from appliance.app.web.auth import Principal
from appliance.core import audit, clock, db
from appliance.core.errors import Conflict, Invalid
from appliance.core.i18n import LANGUAGES, N_, Message

DIFFERENT = N_("The two entries of the new password differ.")
PRESENT_WRONG = N_("The present password is not right.")
UNCHANGED = N_("Choose a password that differs from the present one.")


class NewPassword(NamedTuple):
    """A new password as it was typed, twice."""

    password: str
    repeated: str


def check_new_password(password: str, repeated: str, names: tuple[str, ...]) -> None:
    """Refuse a new password that cannot stand.

    Raises:
        Invalid: with one sentence per field.
    """
    problem = password_problem(password, names)
    if problem is not None:
        raise Invalid(problem.key, fields={"new_password": problem}, **problem.params)
    if password != repeated:
        raise Invalid(DIFFERENT, fields={"repeated": Message(DIFFERENT)})


async def login_of(account: UUID) -> str:
    """The sign-in name of an account."""
    return str(await db.fetch_value("SELECT login FROM accounts.account WHERE id = $1", account))


async def change_password(
    principal: Principal, session: UUID, current: str, wanted: NewPassword, address: str
) -> str:
    """Set a new password and end all other sessions; return this session's new secret.

    Raises:
        Invalid: the present password is wrong, or the new one cannot stand.
        TooMany: wrong present passwords are too recent.
        Conflict: the password was changed elsewhere in the meantime.
    """
    # Whoever came with a one-time code has no present password to give.
    if not principal.must_change_password:
        await proof.prove(principal, current, address, PRESENT_WRONG)
    row = await db.fetch_row(
        "SELECT login, password_hash FROM accounts.account WHERE id = $1", principal.id
    )
    stored = row["password_hash"] if row else ""
    login = row["login"] if row else ""
    check_new_password(wanted.password, wanted.repeated, (login, principal.name))
    if stored and await passwords.verify(stored, wanted.password):
        raise Invalid(UNCHANGED, fields={"new_password": Message(UNCHANGED)})
    digest = await passwords.make_hash(wanted.password)
    async with db.transaction():
        await store(principal.id, stored, digest)
        await sessions.end_all(principal.id, but=session)
        await sessions.note_confirmed(session)
        return await sessions.renew(session)


async def store(account: UUID, old: str, new: str) -> None:
    """Put a new password into force, in the open transaction.

    Raises:
        Conflict: it was changed elsewhere in the meantime.
    """
    changed = await db.execute(
        "UPDATE accounts.account SET password_hash = $3, must_change_password = false"
        " WHERE id = $1 AND password_hash = $2 AND state = 'ACTIVE'",
        account,
        old,
        new,
    )
    if not changed:
        raise Conflict(N_("Your password was changed elsewhere in the meantime. Sign in again."))
    await events.note(account, "PASSWORD")
    await audit.record(audit.Action.SECURITY, "accounts", account, detail={"what": "PASSWORD"})


async def choose_language(principal: Principal, language: str) -> None:
    """Set the language of the account.

    Raises:
        Invalid: there is no such language.
    """
    if language not in LANGUAGES:
        text = N_("This is not one of the choices. Nothing was changed.")
        raise Invalid(text, fields={"language": Message(text)})
    async with db.transaction():
        await db.execute(
            "UPDATE accounts.account SET language = $2 WHERE id = $1", principal.id, language
        )
        await audit.record(
            audit.Action.UPDATE,
            "accounts",
            principal.id,
            detail={"language": [principal.language, language]},
        )


async def end_device(principal: Principal, session: UUID) -> bool:
    """End one of the own sessions; false if there is none of that id."""
    async with db.transaction():
        ended = await sessions.end(session, principal.id)
        if ended:
            await note_ended(principal, 1)
    return ended


async def end_other_devices(principal: Principal) -> int:
    """End all own sessions but the present one; return how many."""
    async with db.transaction():
        count = await sessions.end_all(principal.id, but=principal.session_id)
        await note_ended(principal, count)
    return count


async def note_ended(principal: Principal, count: int) -> None:
    """Tell the audit that sessions were ended."""
    await audit.record(
        audit.Action.SECURITY,
        "accounts",
        principal.id,
        detail={"what": "SESSIONS", "count": count, "at": clock.now()},
    )
