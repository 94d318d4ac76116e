"""Entering and changing cases: each write is one transaction with its version, its audit entry and its fact."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import msgspec

from appliance.app.seizures import fields, policy, queries, staging
from appliance.app.seizures.numbering import reference_for
from appliance.app.seizures.schemas import (
    NOT_RECORDED,
    Case,
    NewCase,
    NewCommodity,
    Origin,
    Status,
    Version,
)
from appliance.app.seizures.search import search_text
from appliance.app.seizures.simplified import OF_OFFICE, SAID
from appliance.app.web.auth import Principal
from appliance.core import audit, clock, crypto, db, ids, outbox
from appliance.core.audit import Action
from appliance.core.errors import Conflict, Forbidden, Invalid, NotFound
from appliance.core.fields import difference
from appliance.core.i18n import N_, Message
from appliance.core.room import Role

ROOM = "seizures"
EVERYWHERE = frozenset({Role.NCP, Role.AUDITOR})
encode = msgspec.json.Encoder(decimal_format="string").encode


def viewer_of(principal: Principal) -> queries.Viewer:
    """What decides which cases this person sees."""
    return queries.Viewer(
        principal.id, principal.office, not principal.roles.isdisjoint(EVERYWHERE)
    )


def no_such_case() -> NotFound:
    """There is none, or this person may not know of it: one sentence for both."""
    return NotFound(N_("There is no such case, or it is not yours to see."))


async def get_case(case_id: UUID, principal: Principal, action: Action = Action.READ) -> Case:
    """A case, its reading or printing audited.

    Raises:
        NotFound: there is none that this person may see.
    """
    case = await queries.find_case(case_id, viewer_of(principal))
    if case is None:
        raise no_such_case()
    await audit.record(action, ROOM, case_id, label=case.case_ref)
    return case


async def note_version(
    case_id: UUID,
    version: int,
    what: str,
    *,
    reason: str = "",
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Add a line to the history of a case."""
    actor = audit.current_actor.get()
    await db.execute(
        "INSERT INTO seizures.case_version (id, case_id, version, at, by_id, by_name, what, reason, changes)"
        " VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)",
        *(ids.new_id(), case_id, version, clock.now(), staging.actor_id(actor), actor.name),
        *(what, reason, encode(changes or {}).decode()),
    )


def check_own_office(office: str, principal: Principal) -> None:
    """Cases are entered for the own office; the national contact point enters for all.

    Raises:
        Invalid: another office was chosen.
    """
    if office != principal.office and Role.NCP not in principal.roles:
        raise Invalid(
            N_("The case was not stored."),
            fields={"office_code": Message(N_("You may enter cases of your own office only."))},
        )


class Sent(NamedTuple):
    """Where a case that was sent is stored, and in which state it is."""

    id: UUID
    status: Status


class SentBefore(Conflict):
    """The same form was stored before, with other content."""

    code = "sent_before"

    def __init__(self, case_id: UUID) -> None:
        belongs = Message(N_("It belongs to the case %(case)s."), {"case": str(case_id)})
        super().__init__(
            N_(
                "This form was stored before with other content, so nothing was stored now. If you meant to change that case, open it; if this is another case, save once more and it is stored as a new one."
            ),
            fields={"client_uuid": belongs},
        )
        self.case_id = case_id


async def create(case: NewCase, principal: Principal, origin: Origin, *, submit: bool) -> Sent:
    """Store a case; sent twice with the same client id and content, it is stored once.

    Raises:
        Invalid: the office is not the person's own.
        Conflict: the client id belongs to another content, or to somebody else's case.
    """
    check_own_office(case.office_code, principal)
    known = await find_sent(case, principal, submit=submit)
    if known is not None:
        return known
    try:
        return await store(case, origin, submit=submit)
    except asyncpg.UniqueViolationError as error:
        known = await find_sent(case, principal, submit=submit)
        if known is None:
            raise Conflict(
                N_(
                    "The mark of this form is in use already. Nothing was stored; what you typed is still here, save once more."
                )
            ) from error
        return known


async def store(case: NewCase, origin: Origin, *, submit: bool) -> Sent:
    """Store a case that is new, in one transaction with its number, version, audit entry and fact."""
    case_id, status = ids.new_id(), Status.SUBMITTED if submit else Status.DRAFT
    async with db.transaction():
        number = await reference_for(case) if submit else ""
        stamp = staging.Stamp(
            origin=origin,
            actor=audit.current_actor.get(),
            at=clock.now(),
            status=status,
            case_ref=number,
            digest=digest_of(case, submit=submit) if case.client_uuid else None,
        )
        await staging.insert(case_id, case, stamp)
        await note_version(case_id, 1, "submit" if submit else "draft")
        await audit.record(Action.CREATE, ROOM, case_id, label=number)
        if submit:
            await outbox.publish(ROOM, "submitted", {"case": str(case_id), "ref": number})
    return Sent(case_id, status)


async def find_sent(case: NewCase, principal: Principal, *, submit: bool) -> Sent | None:
    """The case that this person's form was stored as, if it was sent before.

    Raises:
        SentBefore: it was, with other content.
    """
    if case.client_uuid is None:
        return None
    found = await db.fetch_row(
        "SELECT id, status, client_digest FROM seizures.case_file"
        " WHERE client_uuid = $1 AND entered_by = $2",
        case.client_uuid,
        principal.id,
    )
    if found is None:
        return None
    sent = Sent(found["id"], Status(found["status"]))
    if found["client_digest"] is None:
        same = await is_stored_as(sent, case, principal, submit=submit)
    else:
        same = found["client_digest"] == digest_of(case, submit=submit)
    if not same:
        raise SentBefore(sent.id)
    return sent


