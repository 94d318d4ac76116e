"""`ncen user`: what has to be done at the console, before or beside the pages."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from appliance.core import audit, db, log
from appliance.core.errors import Refused
from appliance.core.i18n import N_, translate
from appliance.core.room import ROLE_LABELS, Role
from appliance.core.settings import get_settings

if TYPE_CHECKING:
    from appliance.app.web.auth import Principal

T = TypeVar("T")
NOBODY = UUID(int=0)


def add_commands(commands: Any) -> None:
    """Declare `ncen user`."""
    user = commands.add_parser("user", help="accounts, from the console")
    acts = user.add_subparsers(dest="act", metavar="ACT", required=True)
    acts.add_parser("first-links", help="one-time links for administrator and contact point")
    acts.add_parser("list", help="all accounts")
    reset = acts.add_parser("reset", help="a one-time code for the only holder of a duty")
    reset.add_argument("login")
    reset.add_argument(
        "--remove-second-factor", action="store_true", help="for a lost telephone as well"
    )
    bring = acts.add_parser("import", help="people from a CSV file")
    bring.add_argument("file", type=Path)
    bring.add_argument("--dry-run", action="store_true", help="check only")
    user.set_defaults(run=run_user)


def run_user(options: argparse.Namespace) -> int:
    """Run one of the acts."""
    log.set_up(as_json=get_settings().log_json)
    acts = {
        "first-links": first_links,
        "list": list_accounts,
        "reset": reset,
        "import": import_people,
    }
    act = acts[options.act]
    return asyncio.run(with_pool(lambda: act(options)))


async def with_pool(act: Callable[[], Awaitable[T]]) -> T:
    """Run something with the database open; the audit names who sits at this terminal."""
    audit.current_actor.set(audit.operator())
    await db.start_pool(size=1)
    try:
        return await act()
    finally:
        await db.close_pool()


def say(text: str) -> None:
    """A line for the person at the console."""
    sys.stdout.write(text + "\n")


def console(*roles: Role) -> Principal:
    """The duties that the console stands in for."""
    from appliance.app.web.auth import Principal  # noqa: PLC0415 - loads the web framework; every command would wait for it

    return Principal(NOBODY, "system", frozenset(roles), "", "", "en")


async def first_links(_: argparse.Namespace) -> int:
    """Print the links of the first start; nothing if both duties are filled."""
    from appliance.app.accounts import limits  # noqa: PLC0415 - see import_people
    from appliance.app.accounts.service import first_start  # noqa: PLC0415 - see import_people

    settings = get_settings()
    base = f"{'https' if settings.https else 'http'}://{settings.host}:{settings.port}"
    links = await first_start.make_links()
    for link in links:
        say(f"{translate(ROLE_LABELS[link.role])}: {base}{link.path}")
    if links:
        text = N_("Each link works once, within %(days)s days. Printing them again replaces them.")
        say(translate(text, days=limits.FIRST_LINK_DAYS))
    else:
        say(
            translate(
                N_("Administrator and contact point have accounts already; no link is needed.")
            )
        )
    return 0


async def list_accounts(_: argparse.Namespace) -> int:
    """Print all accounts, one a line."""
    rows = await db.fetch(
        "SELECT login, name, state, coalesce(office, '-') AS office,"
        " array_to_string(coalesce(wanted_roles, roles), '+') AS roles"
        " FROM accounts.account ORDER BY lower(login)"
    )
    for row in rows:
        fields = (row["login"], row["state"], row["roles"], row["office"], row["name"])
        say("\t".join(fields))
    return 0


async def reset(options: argparse.Namespace) -> int:
    """Give a one-time code to the only holder of a duty, whom no colleague can help."""
    from appliance.app.accounts.service import duties  # noqa: PLC0415 - see import_people

    account = await db.fetch_value(
        "SELECT id FROM accounts.account WHERE lower(login) = $1", options.login.lower()
    )
    if account is None:
        raise Refused(
            N_("There is no account with the sign-in name %(login)s."), login=options.login
        )
    issued = await duties.reset_last_keeper(
        console(Role.ADMIN, Role.NCP), account, drop_factor=options.remove_second_factor
    )
    say(f"{issued.login}: {issued.code}")
    return 0


async def import_people(options: argparse.Namespace) -> int:
    """Check a file of people, and add them if every line is right."""
    # Only what an act needs is loaded: `ncen --help` must not wait for the whole room.
    from appliance.app.accounts.service import bulk  # noqa: PLC0415

    try:
        text = bulk.decode(options.file.read_bytes())
    except OSError as error:
        reason = error.strerror or str(error)
        raise Refused(N_("The file cannot be read: %(reason)s."), reason=reason) from error
    rows = await bulk.check(text)
    wrong = [row for row in rows if row.problems]
    for row in wrong:
        for problem in row.problems:
            line = translate(
                N_("Line %(line)s (%(login)s):"), line=row.number, login=row.person.login
            )
            say(f"{line} {problem.text()}")
    if wrong:
        raise Refused(
            N_("Nobody was added: %(wrong)s of %(all)s lines are wrong."),
            wrong=len(wrong),
            all=len(rows),
        )
    if not options.dry_run:
        await add_people(text)
    return 0


async def add_people(text: str) -> None:
    """Add everybody and print the codes."""
    from appliance.app.accounts.service import bulk  # noqa: PLC0415 - see import_people

    codes, waiting = await bulk.make_all(console(Role.ADMIN), text)
    if codes:
        sys.stdout.write(bulk.codes_as_csv(codes))
    say(
        translate(
            N_("%(codes)s added, %(waiting)s of them wait for approval."),
            codes=len(codes) + waiting,
            waiting=waiting,
        )
    )
