"""The pages of the imports."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath
from litestar.response import Redirect

from appliance.app.imports import limits, service
from appliance.app.imports.fields import (
    HELD_LABELS,
    KIND_LABELS,
    REPEATS_LABELS,
    STATE_KINDS,
    STATE_LABELS,
    UPLOAD,
    UPLOAD_REQUIRED,
    choices,
    mapping_label,
)
from appliance.app.imports.routes import reading
from appliance.app.imports.schemas import Batch, HeldState, Kind, Problem, Repeats, State
from appliance.app.seizures import api as seizures
from appliance.app.web import limits as web_limits
from appliance.app.web.auth import requires
from appliance.app.web.forms import Form, read_typed
from appliance.app.web.lists import Cell, Column, Row
from appliance.app.web.pages import redirect, render, show_datetime, show_number
from appliance.app.web.rates import at_most
from appliance.core.errors import Conflict, Invalid, Refused, TooLarge
from appliance.core.i18n import N_, Message, translate
from appliance.core.settings import get_settings

RUN = requires("imports.run")
READ = requires("imports.read")


def list_columns() -> list[Column]:
    """The headings of the list of imports."""
    return [
        Column(translate(N_("File"))),
        Column(translate(N_("State"))),
        Column(translate(N_("Rows")), "number"),
        Column(translate(N_("Loaded")), "number"),
        Column(translate(N_("Held")), "number"),
        Column(translate(N_("Duplicates")), "number"),
        Column(translate(N_("Rejected")), "number"),
        Column(translate(N_("By"))),
        Column(translate(N_("Asked for at")), "date"),
    ]


def list_row(batch: Batch, zone: ZoneInfo) -> Row:
    """An import as a line of the list."""
    counts = (batch.rows, batch.loaded, batch.held, batch.duplicates, batch.rejected)
    return Row(
        [
            batch.file_name,
            Cell(translate(STATE_LABELS[batch.state]), STATE_KINDS[batch.state]),
            *(show_number(count) for count in counts),
            batch.made_by_name,
            show_datetime(batch.made_at, zone),
        ],
        f"/imports/{batch.id}",
    )


@get("/imports", guards=[READ], include_in_schema=False)
async def list_page(request: Request[Any, Any, Any]) -> Response[str]:
    found, following = await reading.batches_of(request)
    zone = ZoneInfo(get_settings().time_zone)
    return render(
        request,
        "imports/list.html",
        columns=list_columns(),
        rows=[list_row(batch, zone) for batch in found],
        next_url=f"/imports?before={following}" if following else "",
        first_url="/imports" if request.query_params.get("before") else "",
    )


def upload_form(typed: dict[str, list[str]]) -> Form:
    """The form for a new import."""
    return Form(UPLOAD, typed, required=UPLOAD_REQUIRED, choices=choices())


@get("/imports/new", guards=[RUN], include_in_schema=False)
async def new_page(request: Request[Any, Any, Any]) -> Response[str]:
    form = upload_form({"repeats": [Repeats.HOLD.value.upper()]})
    return render(request, "imports/new.html", form=form)


@post(
    "/imports",
    guards=[RUN],
    include_in_schema=False,
    request_max_body_size=web_limits.UPLOAD_BYTES,
    middleware=[at_most(limits.IMPORTS_A_MINUTE)],
)
async def create(request: Request[Any, Any, Any]) -> Response[str] | Redirect:
    typed = await read_typed(request)
    upload = (await request.form()).get("file")
    given = upload if isinstance(upload, UploadFile) and upload.filename else None
    form = upload_form({**typed, "file": ["given"] if given else []})
    try:
        if form.read() and given is not None:
            batch = await reading.start(
                request,
                given,
                form.values["mapping"].lower(),
                Repeats(form.values["repeats"].lower()),
                dry_run=bool(form.values["dry_run"]),
            )
            return redirect(f"/imports/{batch.id}")
    except (Invalid, Refused, TooLarge) as error:
        form.errors["file"] = error.message
    finally:
        if given is not None:
            await given.close()
    return render(request, "imports/new.html", status=422, form=form)


def progress_text(batch: Batch) -> Message:
    """How far an import is, as a sentence."""
    if batch.state is State.UPLOADED:
        return Message(N_("The import waits for its turn."))
    if batch.state is State.PUBLISHING:
        return Message(N_("All rows are read; the cases are being published."))
    return Message(
        N_("%(done)s of about %(total)s rows read."),
        {"done": show_number(batch.rows), "total": show_number(max(batch.lines - 1, batch.rows))},
    )


def figures(batch: Batch) -> list[tuple[str, str]]:
    """The counts of an import for people: every row is in exactly one of the last four."""
    loaded = N_("Would be loaded") if batch.dry_run else N_("Loaded")
    return [
        (translate(N_("Rows")), show_number(batch.rows)),
        (translate(loaded), show_number(batch.loaded)),
        (translate(N_("Held")), show_number(batch.held)),
        (translate(N_("Duplicates")), show_number(batch.duplicates)),
        (translate(N_("Rejected")), show_number(batch.rejected)),
    ]


def working(batch: Batch) -> bool:
    """Whether the page should look again by itself."""
    return not batch.ended or batch.held_state is HeldState.LOADING


@get("/imports/{batch:str}", guards=[READ], include_in_schema=False)
async def batch_page(request: Request[Any, Any, Any], batch: FromPath[str]) -> Response[str]:
    return show_batch(request, await reading.batch_of(request, batch))


def show_batch(request: Request[Any, Any, Any], found: Batch, status: int = 200) -> Response[str]:
    """The page of one import."""
    return render(
        request,
        "imports/batch.html",
        status=status,
        batch=found,
        report=service.report(found),
        figures=figures(found),
        working=working(found),
        progress=progress_text(found),
        state_label=translate(STATE_LABELS[found.state]),
        state_kind=STATE_KINDS[found.state],
        mapping_label=mapping_label(found.mapping),
        field_label=seizures.field_label,
        held_label=translate(HELD_LABELS[found.held_state]),
        repeats_label=translate(REPEATS_LABELS[found.repeats]),
    )


@post("/imports/{batch:str}/cancel", guards=[RUN], include_in_schema=False)
async def cancel(request: Request[Any, Any, Any], batch: FromPath[str]) -> Redirect:
    found = await reading.batch_of(request, batch)
    try:
        await service.cancel(found.id)
    except Conflict as error:
        return redirect(f"/imports/{found.id}", "warning", error.message.key)
    return redirect(
        f"/imports/{found.id}", "success", N_("The import was stopped. Nothing of it was loaded.")
    )


@post("/imports/{batch:str}/decision", guards=[RUN], include_in_schema=False)
async def decide(request: Request[Any, Any, Any], batch: FromPath[str]) -> Redirect:
    found = await reading.batch_of(request, batch)
    wanted = "".join((await read_typed(request)).get("decision", ()))
    if wanted not in {"load", "keep_out"}:
        raise Invalid(
            N_("Choose whether the held rows are loaded or kept out. Nothing was changed.")
        )
    try:
        await service.decide(found.id, load=wanted == "load")
    except Conflict as error:
        return redirect(f"/imports/{found.id}", "warning", error.message.key)
    message = (
        N_("The held rows are being loaded.")
        if wanted == "load"
        else N_("The held rows are kept out. They stay listed here.")
    )
    return redirect(f"/imports/{found.id}", "success", message)


def problem_columns() -> list[str]:
    """The headings of the problems."""
    return [
        translate(N_("Row")),
        translate(N_("What became of it")),
        translate(N_("Column")),
        translate(N_("Value")),
        translate(N_("Reason")),
    ]


def problem_cells(problem: Problem) -> list[Any]:
    """A problem as a line."""
    kind = translate(KIND_LABELS[Kind(problem.kind)])
    return [problem.row, kind, problem.column, problem.value, problem.reason]


@dataclass(frozen=True, slots=True)
class Tab:
    """One kind of problems, and how many rows have it."""

    label: str
    url: str
    active: bool
    count: str


def problem_tabs(batch: Batch, shown: Kind | None) -> list[Tab]:
    """Few rejected rows must be found among many held ones, so each kind can be seen alone."""
    counts = {Kind.REJECTED: batch.rejected, Kind.HELD: batch.held}
    address = f"/imports/{batch.id}/problems"
    return [
        Tab(translate(KIND_LABELS[kind]), f"{address}?kind={kind}", kind is shown, show_number(n))
        for kind, n in counts.items()
        if n
    ]


@get("/imports/{batch:str}/problems", guards=[READ], include_in_schema=False)
async def problems_page(request: Request[Any, Any, Any], batch: FromPath[str]) -> Response[str]:
    found = await reading.batch_of(request, batch)
    page = await reading.problems_of(request, found)
    await service.note_reading(found, "problems")
    kind = reading.kind_of(request)
    address = f"/imports/{found.id}/problems?kind={kind or ''}"
    return render(
        request,
        "imports/problems.html",
        batch=found,
        tabs=problem_tabs(found, kind),
        columns=[Column(label) for label in problem_columns()],
        rows=[Row([show_number(p.row), *problem_cells(p)[1:]]) for p in page.problems],
        first_url=address if request.query_params.get("after") else "",
        next_url=f"{address}&after={page.next}" if page.next else "",
    )


ROUTES = [
    list_page,
    new_page,
    create,
    batch_page,
    cancel,
    decide,
    problems_page,
]
