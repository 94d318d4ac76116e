"""The list as a file for a spreadsheet program, by the same filters as the page."""

from collections.abc import AsyncIterator, Iterable, Sequence
from decimal import Decimal
from typing import Any

import msgspec
from litestar import Request, get
from litestar.response import Stream

from appliance.app.seizures import queries, service
from appliance.app.seizures.fields import EXPORT
from appliance.app.seizures.routes.reading import Question, read_question
from appliance.app.seizures.routes.shown import shown_value
from appliance.app.web.auth import Principal, principal_of, requires
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


@get(
    "/seizures/export",
    guards=[READ],
    include_in_schema=False,
    middleware=[at_most(EXPORTS_A_MINUTE)],
)
async def export(request: Request[Any, Any, Any]) -> Stream:
    principal = principal_of(request)
    question = await read_question(request)
    if question.form.errors:
        raise Invalid(N_("Nothing was exported."), fields=question.form.errors)
    shown = {name: str(value) for name, value in question.filters.items()}
    await audit.record(Action.EXPORT, service.ROOM, label="csv", detail={"filters": shown})
    return csv_download("seizures.csv", export_rows(question, principal))


ROUTES = [export]
