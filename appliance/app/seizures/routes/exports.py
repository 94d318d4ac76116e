"""The list as a file for a spreadsheet program, by the same filters as the page."""

from collections.abc import AsyncIterator, Iterable, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Request, Response, get, post
from litestar.response import Stream

from appliance.app.seizures import queries, service
from appliance.app.seizures.fields import EXPORT, FILTERS, STATUS_LABELS
from appliance.app.seizures.routes.reading import Question, question_of, read_question
from appliance.app.seizures.routes.shown import shown_value
from appliance.app.web.auth import (
    Principal,
    principal_of,
    recently_confirmed,
    recently_confirmed_or_program,
    requires,
)
from appliance.app.web.exports import (
    PURPOSE,
    Exporting,
    ask_purpose,
    purpose_form,
    purpose_in,
    read_purpose,
)
from appliance.app.web.forms import read_typed
from appliance.app.web.rates import at_most
from appliance.app.web.spreadsheet import csv_download
from appliance.core import audit, clock
from appliance.core.audit import Action
from appliance.core.errors import Invalid
from appliance.core.fields import Field, Kind
from appliance.core.i18n import N_, translate

READ = requires("seizures.read")
ROWS_AT_ONCE = 500
EXPORTS_A_MINUTE = 10
WARNING = N_(
    "Whoever has the file can read it: keep it where nobody else can, and delete it when it has served its purpose."
)

Rows = Iterable[Sequence[Any]]


def export_cell(field: Field, value: Any) -> Any:
    """A value as a spreadsheet can go on with it: exact numbers, ISO dates, labels of codes."""
    if field.kind is Kind.DECIMAL and value is not None:
        return Decimal(value)
    return value if field.kind is Kind.DATE else shown_value(field, value)


async def export_rows(question: Question, principal: Principal) -> AsyncIterator[Rows]:
    """The handling line, the headings, then the cases."""
    made = translate(
        N_("For official use. Exported by %(name)s, %(moment)s UTC."),
        name=principal.name,
        moment=f"{clock.now():%Y-%m-%d %H:%M}",
    )
    yield [[made], [translate(field.label) for field in EXPORT]]
    names = tuple(dict.fromkeys(("id", *(field.name for field in EXPORT))))
    wanted = question.wanted._replace(rows=ROWS_AT_ONCE, columns=names, after=None, before=None)
    viewer = service.viewer_of(principal)
    while True:
        found = await queries.list_cases(wanted, viewer)
        cases: list[dict[str, Any]] = msgspec.json.decode(found.cases)
        yield [[export_cell(field, case[field.name]) for field in EXPORT] for case in cases]
        if not found.next:
            return
        wanted = wanted._replace(after=queries.read_cursor(found.next))


def answered(question: Question) -> Question:
    """A question whose filters can be used.

    Raises:
        Invalid: one of them is wrong.
    """
    if question.form.errors:
        raise Invalid(N_("Nothing was exported."), fields=question.form.errors)
    return question


def asking(question: Question) -> Exporting:
    """The page that asks why; the form carries the filters of the list."""
    kept = [
        (name, texts[0])
        for name, texts in question.form.typed.items()
        if name in FILTERS.by_name and texts and texts[0]
    ]
    back = f"/seizures?{urlencode(kept)}" if kept else "/seizures"
    return Exporting(
        title=translate(N_("Export the cases")),
        action="/seizures/export",
        back=back,
        back_label=translate(N_("Seizures")),
        warning=translate(WARNING),
        kept=kept,
    )


async def begin(question: Question, principal: Principal, purpose: str) -> Stream:
    """Note the export, and hand over the file."""
    shown = {name: str(value) for name, value in question.filters.items()}
    detail = {"filters": shown}
    await audit.record(Action.EXPORT, service.ROOM, label="csv", purpose=purpose, detail=detail)
    return csv_download("seizures.csv", export_rows(question, principal))


@get("/seizures/export", guards=[READ, recently_confirmed], include_in_schema=False)
async def export_page(request: Request[Any, Any, Any]) -> Response[str]:
    return ask_purpose(request, asking(answered(await read_question(request))))


@post(
    "/seizures/export",
    guards=[READ, recently_confirmed],
    include_in_schema=False,
    status_code=200,
    middleware=[at_most(EXPORTS_A_MINUTE)],
)
async def export(request: Request[Any, Any, Any]) -> Response[str] | Stream:
    typed = await read_typed(request)
    question = answered(await question_of(typed))
    form = purpose_form(typed)
    purpose = read_purpose(form)
    if not purpose:
        return ask_purpose(request, asking(question), form)
    return await begin(question, principal_of(request), purpose)


@get(
    "/api/v1/seizures/export",
    guards=[READ, recently_confirmed_or_program],
    summary="Cases by filters, as CSV; the purpose is kept in the audit trail",
    opt={"query": (*PURPOSE, *FILTERS), "codes": {"STATUS": STATUS_LABELS}},
    media_type="text/csv",
    middleware=[at_most(EXPORTS_A_MINUTE)],
)
async def export_resource(request: Request[Any, Any, Any]) -> Stream:
    purpose = purpose_in(request)
    return await begin(answered(await read_question(request)), principal_of(request), purpose)


ROUTES = [export_page, export, export_resource]
