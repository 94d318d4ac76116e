"""Who makes whom: which roles go together, what waits for approval, who may reset or block."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from appliance.core.i18n import N_, Message
from appliance.core.room import CASE_ROLES, Role

KEEPERS = (Role.ADMIN, Role.NCP)  # without one of each nobody could let anybody in again
KEEPER_SENTENCES = {
    Role.ADMIN: N_("This is the last active administrator. Appoint another one first."),
    Role.NCP: N_("This is the last active national contact point. Appoint another one first."),
}

RESET_BY = {
    Role.ADMIN: N_(
        "This command is for the only holder of a duty. Another administrator can give this person"
        " a one-time code, under “People”."
    ),
    Role.NCP: N_(
        "This command is for the only holder of a duty. A national contact point can give this"
        " person a one-time code, under “People”."
    ),
}


def roles_problem(roles: AbstractSet[Role]) -> Message | None:
    """Why a set of roles is refused."""
    if not roles:
        return Message(N_("Choose at least one role."))
    if Role.ADMIN in roles and len(roles) > 1:
        return Message(
            N_("A local administrator never sees cases, so this role cannot be joined with others.")
        )
    return None


def needs_approval(current: AbstractSet[Role], wanted: AbstractSet[Role]) -> bool:
    """Whether a change gives access to cases that was not there before."""
    return bool((wanted - current) & CASE_ROLES)


def gains_cases(current: AbstractSet[Role], wanted: AbstractSet[Role]) -> bool:
    """Whether a change gives the first access to cases that an account has."""
    return bool(wanted & CASE_ROLES) and not current & CASE_ROLES


def may_reset(actor: AbstractSet[Role], target: AbstractSet[Role]) -> bool:
    """Whether someone may hand out a one-time code: it opens all that the account may see.

    Administrators see no cases, so they may not reset those who do.
    """
    if Role.ADMIN in target:
        return Role.ADMIN in actor
    return Role.NCP in actor


def may_unblock(actor: AbstractSet[Role], target: AbstractSet[Role]) -> bool:
    """Whether someone may let a blocked person in again."""
    return may_reset(actor, target)


def last_keeper(
    target: AbstractSet[Role], others: AbstractSet[Role], kept: AbstractSet[Role] = frozenset()
) -> Role | None:
    """The duty nobody would hold any more if the target lost all roles but `kept`."""
    return next(
        (role for role in KEEPERS if role in target and role not in kept and role not in others),
        None,
    )
