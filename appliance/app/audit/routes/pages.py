"""The pages of the trail: the list with its filters, and one entry."""

from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from appliance.app.audit import service, wording
from appliance.app.audit.routes.reading import (
    address_form,
    asked_form,
    filter_form,
    number_in,
    room_title,
)
from appliance.app.audit.schemas import (
    ACTION_LABELS,
    SEAL_LABELS,
    AuditEntry,
    AuditPage,
    SealState,
)
from appliance.app.web.auth import requires
from appliance.app.web.forms import Form, read_typed, typed_query
from appliance.app.web.lists import Cell, Column, Row
from appliance.app.web.pages import redirect, render, show_datetime, show_number
from appliance.core import limits
from appliance.core.audit import Action
from appliance.core.i18n import N_, current_language, translate, translate_plural

READ = requires("audit.read")
COLUMNS = (
    (N_("Time"), "date"),
    (N_("Person"), "text"),
    (N_("Action"), "text"),
    (N_("Part of the application"), "text"),
    (N_("Record"), "text"),
    (N_("Purpose"), "text"),
    (N_("Address"), "code"),
    (N_("Seal"), "text"),
)
SEAL_KINDS = {True: "success", False: "neutral"}


def person_text(entry: AuditEntry) -> str:
    """Who acted, with the unit of that moment."""
    if not entry.actor_name:
        return translate(N_("Not signed in"))
    return f"{entry.actor_name} ({entry.actor_unit})" if entry.actor_unit else entry.actor_name


def action_text(code: str) -> str:
    """What was done, in the reader's language."""
    return translate(ACTION_LABELS[Action(code)]) if code in ACTION_LABELS else code


def seal_text(*, sealed: bool) -> str:
    """Whether a seal holds an entry, in the reader's language."""
    return translate(SEAL_LABELS[SealState.SEALED if sealed else SealState.WAITING])


def list_row(entry: AuditEntry, request: Request[Any, Any, Any]) -> Row:
    """An entry as a line of the list."""
    zone = ZoneInfo(request.app.state.house.settings.time_zone)
    return Row(
        [
            show_datetime(entry.at, zone),
            person_text(entry),
            action_text(entry.action),
            room_title(entry.room),
            wording.subject_text(entry.record, entry.label),
            entry.purpose,
            entry.address,
            Cell(seal_text(sealed=entry.sealed), kind=SEAL_KINDS[entry.sealed]),
        ],
        f"/audit/entries/{entry.n}",
    )


def count_text(count: int) -> str:
    """How many entries there are, as a sentence."""
    if count > limits.COUNT_CAP:
        return translate(N_("More than %(n)s entries."), n=show_number(limits.COUNT_CAP))
    return translate_plural(
        "%(shown)s entry.", "%(shown)s entries.", count, shown=show_number(count)
    )


async def show_list(
    request: Request[Any, Any, Any], form: Form, search_id: str, page: AuditPage
) -> Response[str]:
    """The list page of a search."""
    here = f"/audit?search={search_id}"
    return render(
        request,
        "audit/list.html",
        form=form,
        active=len(form.values),
        columns=[Column(translate(label), kind) for label, kind in COLUMNS],
        rows=[list_row(entry, request) for entry in page.entries],
        count_text=count_text(await service.count(form.values, limits.COUNT_CAP)),
        prev_url=f"{here}&after={page.previous}" if page.previous else "",
        next_url=f"{here}&before={page.next}" if page.next else "",
        search_id=search_id,
    )


def show_errors(request: Request[Any, Any, Any], form: Form) -> Response[str]:
    """The filters with what is wrong in them; a wrong filter finds nothing."""
    return render(
        request,
        "audit/list.html",
        status=422,
        form=form,
        active=len(form.values),
        columns=[],
        rows=[],
        count_text="",
        prev_url="",
        next_url="",
        search_id="",
    )


@get("/audit", guards=[READ], include_in_schema=False)
async def list_page(request: Request[Any, Any, Any]) -> Response[str]:
    search_id = request.query_params.get("search", "")
    if search_id:
        form = await asked_form(search_id)
        before, after = number_in(request, "before"), number_in(request, "after")
        page = await service.find_page(form.values, before=before, after=after)
        return await show_list(request, form, search_id, page)
    form = address_form(typed_query(request))
    if form.errors:
        return show_errors(request, form)
    begun = await service.begin_search(form.values)
    return await show_list(request, form, str(begun), await service.find_page(form.values))


@post("/audit", guards=[READ], include_in_schema=False)
async def search(request: Request[Any, Any, Any]) -> Response[str] | Redirect:
    form = filter_form(await read_typed(request))
    if form.errors:
        return show_errors(request, form)
    return redirect(f"/audit?search={await service.begin_search(form.values)}")


def details_of(entry: AuditEntry, request: Request[Any, Any, Any]) -> list[tuple[str, str]]:
    """What was noted beside an entry, in the reader's language."""
    house = request.app.state.house
    return wording.detail_lines(
        entry.room,
        entry.details(),
        lambda name, code: house.label(name, code, current_language.get()),
    )


def exact_details(entry: AuditEntry) -> str:
    """What was noted beside an entry, letter by letter."""
    return bytes(entry.detail).decode()


@get("/audit/entries/{n:int}", guards=[READ], include_in_schema=False)
async def entry_page(request: Request[Any, Any, Any], n: FromPath[int]) -> Response[str]:
    entry, seal = await service.open_entry(n)
    return render(
        request,
        "audit/entry.html",
        entry=entry,
        seal=seal,
        person=person_text(entry),
        action=action_text(entry.action),
        room=room_title(entry.room),
        subject=wording.subject_text(entry.record, entry.label),
        details=details_of(entry, request),
        exact=exact_details(entry),
    )


ROUTES = [list_page, search, entry_page]
