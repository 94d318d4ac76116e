"""People as administrators and the national contact point see them: found, made, changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import asyncpg

from appliance.app.accounts import limits as own_limits
from appliance.app.accounts.policy.names import fold_login, login_problem, name_problem
from appliance.app.accounts.policy.people import needs_approval, roles_problem
from appliance.app.accounts.schemas import IssuedCode, NewPerson, Person, State
from appliance.app.accounts.service import one_time
from appliance.app.accounts.tables import Account
from appliance.app.web.auth import Principal
from appliance.core import audit, clock, db, ids, limits
from appliance.core.errors import Conflict, Invalid, NotFound
from appliance.core.i18n import LANGUAGES, N_, Message
from appliance.core.room import Role

SELECT = """
SELECT a.id, a.login, a.name, a.language, coalesce(a.office, '') AS office,
    coalesce(o.name, '') AS office_name, coalesce(u.code, '') AS unit,
    coalesce(u.name, '') AS unit_name, a.roles, a.state, a.block_reason, a.wanted_roles,
    a.wanted_by, a.wanted_at, a.totp_since IS NOT NULL AS has_second_factor,
    a.password_hash <> '' AS has_password, a.made_at, a.last_used_on, idle.days AS idle_days
FROM accounts.account a
CROSS JOIN LATERAL (SELECT count(*) AS days FROM accounts.use_day d WHERE d.day >
    coalesce(a.last_used_on, (a.made_at AT TIME ZONE 'UTC')::date)) idle
LEFT JOIN accounts.office o ON o.code = a.office
LEFT JOIN accounts.unit u ON u.id = a.unit
"""
FIND = SELECT + "WHERE a.id = $1"
WAITING = SELECT + "WHERE a.wanted_roles IS NOT NULL ORDER BY a.wanted_at, a.id LIMIT $1"
# Keyset paging by name, then id; the row to go on from is named by its id alone.
LIST = f"""{SELECT}
WHERE ($1 = '' OR a.name ILIKE '%' || $1 || '%' OR a.login ILIKE '%' || $1 || '%')
    AND ($2 = '' OR $2 = ANY (a.roles) OR $2 = ANY (a.wanted_roles))
    AND ($3 = '' OR a.state = $3 OR ($3 = 'SOON' AND a.state = 'ACTIVE' AND idle.days >= $7))
    AND ($4 = '' OR a.office = $4)
    AND ($5::uuid IS NULL OR (lower(a.name), a.id) >
        (SELECT lower(b.name), b.id FROM accounts.account b WHERE b.id = $5))
ORDER BY lower(a.name), a.id LIMIT $6
"""  # noqa: S608 - our own words only
IDLE_WARNED_DAYS = own_limits.IDLE_DAYS - own_limits.IDLE_WARNING_DAYS
NOT_FOUND = N_("There is no such account.")


def person_from(row: asyncpg.Record) -> Person:
    """A row of the statements above as a value."""
    fields: dict[str, Any] = dict(row)
    wanted = fields["wanted_roles"]
    fields["roles"] = frozenset(map(Role, fields["roles"]))
    fields["wanted_roles"] = None if wanted is None else frozenset(map(Role, wanted))
    fields["state"] = State(fields["state"])
    return Person(**fields)


async def find_person(account: UUID) -> Person:
    """An account by its id.

    Raises:
        NotFound: there is none.
    """
    row = await db.fetch_row(FIND, account)
    if row is None:
        raise NotFound(NOT_FOUND)
    return person_from(row)


def like_text(text: str) -> str:
    """A search text in which nothing is a wildcard."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def list_people(filters: Mapping[str, str], after: UUID | None) -> list[Person]:
    """A page of accounts, and one more if there is a next page."""
    rows = await db.fetch(
        LIST,
        like_text(filters.get("q", "")),
        filters.get("role", ""),
        filters.get("state", ""),
        filters.get("office", ""),
        after,
        limits.PAGE_ROWS + 1,
        IDLE_WARNED_DAYS,
    )
    return [person_from(row) for row in rows]


async def list_waiting() -> list[Person]:
    """Who waits for the national contact point."""
    return [person_from(row) for row in await db.fetch(WAITING, limits.PAGE_ROWS_MAX)]


async def count_blocked_soon() -> int:
    """How many are blocked by idleness within the days of the warning."""
    return int(
        await db.fetch_value(
            f"SELECT count(*) FROM ({SELECT}) s WHERE state = 'ACTIVE' AND idle_days >= $1",  # noqa: S608 - our own words only
            IDLE_WARNED_DAYS,
        )
    )


