"""The people of a trial: one per role, with passwords that are printed. Made only where settings say demo."""

from __future__ import annotations

from appliance.app.accounts.schemas import DemoAccount, Office, State
from appliance.app.accounts.service import offices, passwords
from appliance.app.accounts.tables import Account
from appliance.core import audit, clock, db, ids
from appliance.core.errors import Refused
from appliance.core.i18n import N_
from appliance.core.room import Role
from appliance.core.settings import get_settings

OFFICES = (
    Office("HQ", "Headquarters", "PH", "PHMNL", "CUSTOMS_OFFICE", "Asia/Manila"),
    Office("SEA1", "First Seaport", "PH", "PHMNL", "SEAPORT", "Asia/Manila"),
    Office("AIR1", "First Airport", "PH", "PHMNL", "AIRPORT", "Asia/Manila"),
)


def person(login: str, name: str, office: str, *roles: Role) -> DemoAccount:
    """One of the cast."""
    return DemoAccount(login, f"Demo-{login}-2026", name, roles, office)


CAST = (
    person("officer", "Amina Sow", "SEA1", Role.OFFICER),
    person("officer2", "Tomás Rivera", "AIR1", Role.OFFICER),
    person("supervisor", "Grace Wanjiru", "SEA1", Role.SUPERVISOR),
    person("investigator", "Karim Haddad", "HQ", Role.INVESTIGATOR),
    person("analyst", "Mei Tanaka", "HQ", Role.ANALYST),
    person("ncp", "Leila Mansour", "HQ", Role.NCP),
    person("trainer", "Paul Okafor", "HQ", Role.TRAINER),
    person("auditor", "Ingrid Berg", "HQ", Role.AUDITOR),
    person("admin", "Samuel Chanda", "HQ", Role.ADMIN),
)


async def make_demo_accounts() -> tuple[DemoAccount, ...]:
    """Make whoever of the cast is missing; return all of it.

    Raises:
        Refused: this installation is no trial.
    """
    if not get_settings().demo:
        raise Refused(N_("Demo accounts are made in a trial only."))
    await offices.ensure_offices(OFFICES)
    rows = await db.fetch("SELECT lower(login) AS login FROM accounts.account")
    present = {row["login"] for row in rows}
    for member in CAST:
        if member.login not in present:
            await make_one(member)
    return CAST


async def make_one(member: DemoAccount) -> None:
    """Make one account of the cast."""
    digest, account = await passwords.make_hash(member.password), ids.new_id()
    async with db.transaction():
        await Account.insert(
            Account(
                id=account,
                login=member.login,
                name=member.name,
                office=member.office,
                roles=[role.value for role in member.roles],
                state=State.ACTIVE.value,
                password_hash=digest,
                made_at=clock.now(),
            )
        )
        await audit.record(
            audit.Action.CREATE,
            "accounts",
            account,
            label=member.login,
            detail={"demo": True, "roles": [role.value for role in member.roles]},
        )
