"""Entering and moving cases: each write is one transaction with its version, its audit entry and its fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import msgspec

from appliance.app.accounts import api as accounts
from appliance.app.reference import api as reference
from appliance.app.seizures import fields, policy, queries, staging
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
from appliance.app.web.auth import Principal
from appliance.core import audit, clock, db, ids, outbox
from appliance.core.audit import Action
from appliance.core.errors import Conflict, Forbidden, Invalid, NotFound
from appliance.core.fields import FieldProblem, clean_text, difference
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


async def get_case(case_id: UUID, principal: Principal, purpose: str = "") -> Case:
    """A case, its reading audited.

    Raises:
        NotFound: there is none that this person may see.
    """
    case = await queries.find_case(case_id, viewer_of(principal))
    if case is None:
        raise no_such_case()
    await audit.record(Action.READ, ROOM, case_id, label=case.case_ref, purpose=purpose)
    return case


async def today_at(office_code: str) -> datetime:
    """The present moment on the clock of an office."""
    office = await accounts.find_office(office_code)
    return clock.now().astimezone(ZoneInfo(office.time_zone if office else "UTC"))


def kilograms(quantity: Decimal | None, unit: str) -> Decimal | None:
    """A quantity in kilograms, where its unit is one of mass."""
    entry = reference.entry("UNIT", unit)
    factors = [tag[3:] for tag in entry.tags if tag.startswith("kg:")] if entry else []
    return quantity * Decimal(factors[0]) if quantity is not None and factors else None


def new_commodity(values: Mapping[str, Any], typed: Mapping[str, Sequence[str]]) -> NewCommodity:
    """The goods of a simplified form; the heading follows from the kind of goods."""
    subtype = reference.entry("SUBTYPE", values["subtype"])
    unit = values.get("unit") or NOT_RECORDED
    quantity: Decimal | None = values.get("quantity")
    return NewCommodity(
        heading=subtype.parent if subtype else "OTHER",
        subtype=values["subtype"],
        quantity=quantity,
        unit=unit,
        quantity_typed="".join(typed.get("quantity", ())).strip()[:80],
        kg_equivalent=kilograms(quantity, unit),
    )


async def new_case(
    values: Mapping[str, Any], typed: Mapping[str, Sequence[str]], client_uuid: UUID | None
) -> NewCase:
    """A simplified form as a case.

    Raises:
        Invalid: something is wrong; every wrong field has its sentence.
    """
    moment = await today_at(values.get("office_code") or "")
    wrong = policy.check_case(values, moment.date())
    office = await accounts.find_office(values.get("office_code") or "")
    if office is None:
        wrong["office_code"] = Message(N_("Choose an office."))
    if wrong or office is None:
        raise Invalid(N_("The case was not stored."), fields=wrong)
    return NewCase(
        case_kind=values["case_kind"],
        event_date=values["event_date"],
        country=office.country,
        office_code=office.code,
        place_type=office.place_type,
        locode=office.locode,
        direction=values["direction"],
        how_found=values["how_found"],
        narrative=values.get("narrative") or "",
        client_uuid=client_uuid,
        commodities=(new_commodity(values, typed),) if values.get("subtype") else (),
    )


async def next_reference(country: str, office: str, year: int) -> str:
    """The next case number of an office in a year; a number that is not used leaves a gap."""
    key = f"{country}-{office}-{year}"
    number = await db.fetch_value(
        "INSERT INTO seizures.number_counter (id, next_number) VALUES ($1, 2) ON CONFLICT (id)"
        " DO UPDATE SET next_number = seizures.number_counter.next_number + 1 RETURNING next_number - 1",
        key,
    )
    return f"{key}-{number:06d}"


async def reference_for(case: NewCase) -> str:
    """The number of a case that is submitted now."""
    moment = await today_at(case.office_code)
    return await next_reference(case.country, case.office_code, moment.year)


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


async def create(case: NewCase, principal: Principal, origin: Origin, *, submit: bool) -> UUID:
    """Store a case; sent twice with the same client id, it is stored once. Return its id.

    Raises:
        Invalid: the office is not the person's own.
    """
    check_own_office(case.office_code, principal)
    known = await find_by_client(case.client_uuid, principal)
    if known is not None:
        return known
    case_id = ids.new_id()
    try:
        async with db.transaction():
            number = await reference_for(case) if submit else ""
            stamp = staging.Stamp(
                origin=origin,
                actor=audit.current_actor.get(),
                at=clock.now(),
                status=Status.SUBMITTED if submit else Status.DRAFT,
                case_ref=number,
            )
            await staging.insert(case_id, case, stamp)
            await note_version(case_id, 1, "submit" if submit else "draft")
            await audit.record(Action.CREATE, ROOM, case_id, label=number)
            if submit:
                await outbox.publish(ROOM, "submitted", {"case": str(case_id), "ref": number})
    except asyncpg.UniqueViolationError as error:
        known = await find_by_client(case.client_uuid, principal)
        if known is None:
            raise Conflict(N_("This case was stored a moment ago by somebody else.")) from error
        return known
    return case_id


async def find_by_client(client_uuid: UUID | None, principal: Principal) -> UUID | None:
    """The case that this person's form was stored as, if it was sent before."""
    if client_uuid is None:
        return None
    found: UUID | None = await db.fetch_value(
        "SELECT id FROM seizures.case_file WHERE client_uuid = $1 AND entered_by = $2",
        client_uuid,
        principal.id,
    )
    return found