async def is_stored_as(sent: Sent, case: NewCase, principal: Principal, *, submit: bool) -> bool:
    """Whether a case from before there were digests says the same as what was sent now."""
    stored = await queries.find_case(sent.id, viewer_of(principal))
    same_step = not submit or sent.status is not Status.DRAFT
    return stored is not None and same_step and content_of(stored) == content_of(case)


def content_of(case: Case | NewCase) -> list[Any]:
    """What a simplified form says."""
    return [*(getattr(case, name) for name in CHANGED), *line_values(first_of(case))]


def digest_of(case: NewCase, *, submit: bool) -> bytes:
    """What tells a form that was sent twice from another one under the same client id."""
    return crypto.sha256(encode([*content_of(case), submit]))


def check_may_edit(case: Case, principal: Principal) -> None:
    """Let only those change a case who may.

    Raises:
        Forbidden: the case is not this person's to change, or nobody's any more.
    """
    refusal = policy.edit_refusal(Status(case.status), case.office_code, principal.office)
    if refusal:
        raise Forbidden(refusal)


CHANGED = (*SAID, *OF_OFFICE)


async def update(case: Case, changed: NewCase, principal: Principal, version: int) -> None:
    """Change a case that is not validated yet; the old values stay in its history.

    Raises:
        Forbidden: the case is not this person's to change.
        Conflict: somebody else changed it meanwhile.
    """
    check_may_edit(case, principal)
    check_own_office(changed.office_code, principal)
    changes = changes_between(case, changed)
    # Goods that are withdrawn leave their place to the next ones, if there are any.
    shown, lines = first_of(changed), len(changed.commodities)
    async with db.transaction():
        taken = await db.fetch_value(
            "UPDATE seizures.case_file SET version = version + 1, event_date = $3, office_code = $4,"
            " case_kind = $5, direction = $6, how_found = $7, narrative = $8, country = $9, place_type = $10,"
            " locode = $11, search_text = $12, lines = $13, heading = $14, subtype = $15, quantity = $16,"
            " unit = $17"
            " WHERE id = $1 AND version = $2 AND status IN ('DRAFT', 'RETURNED') RETURNING version",
            *(
                case.id,
                version,
                *(getattr(changed, name) for name in CHANGED),
                search_text(changed),
            ),
            *(lines, *line_values(shown)),
        )
        if taken is None:
            raise Conflict(
                N_(
                    "Somebody else changed this case meanwhile. What you typed is still here; look at the case, then save again."
                )
            )
        await write_first_line(case, changed)
        await note_version(case.id, taken, "edit", changes=changes)
        await audit.record(
            Action.UPDATE, ROOM, case.id, label=case.case_ref, detail=changes_text(changes)
        )


# What follows from other fields is no change of its own.
DERIVED = frozenset({"kg_equivalent"})
NO_LINE = (NOT_RECORDED, NOT_RECORDED, None, NOT_RECORDED)
LINE = ("heading", "subtype", "quantity", "unit")


def first_of(case: Case | NewCase) -> NewCommodity | None:
    """The first goods of a case, if it has any."""
    return next(iter(case.commodities), None)


def line_values(line: NewCommodity | None) -> tuple[Any, ...]:
    """What a simplified form and the list say of goods."""
    return tuple(getattr(line, name) for name in LINE) if line else NO_LINE


def changes_between(case: Case, changed: NewCase) -> dict[str, Any]:
    """What a simplified form changes, by field: before and after."""
    new = {name: getattr(changed, name) for name in CHANGED}
    of_case = difference(fields.CASE, msgspec.structs.asdict(case), new)
    return of_case | difference(fields.COMMODITY, all_of_first(case), all_of_first(changed))


def all_of_first(case: Case | NewCase) -> dict[str, Any]:
    """What was recorded of the first goods of a case; without any, what goods of nothing would say."""
    line = first_of(case) or NewCommodity(heading=NOT_RECORDED)
    return {name: getattr(line, name) for name in fields.COMMODITY.by_name if name not in DERIVED}


def changes_text(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Changes as an audit entry may hold them: which fields, not what they said."""
    return {"fields": sorted(changes)}


async def write_first_line(case: Case, changed: NewCase) -> None:
    """Change, add or delete the first goods of a case; the others stay."""
    before, others = case.commodities[:1], case.commodities[1:]
    line = first_of(changed) if len(changed.commodities) > len(others) else None
    await db.execute(
        "DELETE FROM seizures.commodity WHERE case_id = $1 AND id = ANY($2::uuid[])",
        *(case.id, [gone.id for gone in before]),
    )
    if line is not None:
        seq = before[0].seq if before else 1
        await staging.insert_line(case.id, line, before[0].id if before else ids.new_id(), seq)


async def history(case_id: UUID) -> list[Version]:
    """What happened to a case, newest first."""
    rows = await db.fetch(
        "SELECT version, at, by_name, what, reason, changes FROM seizures.case_version WHERE case_id = $1"
        " ORDER BY version DESC LIMIT 200",
        case_id,
    )
    return [
        Version(**{**dict(row), "changes": msgspec.json.decode(row["changes"])}) for row in rows
    ]


async def latest_of(principal: Principal) -> Case | None:
    """The case that this person entered last, to copy from."""
    found = await db.fetch_value(
        "SELECT id FROM seizures.case_file WHERE entered_by = $1 AND origin = 'FORM' ORDER BY id DESC LIMIT 1",
        principal.id,
    )
    return await queries.find_case(found, viewer_of(principal)) if found else None
