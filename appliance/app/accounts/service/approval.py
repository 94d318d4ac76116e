"""What waits for the national contact point: given as it was shown, or declined."""

from __future__ import annotations

from uuid import UUID

from appliance.app.accounts.policy.people import gains_cases, roles_problem
from appliance.app.accounts.schemas import IssuedCode, Person, State
from appliance.app.accounts.service import second_factor, tokens
from appliance.app.accounts.service.duties import (
    CHANGED_MEANWHILE,
    NOT_YOURSELF,
    begin_anew,
    deciding,
    names,
    note,
    put_roles,
    refuse_last_keeper,
)
from appliance.app.web.auth import Principal
from appliance.core import audit, db
from appliance.core.errors import Conflict, Forbidden, Invalid
from appliance.core.room import Role


async def approve(
    actor: Principal, account: UUID, seen: frozenset[Role] | None = None
) -> IssuedCode | None:
    """Give the roles that wait, with a one-time code to who had no access to cases before.

    Raises:
        Forbidden: the actor asked for it, or it is the own account.
        Conflict: nothing waits, or something else than was shown.
        Invalid: these roles do not go together.
    """
    async with deciding(actor, account) as person:
        wanted = person.wanted_roles
        if wanted is None or (seen is not None and seen != wanted):
            raise Conflict(CHANGED_MEANWHILE)
        if person.wanted_by == actor.id:
            raise Forbidden(NOT_YOURSELF)
        problem = roles_problem(wanted)
        if problem is not None:
            raise Invalid(problem.key)
        await refuse_last_keeper(person, kept=wanted)
        return await give_roles(person, wanted)


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
    await tokens.end_all(person.id)
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
