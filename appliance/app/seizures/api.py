"""What other rooms may ask of the seizure database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from appliance.app.seizures import ROOM, queries, service, staging
from appliance.app.seizures.fields import LINES, ORIGIN_LABELS, STATUS_LABELS
from appliance.app.seizures.schemas import CaseRow, Origin, StagedRow
from appliance.app.web.auth import Principal
from appliance.core import audit
from appliance.core.audit import Action, Actor
from appliance.core.fields import FieldSet
from appliance.core.i18n import N_, translate
from appliance.core.room import Waiting

ROOM_RIGHTS = {right.name: right for right in ROOM.rights}
OWN_RETURNED = N_("Cases returned to your office")
Stamp = staging.Stamp


def stamp_now(batch_id: UUID, origin: Origin, actor: Actor) -> Stamp:
    """What the cases of a batch that enters now share."""
    return staging.stamp_now(batch_id, origin, actor)


async def stage(rows: Sequence[StagedRow], stamp: Stamp) -> None:
    """Copy some cases of a batch into the staging tables."""
    await staging.stage(rows, stamp)


async def staged_rows(batch_id: UUID) -> tuple[int, int]:
    """How many cases of a batch are staged, and the last row of the source among them."""
    return await staging.staged_rows(batch_id)


async def publish(batch_id: UUID) -> int:
    """Make the staged cases of a batch visible; call it inside a transaction. Return how many."""
    return await staging.publish(batch_id)


async def discard(batch_id: UUID) -> None:
    """Forget what is staged for a batch."""
    await staging.discard(batch_id)


async def known_source_keys(keys: Sequence[UUID]) -> set[UUID]:
    """Which of these keys belong to cases that are in the database already."""
    return await staging.known_source_keys(keys)


async def waiting(principal: Principal) -> list[Waiting]:
    """What waits for this person among the cases: own returned ones and drafts, and what to validate."""
    viewer = service.viewer_of(principal)
    shown = []
    if principal.may(ROOM_RIGHTS["seizures.enter"]):
        returned = N_("Returned cases of all offices") if viewer.everywhere else OWN_RETURNED
        shown += [
            ("RETURNED", returned, True),
            ("DRAFT", N_("Drafts"), False),
        ]
    if principal.may(ROOM_RIGHTS["seizures.validate"]):
        shown.append(("SUBMITTED", N_("Cases that wait for validation"), False))
    return [
        Waiting(
            label,
            await queries.count_cases({"status": status}, viewer),
            f"/seizures?status={status}",
            "package",
            urgent,
        )
        for status, label, urgent in shown
    ]


class Latest(NamedTuple):
    """The newest cases, and whether they are those of the reader's own office."""

    cases: list[CaseRow]
    own_office: bool


rows_decoder = msgspec.json.Decoder(list[CaseRow])


async def latest(principal: Principal, rows: int) -> Latest:
    """The newest cases of the reader's office, else of all that this person may see; the look is audited."""
    if not principal.may(ROOM_RIGHTS["seizures.read"]):
        return Latest([], own_office=False)
    viewer, cases = service.viewer_of(principal), "[]"
    own = {"office_code": principal.office} if principal.office else {}
    if own:
        cases = (await queries.list_cases(queries.Wanted(own, rows=rows), viewer)).cases
    own_office = cases != "[]"
    if not own_office:
        cases = (await queries.list_cases(queries.Wanted({}, rows=rows), viewer)).cases
    await audit.record(Action.READ, ROOM.name, label="latest", detail={"office": principal.office})
    return Latest(rows_decoder.decode(cases), own_office)


def status_label(code: str) -> str:
    """A state of a case in the reader's language."""
    return translate(STATUS_LABELS[code])


def field_label(path: str) -> str:
    """A field that is named with its part of a case, such as leg.country, in the reader's language."""
    kind, _, name = path.partition(".")
    part, fields = LINES.get(kind, ("", FieldSet()))
    if name not in fields.by_name:
        return path
    label = translate(fields[name].label)
    if not part:
        return label
    return translate(N_("%(part)s: %(field)s"), part=translate(part), field=label)


def origin_label(code: str) -> str:
    """Where a case came from, in the reader's language."""
    return translate(ORIGIN_LABELS[code])
