"""Who makes whom: roles, their approval, blocking, one-time codes. Nobody decides on the own account."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterable, Mapping
from collections.abc import Set as AbstractSet
from uuid import UUID

import msgspec

from appliance.app.accounts.policy.people import (
    KEEPER_SENTENCES,
    RESET_BY,
    last_keeper,
    may_reset,
    may_unblock,
    needs_approval,
    roles_problem,
)
from appliance.app.accounts.schemas import IssuedCode, Person, State
from appliance.app.accounts.service import events, one_time, second_factor, sessions, tokens
from appliance.app.accounts.service.people import find_person
from appliance.app.web.auth import Principal
from appliance.core import audit, clock, db
from appliance.core.errors import Conflict, Forbidden, Invalid, Refused
from appliance.core.i18n import N_
from appliance.core.room import Role

LOCK_NUMBER = 0x61636374  # "acct"
NOT_YOURSELF = N_("Nobody decides on the own account. Ask a colleague with the same duty.")
CHANGED_MEANWHILE = N_(
    "Somebody else has changed this account in the meantime. Nothing was changed."
)
# Keepers count only if they can sign in.
OTHER_KEEPERS = """
SELECT DISTINCT unnest(roles) AS role FROM accounts.account
WHERE state = 'ACTIVE' AND password_hash <> '' AND id <> $1
"""


@contextlib.asynccontextmanager
async def deciding(actor: Principal, account: UUID) -> AsyncIterator[Person]:
    """One decision at a time over roles and states, so that two keepers cannot remove each other.

    Raises:
        Forbidden: the account is the actor's own.
        NotFound: there is no such account.
    """
    if actor.id == account:
        raise Forbidden(NOT_YOURSELF)
    async with db.transaction():
        await one_decision_at_a_time()
        yield await find_person(account)


async def one_decision_at_a_time() -> None:
    """Wait for the decision that is being taken; the lock goes with the open transaction."""
    await db.execute("SELECT pg_advisory_xact_lock($1)", LOCK_NUMBER)


async def refuse_last_keeper(person: Person, kept: AbstractSet[Role] = frozenset()) -> None:
    """Keep one administrator and one national contact point who can let others in.

    Raises:
        Conflict: this is the last one.
    """
    if person.state is not State.ACTIVE:
        return
    role = last_keeper(person.roles, await other_keepers(person), kept)
    if role is not None:
        raise Conflict(KEEPER_SENTENCES[role])


async def other_keepers(person: Person) -> set[Role]:
    """The roles that others hold who can sign in."""
    return {Role(row["role"]) for row in await db.fetch(OTHER_KEEPERS, person.id)}


async def note(person: Person, kind: str, action: audit.Action, **detail: object) -> None:
    """Tell the owner and the audit."""
    await events.note(person.id, kind)
    await audit.record(
        action, "accounts", person.id, label=person.login, detail={"what": kind, **detail}
    )


def names(roles: Iterable[Role]) -> list[str]:
    """Roles as they are stored."""
    return sorted(role.value for role in roles)


async def set_roles(actor: Principal, account: UUID, wanted: frozenset[Role]) -> bool:
    """Change roles at once, or let what gives case access wait; return whether it waits.

    Raises:
        Invalid: these roles do not go together.
        Conflict: a last keeper would be lost.
    """
    problem = roles_problem(wanted)
    if problem is not None:
        raise Invalid(problem.key, fields={"roles": problem})
    async with deciding(actor, account) as person:
        waits = person.state is State.WAITING or needs_approval(person.roles, wanted)
        if waits:
            await db.execute(
                "UPDATE accounts.account SET wanted_roles = $2, wanted_by = $3, wanted_at = $4,"
                " state = CASE WHEN roles = '{}' THEN 'WAITING' ELSE state END WHERE id = $1",
                account,
                names(wanted),
                actor.id,
                clock.now(),
            )
            await audit.record(
                audit.Action.UPDATE,
                "accounts",
                account,
                label=person.login,
                detail={"wanted_roles": [names(person.roles), names(wanted)]},
            )
        else:
            await refuse_last_keeper(person, kept=wanted)
            await put_roles(person, wanted)
        return waits


async def put_roles(person: Person, roles: frozenset[Role]) -> None:
    """Put roles into force; sessions and tokens that began with others end."""
    await db.execute(
        "UPDATE accounts.account SET roles = $2, wanted_roles = NULL, wanted_by = NULL,"
        " wanted_at = NULL WHERE id = $1",
        person.id,
        names(roles),
    )
    await end_all(person.id)
    await note(person, "ROLES", audit.Action.SECURITY, roles=[names(person.roles), names(roles)])


async def end_all(account: UUID) -> Mapping[str, int]:
    """End all sessions and tokens of an account, in the open transaction; return how many."""
    return {"sessions": await sessions.end_all(account), "tokens": await tokens.end_all(account)}


async def block(actor: Principal, account: UUID) -> None:
    """Block an account and end its sessions and tokens.

    Raises:
        Conflict: it is not active, or the last of its duty.
    """
    async with deciding(actor, account) as person:
        if person.state is not State.ACTIVE:
            raise Conflict(CHANGED_MEANWHILE)
        await refuse_last_keeper(person)
        await db.execute(
            "UPDATE accounts.account SET state = 'BLOCKED', block_reason = 'PERSON' WHERE id = $1",
            account,
        )
        await end_all(account)
        await note(person, "BLOCKED", audit.Action.STATE, state=["ACTIVE", "BLOCKED"])


async def unblock(actor: Principal, account: UUID) -> None:
    """Open a blocked account again; its days of idleness begin anew.

    Raises:
        Forbidden: only the other keeper may.
        Conflict: it is not blocked, or was never approved.
    """
    async with deciding(actor, account) as person:
        if person.state is not State.BLOCKED:
            raise Conflict(CHANGED_MEANWHILE)
        if not person.roles:
            raise Conflict(N_("This account was never approved. Choose its roles first."))
        if not may_unblock(actor.roles, person.roles):
            raise Forbidden(N_("Accounts with access to cases are opened by the contact point."))
        await db.execute(
            "UPDATE accounts.account SET state = 'ACTIVE', block_reason = '',"
            " last_used_on = coalesce((SELECT max(day) FROM accounts.use_day), last_used_on)"
            " WHERE id = $1",
            account,
        )
        await note(person, "UNBLOCKED", audit.Action.STATE, state=["BLOCKED", "ACTIVE"])


async def reset(actor: Principal, account: UUID, *, drop_factor: bool = False) -> IssuedCode:
    """Take the password away and give a one-time code; all sessions and tokens end at once.

    Raises:
        Forbidden: this actor may not open this account.
        Conflict: the account is not active.
    """
    async with deciding(actor, account) as person:
        if person.state is not State.ACTIVE:
            raise Conflict(N_("Only an active account gets a code. Open or approve it first."))
        if not may_reset(actor.roles, person.roles):
            raise Forbidden(
                N_("Administrators are reset by administrators, all others by the contact point.")
            )
        if drop_factor:
            await second_factor.turn_off(account)
        await note(person, "RESET", audit.Action.SECURITY, second_factor_removed=drop_factor)
        return await begin_anew(person)


async def reset_last_keeper(
    actor: Principal, account: UUID, *, drop_factor: bool = False
) -> IssuedCode:
    """Reset the only administrator or contact point, whom no colleague can help.

    Raises:
        Refused: somebody else may and can.
        Conflict: the account is not active.
    """
    person = await find_person(account)
    if (
        person.state is State.ACTIVE
        and last_keeper(person.roles, await other_keepers(person)) is None
    ):
        raise Refused(RESET_BY[Role.ADMIN if Role.ADMIN in person.roles else Role.NCP])
    return await reset(actor, account, drop_factor=drop_factor)


async def begin_anew(person: Person) -> IssuedCode:
    """A code in the place of password, sessions and tokens, in the open transaction."""
    await db.execute(
        "UPDATE accounts.account SET password_hash = '', must_change_password = true WHERE id = $1",
        person.id,
    )
    await end_all(person.id)
    return IssuedCode(person.login, person.name, await one_time.issue_code(person.id))


async def end_sessions(actor: Principal, account: UUID) -> None:
    """End all sessions and tokens of somebody."""
    async with deciding(actor, account) as person:
        await note(person, "SESSIONS", audit.Action.SECURITY, **await end_all(account))


async def end_token(actor: Principal, account: UUID, token: UUID) -> None:
    """End one token of somebody.

    Raises:
        NotFound: the account has no such live token.
    """
    async with deciding(actor, account) as person:
        prefix = await tokens.end(account, token)
        await note(person, "TOKEN_ENDED", audit.Action.SECURITY, token=prefix)


class Choice(msgspec.Struct, frozen=True):
    """What an actor may do with an account, for the buttons of its page."""

    manage: bool
    approve: bool
    reset: bool
    block: bool
    unblock: bool
    end_tokens: bool


def choices(actor: Principal, person: Person) -> Choice:
    """Which decisions this actor may take on this account; the services check again."""
    other = actor.id != person.id
    keeper = bool(actor.roles & {Role.ADMIN, Role.NCP})
    wanted = person.wanted_roles is not None and person.wanted_by != actor.id
    active = person.state is State.ACTIVE
    return Choice(
        manage=other and Role.ADMIN in actor.roles,
        approve=other and wanted and Role.NCP in actor.roles,
        reset=other and active and may_reset(actor.roles, person.roles),
        block=other and active and keeper,
        unblock=other
        and person.state is State.BLOCKED
        and bool(person.roles)
        and may_unblock(actor.roles, person.roles),
        end_tokens=other and keeper,
    )
