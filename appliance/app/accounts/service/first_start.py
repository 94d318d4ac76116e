"""The first start: separate one-time links for the administrator and the national contact point."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from appliance.app.accounts.policy.names import fold_login
from appliance.app.accounts.schemas import NewPerson, State
from appliance.app.accounts.service import one_time, passwords
from appliance.app.accounts.service.own import check_new_password
from appliance.app.accounts.service.people import person_problems
from appliance.app.accounts.tables import Account
from appliance.core import audit, clock, db, ids
from appliance.core.errors import Conflict, Invalid, NotFound
from appliance.core.i18n import N_, Message
from appliance.core.room import Role

KINDS: Mapping[str, Role] = {"FIRST_ADMIN": Role.ADMIN, "FIRST_NCP": Role.NCP}
USED = N_("This link was used already, has been replaced, or is too old.")
NEXT = N_(
    "If you have an account, sign in. If not, ask whoever runs this server to print a new link."
)
# Somebody who was appointed but never signed in cannot let others in.
COUNT = """
SELECT count(*) FROM accounts.account
WHERE state = 'ACTIVE' AND password_hash <> '' AND $1 = ANY (roles)
"""


class FirstLink(NamedTuple):
    """A link of the first start, as it is printed once."""

    role: Role
    path: str


async def is_vacant(role: Role) -> bool:
    """Whether nobody who can sign in holds a duty."""
    return not await db.fetch_value(COUNT, role.value)


async def make_links() -> list[FirstLink]:
    """Links for the duties that nobody holds; earlier ones stop working."""
    links = []
    for kind, role in KINDS.items():
        if await is_vacant(role):
            async with db.transaction():
                secret = await one_time.issue_link(kind)
                detail = {"what": kind}
                await audit.record(audit.Action.SECURITY, "accounts", detail=detail)
            links.append(FirstLink(role, f"/first/{secret}"))
    return links


async def role_of(secret: str) -> Role:
    """The duty that an open link is for.

    Raises:
        NotFound: the link is not open.
    """
    kind = await one_time.kind_of_link(secret)
    if kind is None or not await is_vacant(KINDS[kind]):
        raise NotFound(USED, advice=NEXT)
    return KINDS[kind]


async def open_house(secret: str, values: Mapping[str, Any], password: str, again: str) -> None:
    """Make the first account of a duty.

    Raises:
        NotFound: the link is not open.
        Invalid: something cannot stand.
        Conflict: the sign-in name is taken.
    """
    role = await role_of(secret)
    person = NewPerson(
        login=fold_login(values.get("login") or ""),
        name=values.get("name") or "",
        roles=frozenset({role}),
        language=(values.get("language") or "en").lower(),
    )
    problems = person_problems(person)
    try:
        check_new_password(password, again, (person.login, person.name))
    except Invalid as error:
        problems |= error.fields
    if problems:
        raise Invalid(N_("The account was not made."), fields=problems)
    digest = await passwords.make_hash(password)
    async with db.transaction():
        await insert_first(secret, role, person, digest)


async def insert_first(secret: str, role: Role, person: NewPerson, digest: str) -> None:
    """Use up the link and write the account, in the open transaction.

    Raises:
        NotFound: somebody was faster with the link.
        Conflict: the sign-in name is taken.
    """
    kind = next(kind for kind, meant in KINDS.items() if meant is role)
    if not await one_time.spend_link(secret, kind):
        raise NotFound(USED, advice=NEXT)
    if await db.fetch_value("SELECT 1 FROM accounts.account WHERE lower(login) = $1", person.login):
        text = N_("The sign-in name %(login)s is taken. Choose another one.")
        message = Message(text, {"login": person.login})
        raise Conflict(text, fields={"login": message}, login=person.login)
    account = ids.new_id()
    await Account.insert(
        Account(
            id=account,
            login=person.login,
            name=person.name,
            language=person.language,
            roles=[role.value],
            state=State.ACTIVE.value,
            password_hash=digest,
            made_at=clock.now(),
        )
    )
    detail = {"first": role.value, "roles": [role.value]}
    await audit.record(audit.Action.CREATE, "accounts", account, label=person.login, detail=detail)
