"""The rules of cases, as pure functions: what must hold, who may change what, which state follows which."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from appliance.app.seizures.schemas import NOT_RECORDED, Status
from appliance.core.i18n import N_, Message
from appliance.core.limits import QUANTITY_DECIMALS

# A post east of the server may already have tomorrow.
FUTURE_TOLERANCE = timedelta(days=1)
WITHOUT_GOODS = frozenset({"OFFENCE_NO_GOODS", "NEGATIVE_CONTROL"})
STEP = Decimal(1).scaleb(-QUANTITY_DECIMALS)


class Move(NamedTuple):
    """A change of state: from where, to where, and what it is called."""

    before: frozenset[Status]
    after: Status
    label: str


# What makes somebody an author of a case; a return is a judge's word and leaves him one.
AUTHORS_STEPS = ("draft", "edit", "submit")
OPEN = frozenset({Status.DRAFT, Status.RETURNED})
MOVES: Mapping[str, Move] = {
    "submit": Move(OPEN, Status.SUBMITTED, N_("Submitted")),
    "validate": Move(frozenset({Status.SUBMITTED}), Status.VALIDATED, N_("Validated")),
    "return": Move(frozenset({Status.SUBMITTED}), Status.RETURNED, N_("Returned")),
}


def check_case(
    values: Mapping[str, Any], today: date | None, *, whole: bool = True
) -> dict[str, Message]:
    """Everything that is wrong with a case as typed, by field; a draft need not be whole.

    Without a day that is believed no date is refused.
    """
    wrong: dict[str, Message] = {}
    day, quantity = values.get("event_date"), values.get("quantity")
    if day is not None and today is not None and day > today + FUTURE_TOLERANCE:
        wrong["event_date"] = Message(N_("This date lies in the future."))
    if quantity is not None and quantity != quantity.quantize(STEP):
        wrong["quantity"] = Message(
            N_("A quantity has at most %(limit)s decimals."), {"limit": QUANTITY_DECIMALS}
        )
    return missing_goods(values) | wrong if whole else wrong


def missing_goods(values: Mapping[str, Any]) -> dict[str, Message]:
    """What a whole case still has to say of its goods; without goods, only that a measure is a whole one."""
    said = {name for name in MISSING if values.get(name) not in (None, NOT_RECORDED)}
    with_goods = values.get("case_kind") not in WITHOUT_GOODS
    needed = (
        set(MISSING)
        if with_goods
        else {"quantity", "unit"}
        if said & {"quantity", "unit"}
        else set()
    )
    return {name: Message(MISSING[name]) for name in MISSING if name in needed - said}


MISSING = {
    "subtype": N_("Say which goods were found."),
    "quantity": N_("Say how much it was."),
    "unit": N_("Say in which unit the quantity is."),
}


CLOSED: Mapping[Status, str] = {
    Status.SUBMITTED: N_(
        "This case waits for validation and cannot be changed. Who validates it can return it to its office."
    ),
    Status.VALIDATED: N_("This case is validated and can no longer be changed."),
    Status.LOCKED: N_("This case is locked and can no longer be changed."),
    Status.EXPUNGED: N_("This case was expunged and can no longer be changed."),
}
NOT_THEIRS = N_("This case belongs to another office. Only its own office may change it.")


def edit_refusal(status: Status, case_office: str, office: str) -> str:
    """Why somebody of an office may not change a case, or nothing: only its own may, only while it is open."""
    if status in CLOSED:
        return CLOSED[status]
    return "" if case_office and case_office == office else NOT_THEIRS


def year_of_number(event: date, today: date | None) -> int:
    """The year in the number of a case: that of its submission, or of the event while nobody knows the day."""
    return (today or event).year


def may_edit(status: Status, case_office: str, office: str) -> bool:
    """Whether somebody of an office may change a case."""
    return not edit_refusal(status, case_office, office)


def may_judge(hands: Collection[UUID], judge: UUID) -> bool:
    """Nobody validates or returns a case in which he has had a hand."""
    return judge not in hands
