"""What waits for the national contact point: given as it was shown, or declined."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

import msgspec

from appliance.app.accounts.policy.people import gains_cases, roles_problem
from appliance.app.accounts.schemas import IssuedCode, Person, State
from appliance.app.accounts.service import second_factor
from appliance.app.accounts.service.duties import (
    CHANGED_MEANWHILE,
    NOT_YOURSELF,
    begin_anew,
    deciding,
    names,
    note,
    one_decision_at_a_time,
    put_roles,
    refuse_last_keeper,
)
from appliance.app.accounts.service.people import find_person
from appliance.app.web.auth import Principal
from appliance.core import audit, db
from appliance.core.errors import AppError, Conflict, Forbidden, Invalid
from appliance.core.i18n import N_, Message
from appliance.core.room import Role

NOT_APPROVED = N_("%(name)s: not approved. %(why)s")


class Wish(NamedTuple):
    """An account, and the roles that a page showed as asked for it."""

    account: UUID
    seen: frozenset[Role]


class Outcome(msgspec.Struct, frozen=True):
    """What came of several approvals: the codes, who has the roles, and why others have not."""

    codes: list[IssuedCode]
    given: int
    refused: list[Message]


async def approve(actor: Principal, account: UUID, seen: frozenset[Role]) -> IssuedCode | None:
    """Give the roles that wait, with a one-time code to who had no access to cases before.

    Raises:
        Forbidden: the actor asked for it, or it is the own account.
        Conflict: nothing waits, or something else than was shown.
        Invalid: these roles do not go together.
    """
    async with deciding(actor, account) as person:
        return await give_roles(person, await checked_roles(actor, person, seen))


async def approve_several(actor: Principal, wishes: Iterable[Wish]) -> Outcome:
    """Approve every wish that still stands as it was shown; all of them come into force together.

    A code is shown once only, so none may be lost because of a neighbour in the list.
    """
    codes, refused, given = list[IssuedCode](), list[Message](), 0
    async with db.transaction():
        await one_decision_at_a_time()
        for wish in dict(wishes).items():
            person = await find_person(wish[0])
            try:
                wanted = await checked_roles(actor, person, wish[1])
            except AppError as error:
                refused.append(Message(NOT_APPROVED, {"name": person.name, "why": error.message}))
                continue
            code = await give_roles(person, wanted)
            codes += [code] if code else []
            given += 1
    return Outcome(codes, given, refused)


async def checked_roles(actor: Principal, person: Person, seen: frozenset[Role]) -> frozenset[Role]:
    """The roles to give, once everything speaks for it; nothing is written yet.

    Raises:
        Forbidden: the actor asked for it, or it is the own account.
        Conflict: nothing waits, or something else than was shown.
        Invalid: these roles do not go together.
    """
    if actor.id in {person.id, person.wanted_by}:
        raise Forbidden(NOT_YOURSELF)
    wanted = person.wanted_roles
    if wanted is None or seen != wanted:
        raise Conflict(CHANGED_MEANWHILE)
    problem = roles_problem(wanted)
    if problem is not None:
        raise Invalid(problem.key)
    await refuse_last_keeper(person, kept=wanted)
    return wanted


async def give_roles(person: Person, wanted: frozenset[Role]) -> IssuedCode | None:
    """Put approved roles into force, in the open transaction.

    Whoever made or kept the account may know its password, have its second factor on the own
    telephone or a token of it; with the first access to cases none of them opens it any more.
    """
    if person.state is State.WAITING:
        await db.execute("UPDATE accounts.account SET state = 'ACTIVE' WHERE id = $1", person.id)
    await put_roles(person, wanted)
    if person.state is not State.WAITING and not gains_cases(person.roles, wanted):
        return None
    if person.has_password:
        removed = person.has_second_factor
        await note(person, "RESET", audit.Action.SECURITY, second_factor_removed=removed)
    await second_factor.forget(person.id)
    return await begin_anew(person)


async def decline(actor: Principal, account: UUID) -> None:
    """Refuse the roles that wait; what the account had, it keeps.

    Raises:
        Conflict: nothing waits.
    """
    async with deciding(actor, account) as person:
        if person.wanted_roles is None:
            raise Conflict(CHANGED_MEANWHILE)
        await db.execute(
            "UPDATE accounts.account SET wanted_roles = NULL, wanted_by = NULL, wanted_at = NULL"
            " WHERE id = $1",
            account,
        )
        if person.state is State.WAITING:
            await db.execute(
                "UPDATE accounts.account SET state = 'BLOCKED', block_reason = 'DECLINED'"
                " WHERE id = $1",
                account,
            )
        await audit.record(
            audit.Action.STATE,
            "accounts",
            account,
            label=person.login,
            detail={"declined": names(person.wanted_roles)},
        )
