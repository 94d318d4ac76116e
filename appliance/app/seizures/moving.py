"""Moving a case from state to state: submitting, validating, returning, each by one conditional update."""

from __future__ import annotations

from appliance.app.seizures import fields, policy, queries, service, simplified
from appliance.app.seizures.numbering import reference_for
from appliance.app.seizures.schemas import Case, Status
from appliance.app.web.auth import Principal
from appliance.core import audit, clock, db, outbox
from appliance.core.audit import Action
from appliance.core.errors import Conflict, Forbidden, Invalid
from appliance.core.fields import FieldProblem, clean_text
from appliance.core.i18n import N_, Message

OWN_CASE = N_(
    "Nobody validates or returns a case that he entered, changed or submitted himself. Another supervisor or the national contact point has to do it."
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
        Invalid: a return without a word of why, or a draft that is not complete.
        Forbidden: a case in which one has had a hand, or one of another office.
        Conflict: the case is in another state already, or was changed since it was looked at.
    """
    step = policy.MOVES[name]
    if seen is not None and seen != case.version:
        raise changed_meanwhile()
    if name == "submit" and not policy.may_edit(
        Status(case.status), case.office_code, principal.office
    ):
        raise Forbidden(N_("Only the office of a case may submit it."))
    if name == "submit" and (missing := simplified.missing_in(case)):
        raise Invalid(
            N_(
                "The case is not complete, so it was not submitted. Choose Change and fill in the rest."
            ),
            fields=missing,
        )
    if name != "submit" and not policy.may_judge(await queries.authors(case.id), principal.id):
        raise Forbidden(OWN_CASE)
    reason = read_reason(name, reason)
    async with db.transaction():
        await apply_move(case, name, step, principal)
        await service.note_version(case.id, case.version + 1, name, reason=reason)
        await audit.record(
            Action.STATE,
            service.ROOM,
            case.id,
            label=case.case_ref,
            detail={"to": step.after.value},
        )
        await outbox.publish(service.ROOM, step.after.value.lower(), {"case": str(case.id)})


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
        number = await reference_for(case)
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
