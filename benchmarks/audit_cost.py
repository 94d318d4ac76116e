"""What the audit entry costs a writer: the same transactions with and without it, while `ncen work` seals.

usage: python -m benchmarks.audit_cost [--rounds N] [--seconds S]

Once as shipped, where a commit waits for the disk, and once without that wait: there the entry's own work is
the larger part, as on a machine with a fast disk.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from benchmarks import house, processes

WRITERS = 6
TARGET = 1.10
Writer = Callable[[], Awaitable[Any]]


@dataclass
class Arm:
    """One way to write, and what its rounds came to."""

    audited: bool
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)

    @property
    def name(self) -> str:
        return "with the entry" if self.audited else "without it"

    @property
    def cost(self) -> float:
        """Milliseconds of processor time per transaction, PostgreSQL included.

        A median: a worker of the database that ends within a round takes what it spent along.
        """
        return statistics.median(self.costs)


async def skip_entry(*_: object, **__: object) -> None:
    """In place of the entry."""


def new_case(office: str) -> Any:
    """A case as officers enter it: two lines of goods, two points of the route, one hiding place."""
    from appliance.app.seizures.schemas import NewCase, NewCommodity, NewConcealment, NewLeg

    goods = {"heading": "DRUGS", "subtype": "COCAINE", "unit": "KGM", "description": "white powder"}
    return NewCase(
        case_kind="SEIZURE",
        event_date=date(2026, 11, 20),
        country="XX",
        office_code=office,
        place_text="Container terminal, berth 4",
        mode="SEA",
        how_found="NII_SCAN",
        narrative="Found behind a false wall of a refrigerated container; the crew was heard.",
        commodities=(
            NewCommodity(**goods, quantity=Decimal("12.5")),
            NewCommodity(**goods, quantity=Decimal("0.031")),
        ),
        legs=(NewLeg(role="ORIGIN", country="CO"), NewLeg(role="DEPARTURE", country="EC")),
        concealments=(NewConcealment(place="CONTAINER_WALL"),),
    )


async def case_writers() -> list[Writer]:
    """Each enters and submits cases of an office of its own through the service that pages and API use."""
    from appliance.app.accounts import api as accounts
    from appliance.app.seizures import service
    from appliance.app.seizures.schemas import Origin
    from appliance.app.web.auth import Principal
    from appliance.core import ids
    from appliance.core.audit import Actor, current_actor
    from appliance.core.room import Role

    def writer(office: str) -> Writer:
        person = Principal(ids.new_id(), "Bench", frozenset({Role.OFFICER}), office, "", "en")
        actor = Actor(str(person.id), person.name, office, "10.1.2.3", str(ids.new_id()))
        case = new_case(office)

        async def write() -> None:
            current_actor.set(actor)
            await service.create(case, person, Origin.API, submit=True)

        return write

    offices = await accounts.list_offices()
    return [writer(office.code) for office in offices[:WRITERS]]


async def smallest_writers() -> list[Writer]:
    """The smallest change that deserves an entry: one row."""
    from appliance.core import audit, db, ids

    async def write() -> None:
        async with db.transaction():
            await db.execute(
                "INSERT INTO core.job (id, room, kind, due_at, state) VALUES ($1, $2, $2, now(), 'DONE')",
                ids.new_id(),
                "bench",
            )
            await audit.record(audit.Action.CREATE, "bench", ids.new_id(), label="smallest")

    return [write] * WRITERS


async def count_until(deadline: float, write: Writer) -> int:
    done = 0
    while time.monotonic() < deadline:
        await write()
        done += 1
    return done


def spent_so_far(database: int) -> float:
    """Processor time of this process and of PostgreSQL, whose workers come and go."""
    return time.process_time() + processes.processor_seconds(database)


async def run_round(arm: Arm, writers: list[Writer], seconds: float, database: int) -> None:
    """Write for some seconds with all writers; note rate and processor time per transaction."""
    from appliance.core import audit

    kept = audit.record
    audit.record = kept if arm.audited else skip_entry
    spent = spent_so_far(database)
    started = time.monotonic()
    try:
        parts = [count_until(started + seconds, write) for write in writers]
        done = sum(await asyncio.gather(*parts))
    finally:
        audit.record = kept
    spent = spent_so_far(database) - spent
    arm.rates.append(done / (time.monotonic() - started))
    arm.costs.append(1000 * spent / done)


async def compare(writers: list[Writer], rounds: int, seconds: float, database: int) -> list[Arm]:
    """Rounds of both arms, in random order within each pair; the first pair only warms up."""
    arms = [Arm(audited=False), Arm(audited=True)]
    order = random.Random(7)
    for turn in range(rounds + 1):
        for arm in order.sample(arms, len(arms)):
            await run_round(arm, writers, seconds, database)
        if turn == 0:
            for arm in arms:
                arm.rates, arm.costs = [], []
    return arms


def told(title: str, arms: list[Arm], *, judged: bool) -> str:
    """The figures of one writer."""
    lines = [title]
    lines += [
        f"    {arm.name:15} {statistics.median(arm.rates):7.0f} transactions/s"
        f"   {arm.cost:6.3f} ms of processor time each"
        for arm in arms
    ]
    without, audited = arms
    slower = statistics.median(a / b for a, b in zip(without.rates, audited.rates, strict=True))
    dearer = audited.cost / without.cost
    text = f"    the entry costs {slower - 1:+.1%} time, {dearer - 1:+.1%} processor time"
    if judged:
        text += f" (target under {TARGET - 1:.0%}: {'met' if slower < TARGET else 'missed'})"
    return "\n".join([*lines, text])


async def measure(options: argparse.Namespace, database: int, *, durable: bool) -> None:
    from appliance.app.reference import api as reference
    from appliance.core import db

    settings = db.engine().config["server_settings"]
    settings["synchronous_commit"] = "on" if durable else "off"
    await db.start_pool(WRITERS + 2)
    await reference.load_lists()
    print("Commits wait for the disk:" if durable else "Commits do not wait for the disk:")
    kinds: Mapping[str, tuple[list[Writer], bool]] = {
        "  a case with 2 goods, 2 legs, a hiding place, entered and submitted": (
            await case_writers(),
            durable,
        ),
        "  the smallest change, one row, for comparison": (await smallest_writers(), False),
    }
    for title, (writers, judged) in kinds.items():
        arms = await compare(writers, options.rounds, options.seconds, database)
        print(told(title, arms, judged=judged), flush=True)
    sealed = await db.fetch_row("SELECT count(*), coalesce(sum(entries), 0) FROM audit.seal")
    if sealed:
        print(f"  so far {sealed[1]} entries came under {sealed[0]} seals")
    await db.close_pool()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=0.4)
    options = parser.parse_args()
    with house.folder() as state, house.running(state) as running:
        os.environ["NCEN_CONFIG"] = running.environment["NCEN_CONFIG"]
        database = next(
            pid for pid in processes.children(running.process.pid) if b"postgres" in comm(pid)
        )
        print(f"{WRITERS} connections, {options.rounds} pairs of {options.seconds} s, medians")
        for durable in (True, False):
            asyncio.run(measure(options, database, durable=durable))


def comm(pid: int) -> bytes:
    """The name of a process."""
    return (processes.PROC / str(pid) / "comm").read_bytes()


if __name__ == "__main__":
    main()
