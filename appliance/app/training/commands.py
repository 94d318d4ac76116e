"""`ncen demo`: makes a trial worth looking at, prints its accounts, adds more synthetic cases."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

from appliance.app.training import limits
from appliance.core.i18n import N_, translate
from appliance.core.room import ROLE_LABELS

T = TypeVar("T")

# What a trial has loaded is looked up without the web framework: a second start shall not wait for it.
LOADED = "SELECT 1 FROM core.fact WHERE name = $1"


def add_commands(commands: Any) -> None:
    """Declare the commands of this room."""
    demo = commands.add_parser("demo", help="the accounts and synthetic cases of a trial")
    acts = demo.add_subparsers(dest="act", metavar="ACT", required=True)
    acts.add_parser("start", help="make accounts and cases, once").set_defaults(run=run_start)
    acts.add_parser("accounts", help="print names and passwords").set_defaults(run=run_accounts)
    load = acts.add_parser("load", help="add more synthetic cases")
    load.add_argument("count", type=case_count, metavar="N", help="how many")
    load.add_argument("--seed", type=int, default=limits.DEMO_SEED + 1, help="which ones")
    load.set_defaults(run=run_load)


def case_count(text: str) -> int:
    """A number of cases within the limit."""
    count = int(text)
    if not 0 < count <= limits.LOADED_CASES:
        message = f"from 1 to {limits.LOADED_CASES}"
        raise argparse.ArgumentTypeError(message)
    return count


def say(text: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


async def is_loaded(seed: int) -> bool:
    """Whether the synthetic cases of a seed are here."""
    from appliance.core import db  # noqa: PLC0415 - other commands need no database

    return bool(await db.fetch_value(LOADED, f"synthetic {seed}"))


async def with_pool(act: Callable[[], Awaitable[T]]) -> T:
    """Do something with connections that stay open, instead of a new one per statement."""
    from appliance.core import db  # noqa: PLC0415 - as above

    await db.start_pool(2)
    try:
        return await act()
    finally:
        await db.close_pool()


def run_start(_: argparse.Namespace) -> int:
    """Make accounts and cases, unless they are here."""
    if asyncio.run(is_loaded(limits.DEMO_SEED)):
        return 0
    from appliance.app.training import service  # noqa: PLC0415 - loads much, needed once

    asyncio.run(with_pool(service.start))
    return 0


def run_accounts(_: argparse.Namespace) -> int:
    """Print the accounts of the trial."""
    from appliance.app.training import service  # noqa: PLC0415 - as above

    people = asyncio.run(with_pool(service.demo_accounts))
    rows = [
        (
            person.login,
            person.password,
            ", ".join(translate(ROLE_LABELS[role]) for role in person.roles),
            person.office,
        )
        for person in people
    ]
    titles = (N_("Sign-in name"), N_("Password"), N_("Role"), N_("Office"))
    for line in table([tuple(translate(title) for title in titles), *rows]):
        say(line)
    return 0


def table(rows: Iterable[tuple[str, ...]]) -> list[str]:
    """Rows as lines with their columns under each other."""
    listed = list(rows)
    widths = [max(map(len, column)) for column in zip(*listed, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in listed
    ]


def run_load(options: argparse.Namespace) -> int:
    """Add synthetic cases."""
    from appliance.app.training import service  # noqa: PLC0415 - as above

    def told(done: int) -> None:
        if done % limits.PROGRESS_CASES == 0 and sys.stdout.isatty():
            say(
                translate(
                    N_("%(done)s of %(count)s cases prepared."), done=done, count=options.count
                )
            )

    async def load() -> int:
        return await service.load(options.seed, options.count, told)

    loaded = asyncio.run(with_pool(load))
    say(translate(N_("%(count)s synthetic cases were added."), count=loaded))
    return 0
