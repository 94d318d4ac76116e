"""The three measured answers, written as Django's manual teaches: models, querysets, JsonResponse, Jinja2."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token

from appliance.app.seizures.schemas import Case as CaseShape
from appliance.app.seizures.schemas import CaseRow, Commodity, Concealment, Leg
from appliance.app.web.auth import Principal
from appliance.core import ids, limits
from appliance.core.room import Role
from benchmarks.page import ListPage
from benchmarks.peer.models import Case
from benchmarks.peer.sessions import note, readers_only

ROWS = limits.PAGE_ROWS
PARTS = {"commodities": Commodity, "legs": Leg, "concealments": Concealment}
ROW_COLUMNS = CaseRow.__struct_fields__
CASE_COLUMNS = [name for name in CaseShape.__struct_fields__ if name not in PARTS]
EVERYWHERE = frozenset({"NCP", "AUDITOR"})
PAGE = ListPage()


def shown(value: Any) -> Any:
    """A value as the API writes it: exact numbers as texts without spare zeros."""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def record(item: Model, columns: Sequence[str]) -> dict[str, Any]:
    return {name: shown(getattr(item, name)) for name in columns}


def visible(request: HttpRequest) -> QuerySet[Case]:
    """The cases that this person may see."""
    account = request.session.account
    allowed = Q(status__in=("VALIDATED", "LOCKED"))
    mine = Q(office_code=account.office or "") | Q(entered_by=account.id)
    if not EVERYWHERE.isdisjoint(account.roles):
        mine = Q()
    return Case.objects.filter(allowed | (~Q(status="EXPUNGED") & mine))


@readers_only
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    found = visible(request).prefetch_related(*PARTS).only(*CASE_COLUMNS).filter(id=case_id).first()
    if found is None:
        raise Http404
    note(request, str(case_id), "", {}, str(ids.new_id()))
    body = record(found, CASE_COLUMNS)
    for part, shape in PARTS.items():
        columns = shape.__struct_fields__
        body[part] = [record(item, columns) for item in getattr(found, part).all()]
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


def newest(request: HttpRequest) -> tuple[list[Case], str]:
    """The first page, and the cursor of the next one."""
    found = list(visible(request).only(*ROW_COLUMNS).order_by("-event_date", "-id")[: ROWS + 1])
    shown_rows = found[:ROWS]
    last = shown_rows[-1] if len(found) > ROWS else None
    return shown_rows, f"{last.event_date}_{last.id}" if last else ""


def note_list(request: HttpRequest) -> None:
    office = request.session.account.office or ""
    note(request, "", "list", {"filters": {}, "office": office}, str(ids.new_id()))


@readers_only
def list_cases(request: HttpRequest) -> HttpResponse:
    found, following = newest(request)
    note_list(request)
    body = {"cases": [record(item, ROW_COLUMNS) for item in found], "next": following}
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


@readers_only
def list_page(request: HttpRequest) -> HttpResponse:
    found, following = newest(request)
    count = visible(request)[: limits.COUNT_CAP + 1].count()
    note_list(request)
    account = request.session.account
    person = Principal(
        id=account.id,
        name=account.name,
        roles=frozenset(map(Role, account.roles)),
        office=account.office or "",
        unit=account.unit.name if account.unit else "",
        language=account.language,
    )
    for item in found:
        if item.quantity is not None:
            item.quantity = item.quantity.normalize()
    return HttpResponse(PAGE.html(person, get_token(request), found, following, count))
