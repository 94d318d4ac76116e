"""How people come in: the first start, files of people, the codes that are handed out."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from appliance.app.accounts.routes.door import person_of
from appliance.app.accounts.routes.own import language_choices
from appliance.app.accounts.routes.people import MANAGE, READ, role_names, show_codes
from appliance.app.accounts.routes.sign_in import again, first
from appliance.app.accounts.schemas import FIRST_START, Me
from appliance.app.accounts.service import bulk, first_start
from appliance.app.web.auth import principal_of, public, recently_confirmed, signed_in
from appliance.app.web.forms import Form, read_typed
from appliance.app.web.pages import redirect, render
from appliance.core.errors import AppError, Conflict, Invalid, TooLarge
from appliance.core.i18n import N_, current_language, translate
from appliance.core.room import ROLE_LABELS


def first_form(typed: dict[str, list[str]]) -> Form:
    """The form of the first account of a duty."""
    return Form(FIRST_START, typed, required=list(FIRST_START.by_name), choices=language_choices)


@get("/first/{secret:str}", guards=[public], include_in_schema=False)
async def first_page(request: Request[Any, Any, Any], secret: FromPath[str]) -> Response[str]:
    role = translate(ROLE_LABELS[await first_start.role_of(secret)])
    form = first_form({"language": [current_language.get().upper()]})
    return render(request, "accounts/first.html", form=form, role=role, action=f"/first/{secret}")


@post("/first/{secret:str}", guards=[public], include_in_schema=False)
async def first_account(request: Request[Any, Any, Any], secret: FromPath[str]) -> Response[Any]:
    typed = await read_typed(request)
    role = translate(ROLE_LABELS[await first_start.role_of(secret)])
    form = first_form(typed)
    shown = {"role": role, "action": f"/first/{secret}"}
    if not form.read():
        return render(request, "accounts/first.html", status=422, form=form, **shown)
    try:
        await first_start.open_house(
            secret, form.values, first(typed, "new_password"), first(typed, "repeated")
        )
    except (Invalid, Conflict) as error:
        form.errors.update(error.fields)
        return again(request, "accounts/first.html", form, error, **shown)
    return redirect("/login", "success", N_("Your account is made. Sign in with it."))


@get("/accounts/import", guards=[MANAGE], include_in_schema=False)
async def import_page(request: Request[Any, Any, Any]) -> Response[str]:
    return show_import(request)


def show_import(
    request: Request[Any, Any, Any],
    text: str = "",
    rows: list[bulk.Row] | None = None,
    error: AppError | None = None,
) -> Response[str]:
    """The page of a file of people: empty, checked, or refused."""
    found = rows or []
    return render(
        request,
        "accounts/import.html",
        status=422 if error else 200,
        columns=", ".join(bulk.COLUMNS),
        text=text,
        rows=found,
        wrong=sum(1 for row in found if row.problems),
        problem=error.message.text() if error else "",
        role_names=role_names,
    )


@post("/accounts/import", guards=[MANAGE], include_in_schema=False)
async def check_import(request: Request[Any, Any, Any]) -> Response[Any]:
    form = await request.form()
    sent = form.get("file")
    data = await sent.read() if isinstance(sent, UploadFile) else b""
    try:
        text = bulk.decode(data)
        return show_import(request, text, await bulk.check(text))
    except (Invalid, TooLarge) as error:
        return show_import(request, error=error)


@post("/accounts/import/create", guards=[MANAGE, recently_confirmed], include_in_schema=False)
async def make_people(request: Request[Any, Any, Any]) -> Response[Any]:
    typed = await read_typed(request)
    text = first(typed, "rows")
    try:
        codes, waiting = await bulk.make_all(person_of(request), text)
    except (Invalid, Conflict) as error:
        return show_import(request, error=error)
    return show_codes(request, codes, waiting)


@post("/accounts/codes", guards=[READ], include_in_schema=False)
async def codes_file(request: Request[Any, Any, Any]) -> Response[Any]:
    typed = await read_typed(request)
    codes = bulk.unseal_codes(first(typed, "sealed"))
    headers = {"content-disposition": 'attachment; filename="codes.csv"'}
    return Response(bulk.codes_as_csv(codes), media_type="text/csv", headers=headers)


@get("/api/v1/me", guards=[signed_in], summary="Who I am and what this token may do")
async def me(request: Request[Any, Any, Any]) -> Me:
    principal = principal_of(request)
    scope = principal.token_scope
    return Me(
        id=principal.id,
        name=principal.name,
        roles=sorted(principal.roles),
        office=principal.office,
        unit=principal.unit,
        language=principal.language,
        scope=None if scope is None else sorted(scope),
    )


ROUTES = [first_page, first_account, import_page, check_import, make_people, codes_file, me]
