"""Puts synthetic cases into the database of a trial, all at once and once only.

What was loaded is noted in core.fact in the same transaction, so a kill leaves all of it or nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from uuid import UUID

from msgspec.structs import replace

from appliance.app.accounts import api as accounts
from appliance.app.accounts.schemas import DemoAccount, Office
from appliance.app.seizures import api as seizures
from appliance.app.seizures.schemas import NewCase, Origin, StagedRow, Status
from appliance.app.training import limits
from appliance.app.training.generator import cases
from appliance.app.training.planted import Planted, planted
from appliance.app.training.profiles import Profile, profile
from appliance.app.training.texts import MARK
from appliance.core import audit, db
from appliance.core.audit import Action, Actor
from appliance.core.errors import Refused
from appliance.core.i18n import N_
from appliance.core.room import Role
from appliance.core.settings import get_settings

ROOM = "training"
PLANTED_ROWS = 1000  # row numbers kept for planted cases, before those of the generator
ACTOR = Actor(name="Synthetic data")
Progress = Callable[[int], None]


def fact_name(seed: int) -> str:
    """The fact that tells which synthetic cases are here."""
    return f"synthetic {seed}"


def key_of(*parts: object) -> UUID:
    """An id that is the same whenever the same cases are loaded."""
    digest = hashlib.sha256(":".join(map(str, ("synthetic", *parts))).encode()).digest()
    return UUID(bytes=digest[:16])


def check_trial() -> None:
    """Synthetic cases never come among real ones.

    Raises:
        Refused: this installation is not a trial.
    """
    if not get_settings().demo:
        raise Refused(
            N_(
                "This installation holds real cases, so no synthetic ones are added."
                " Nothing was changed. Start a trial with “ncen up” to try them."
            )
        )


async def add_offices(preset: Profile) -> None:
    """Declare the offices that the cases name."""
    await accounts.ensure_offices(
        [
            Office(
                code=place.locode,
                name=place.name,
                country=preset.home,
                locode=place.locode,
                place_type="CUSTOMS_OFFICE",
                time_zone=preset.time_zone,
            )
            for place in preset.office_places()
        ]
    )


async def note_loaded(seed: int, count: int) -> None:
    """Say in the open transaction what is being loaded; a second loader waits for the first.

    Raises:
        Refused: it is here already.
    """
    noted = await db.execute(
        "INSERT INTO core.fact (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
        fact_name(seed),
        str(count),
    )
    if not noted:
        raise Refused(
            N_(
                "The synthetic cases of seed %(seed)s are here already. Nothing was changed;"
                " choose another --seed."
            ),
            seed=seed,
        )


async def stage_planted(seed: int, found: Sequence[Planted], stamp: seizures.Stamp) -> None:
    """Stage the planted cases, each in the state it enters in."""
    for number, item in enumerate(found, 1):
        row = StagedRow(row_no=number, source_key=key_of(seed, item.name), case=item.case)
        await seizures.stage([row], stamp_of(item, stamp, number))


def stamp_of(item: Planted, stamp: seizures.Stamp, number: int) -> seizures.Stamp:
    """The stamp of a planted case; outside the usual state, all but a draft have a number."""
    case = item.case
    named = f"{case.country}-{case.office_code}-{case.event_date.year}-{MARK[:3]}{number}"
    plain = item.status in {Status.VALIDATED, Status.DRAFT}
    return replace(stamp, status=item.status, case_ref="" if plain else named)


async def stage_cases(
    seed: int, found: Iterable[NewCase], stamp: seizures.Stamp, told: Progress
) -> None:
    """Stage cases, some thousands at a time."""
    rows = (
        StagedRow(row_no=PLANTED_ROWS + number, source_key=key_of(seed, number), case=case)
        for number, case in enumerate(found, 1)
    )
    while chunk := list(islice(rows, limits.STAGED_ROWS)):
        await seizures.stage(chunk, stamp)
        told((chunk[-1].row_no or 0) - PLANTED_ROWS)


async def load(
    seed: int, count: int, told: Progress = lambda _: None, first: Sequence[Planted] = ()
) -> int:
    """Load so many cases of a seed, the planted ones among them; return how many there are now.

    Raises:
        Refused: they are here already, or this is no trial.
    """
    check_trial()
    preset = profile()
    stamp = seizures.stamp_now(key_of(seed), Origin.DEMO, ACTOR)
    acting = audit.current_actor.set(ACTOR)
    try:
        await add_offices(preset)
        async with db.transaction():
            await note_loaded(seed, count)
            await stage_planted(seed, first, stamp)
            await stage_cases(seed, cases(seed, count - len(first), preset), stamp, told)
            return await publish(seed, preset)
    finally:
        audit.current_actor.reset(acting)


async def publish(seed: int, preset: Profile) -> int:
    """Make the staged cases visible and say so in the audit trail; return how many."""
    published = await seizures.publish(key_of(seed))
    detail = {"seed": seed, "cases": published, "preset": preset.name}
    await audit.record(Action.IMPORT, ROOM, key_of(seed), label=MARK, detail=detail)
    return published


async def start() -> None:
    """Make a trial ready: its accounts and its synthetic cases.

    Raises:
        Refused: this is no trial.
    """
    people = await demo_accounts()
    office = next(person.office for person in people if Role.OFFICER in person.roles)
    await load(limits.DEMO_SEED, limits.DEMO_CASES, first=planted(profile(), office))


async def demo_accounts() -> Sequence[DemoAccount]:
    """The accounts of the trial, made if they are missing.

    Raises:
        Refused: this is no trial.
    """
    return await accounts.make_demo_accounts()