def check_may_edit(case: Case, principal: Principal) -> None:
    """Let only those change a case who may.

    Raises:
        Forbidden: the case is not this person's to change, or nobody's any more.
    """
    refusal = policy.edit_refusal(Status(case.status), case.office_code, principal.office)
    if refusal:
        raise Forbidden(refusal)


CHANGED = [
    "event_date",
    "office_code",
    "case_kind",
    "direction",
    "how_found",
    "narrative",
    "country",
    "place_type",
    "locode",
]


async def update(case: Case, changed: NewCase, principal: Principal, version: int) -> None:
    """Change a case that is not validated yet; the old values stay in its history.

    Raises:
        Forbidden: the case is not this person's to change.
        Conflict: somebody else changed it meanwhile.
    """
    check_may_edit(case, principal)
    check_own_office(changed.office_code, principal)
    line = changed.commodities[0] if changed.commodities else None
    old = {**msgspec.structs.asdict(case), **first_line(case)}
    new = {name: getattr(changed, name) for name in CHANGED}
    new |= {name: getattr(line, name) for name in LINE} if line else {}
    changes = difference([*fields.CASE, *fields.COMMODITY], old, new)
    async with db.transaction():
        taken = await db.fetch_value(
            "UPDATE seizures.case_file SET version = version + 1, event_date = $3, office_code = $4,"
            " case_kind = $5, direction = $6, how_found = $7, narrative = $8, country = $9, place_type = $10,"
            " locode = $11, search_text = $12, heading = $13, subtype = $14, quantity = $15, unit = $16"
            " WHERE id = $1 AND version = $2 AND status IN ('DRAFT', 'RETURNED') RETURNING version",
            *(
                case.id,
                version,
                *(getattr(changed, name) for name in CHANGED),
                search_text(changed),
            ),
            *((line.heading, line.subtype, line.quantity, line.unit) if line else NO_LINE),
        )
        if taken is None:
            raise Conflict(
                N_(
                    "Somebody else changed this case meanwhile. What you typed is still here; look at the case, then save again."
                )
            )
        if line:
            await write_line(case, line)
        await note_version(case.id, taken, "edit", changes=changes)
        await audit.record(
            Action.UPDATE, ROOM, case.id, label=case.case_ref, detail=changes_text(changes)
        )


NO_LINE = (NOT_RECORDED, NOT_RECORDED, None, NOT_RECORDED)
LINE = ("heading", "subtype", "quantity", "unit")


def first_line(case: Case) -> dict[str, Any]:
    """The first goods of a case as a simplified form shows them."""
    if not case.commodities:
        return {}
    return {name: getattr(case.commodities[0], name) for name in LINE}