async def count_waiting() -> int:
    """How many wait."""
    return int(
        await db.fetch_value("SELECT count(*) FROM accounts.account WHERE wanted_roles IS NOT NULL")
    )


def person_problems(person: NewPerson) -> dict[str, Message]:
    """What is wrong with a new person, field by field."""
    checks = {
        "login": login_problem(fold_login(person.login)),
        "name": name_problem(person.name),
        "roles": roles_problem(person.roles),
        "language": None
        if person.language in LANGUAGES
        else Message(N_("This is not one of the choices. Nothing was changed.")),
    }
    return {name: problem for name, problem in checks.items() if problem is not None}


async def find_unit(office: str, unit: str) -> UUID | None:
    """The unit of an office by its code.

    Raises:
        Invalid: there is no such office or unit.
    """
    if office and not await db.fetch_value(
        "SELECT active FROM accounts.office WHERE code = $1", office
    ):
        text = N_("There is no office in use with the code %(code)s.")
        raise Invalid(text, fields={"office": Message(text, {"code": office})}, code=office)
    if not unit:
        return None
    found: UUID | None = await db.fetch_value(
        "SELECT id FROM accounts.unit WHERE office = $1 AND code = $2", office, unit
    )
    if found is None:
        text = N_("This office has no unit with the code %(code)s.")
        raise Invalid(text, fields={"unit": Message(text, {"code": unit})}, code=unit)
    return found


async def make_person(actor: Principal, person: NewPerson) -> tuple[UUID, IssuedCode | None]:
    """Make an account; roles with case access wait, and then nobody gets a code yet.

    Raises:
        Invalid: something cannot stand.
        Conflict: the sign-in name is taken.
    """
    problems = person_problems(person)
    if problems:
        raise Invalid(N_("The account was not made."), fields=problems)
    unit = await find_unit(person.office, person.unit)
    async with db.transaction():
        return await insert_person(actor, person, unit)


async def insert_person(
    actor: Principal, person: NewPerson, unit: UUID | None
) -> tuple[UUID, IssuedCode | None]:
    """Write a new account, in the open transaction.

    Raises:
        Conflict: the sign-in name is taken.
    """
    waits = needs_approval(frozenset(), person.roles)
    roles, now, account = sorted(role.value for role in person.roles), clock.now(), ids.new_id()
    login = fold_login(person.login)
    # Idleness counts from the last day in use: a wrong clock makes nobody look idle.
    last_day = await db.fetch_value("SELECT max(day) FROM accounts.use_day")
    try:
        await Account.insert(
            Account(
                id=account,
                login=login,
                name=person.name,
                language=person.language,
                office=person.office or None,
                unit=unit,
                roles=[] if waits else roles,
                state=(State.WAITING if waits else State.ACTIVE).value,
                wanted_roles=roles if waits else None,
                wanted_by=actor.id if waits else None,
                wanted_at=now if waits else None,
                made_by=actor.id,
                made_at=now,
                last_used_on=last_day,
            )
        )
    except asyncpg.UniqueViolationError as error:
        text = N_("The sign-in name %(login)s is taken. Choose another one.")
        message = Message(text, {"login": login})
        raise Conflict(text, fields={"login": message}, login=login) from error
    detail = {"roles": roles, "waits": waits, "office": person.office, "unit": person.unit}
    await audit.record(audit.Action.CREATE, "accounts", account, label=login, detail=detail)
    if waits:
        return account, None
    return account, IssuedCode(login, person.name, await one_time.issue_code(account))


async def change_person(account: UUID, values: Mapping[str, Any]) -> None:
    """Change name, language and place of an account.

    Raises:
        NotFound: there is no such account.
        Invalid: something cannot stand.
    """
    before = await find_person(account)
    wanted = {name: values.get(name) or "" for name in ("name", "office", "unit", "language")}
    checked = NewPerson(before.login, wanted["name"], before.roles, language=wanted["language"])
    problems = {
        name: text
        for name, text in person_problems(checked).items()
        if name in {"name", "language"}
    }
    if problems:
        raise Invalid(N_("Nothing was changed."), fields=problems)
    unit = await find_unit(wanted["office"], wanted["unit"])
    async with db.transaction():
        await db.execute(
            "UPDATE accounts.account SET name = $2, language = $3, office = $4, unit = $5"
            " WHERE id = $1",
            account,
            wanted["name"],
            wanted["language"],
            wanted["office"] or None,
            unit,
        )
        changes = {
            name: [getattr(before, name), value]
            for name, value in wanted.items()
            if getattr(before, name) != value
        }
        await audit.record(
            audit.Action.UPDATE, "accounts", account, label=before.login, detail=changes
        )