def changes_text(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Changes as an audit entry may hold them: which fields, not what they said."""
    return {"fields": sorted(changes)}


async def write_line(case: Case, line: NewCommodity) -> None:
    """Change the first goods of a case, or add them."""
    values = (
        line.heading,
        line.subtype,
        line.quantity,
        line.unit,
        line.quantity_typed,
        line.kg_equivalent,
    )
    if case.commodities:
        await db.execute(
            "UPDATE seizures.commodity SET heading = $2, subtype = $3, quantity = $4, unit = $5,"
            " quantity_typed = $6, kg_equivalent = $7, unit_typed = '' WHERE id = $1",
            case.commodities[0].id,
            *values,
        )
    else:
        await db.execute(
            "INSERT INTO seizures.commodity (id, case_id, seq, heading, subtype, quantity, unit, quantity_typed,"
            " kg_equivalent) VALUES ($1,$2,1,$3,$4,$5,$6,$7,$8)",
            ids.new_id(),
            case.id,
            *values,
        )


def read_reason(name: str, raw: str) -> str:
    """Why a case is moved, as it is stored; a return needs a word of it.

    Raises:
        Invalid: no reason, or one that no record can hold.
    """
    try:
        reason = clean_text(raw, fields.REASON)
    except FieldProblem as problem:
        raise not_returned(problem.message) from problem
    if name == "return" and not reason:
        raise not_returned(Message(N_("Say what has to be corrected.")))
    return reason


def not_returned(why: Message) -> Invalid:
    """What is wrong with a reason."""
    return Invalid(N_("The case was not returned."), fields={"reason": why})


async def move(
    case: Case, name: str, principal: Principal, reason: str = "", seen: int | None = None
) -> None:
    """Submit, validate or return a case; `seen` is the version that the person looked at.

    Raises:
        Invalid: a return without a word of why.
        Forbidden: a case of one's own, or of another office.
        Conflict: the case is in another state already, or was changed since it was looked at.
    """
    step = policy.MOVES[name]
    if seen is not None and seen != case.version:
        raise changed_meanwhile()
    entered_by = await db.fetch_value(
        "SELECT entered_by FROM seizures.case_file WHERE id = $1", case.id
    )
    if name == "submit" and not policy.may_edit(
        Status(case.status), case.office_code, principal.office
    ):
        raise Forbidden(N_("Only the office of a case may submit it."))
    if name != "submit" and not policy.may_judge(entered_by, principal.id):
        raise Forbidden(
            N_("Nobody validates or returns a case of his own. A colleague has to do it.")
        )
    reason = read_reason(name, reason)
    async with db.transaction():
        await apply_move(case, name, step, principal)
        await note_version(case.id, case.version + 1, name, reason=reason)
        await audit.record(
            Action.STATE, ROOM, case.id, label=case.case_ref, detail={"to": step.after.value}
        )
        await outbox.publish(ROOM, step.after.value.lower(), {"case": str(case.id)})


def changed_meanwhile() -> Conflict:
    """Somebody else was faster."""
    return Conflict(
        N_("This case was changed or decided by somebody else a moment ago. Look at it again.")
    )


async def apply_move(case: Case, name: str, step: policy.Move, principal: Principal) -> None:
    """The conditional update of a move.

    Raises:
        Conflict: the case is in another state, or was changed meanwhile.
    """
    number = case.case_ref
    if name == "submit" and not number:
        moment = await today_at(case.office_code)
        number = await next_reference(case.country, case.office_code, moment.year)
    judged = name == "validate"
    moved = await db.execute(
        "UPDATE seizures.case_file SET status = $3::text, version = version + 1, case_ref = $4,"
        " submitted_at = CASE WHEN $3::text = 'SUBMITTED' THEN $5 ELSE submitted_at END,"
        " validated_by = $6, validated_by_name = $7, validated_at = $8"
        " WHERE id = $1 AND version = $2 AND status = ANY($9::text[])",
        *(case.id, case.version, step.after.value, number, clock.now()),
        *((principal.id, principal.name, clock.now()) if judged else (None, "", None)),
        [status.value for status in step.before],
    )
    if not moved:
        raise changed_meanwhile()


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
