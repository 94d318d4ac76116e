"""Pages of offices and units, and what programs may ask about them."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from appliance.app.accounts.routes.sign_in import again
from appliance.app.accounts.schemas import OFFICE_FIELDS, UNIT_FIELDS, Office
from appliance.app.accounts.service import offices
from appliance.app.web.auth import requires
from appliance.app.web.forms import Choices, Form, read_typed, typed_from
from appliance.app.web.pages import redirect, render
from appliance.core.errors import Conflict, Invalid, NotFound
from appliance.core.fields import Field
from appliance.core.i18n import N_, current_language

MANAGE = requires("accounts.manage")
LIST = requires("offices.read")
PLACE_TYPES = (
    "CUSTOMS_OFFICE",
    "SEAPORT",
    "RIVER_PORT",
    "AIRPORT",
    "LAND_BORDER",
    "RAIL_STATION",
    "MAIL_CENTRE",
    "EXPRESS_HUB",
    "DRY_PORT",
    "FREE_ZONE",
    "OTHER",
    "NOT_RECORDED",
)


def place_choices(request: Request[Any, Any, Any]) -> Choices:
    """Kinds of offices, by the labels of the code list of places."""
    label = request.app.state.house.label

    def choose(_: Field) -> list[tuple[str, str, str]]:
        return [(code, label("PLACE", code, current_language.get()), "") for code in PLACE_TYPES]

    return choose


def office_form(request: Request[Any, Any, Any], typed: dict[str, list[str]] | None) -> Form:
    """The form of an office."""
    needed = ["code", "name", "country", "time_zone"]
    return Form(OFFICE_FIELDS, typed, required=needed, choices=place_choices(request))


@get("/accounts/offices", guards=[MANAGE], include_in_schema=False)
async def offices_page(request: Request[Any, Any, Any]) -> Response[str]:
    settings = request.app.state.house.settings
    typed = {"country": [settings.country], "time_zone": [settings.time_zone], "active": ["yes"]}
    found = await offices.list_offices()
    form = office_form(request, typed)
    return render(request, "accounts/offices.html", offices=found, form=form)


@post("/accounts/offices", guards=[MANAGE], include_in_schema=False)
async def add_office(request: Request[Any, Any, Any]) -> Response[Any]:
    form = office_form(request, await read_typed(request))
    found = await offices.list_offices()
    if not form.read():
        return render(request, "accounts/offices.html", status=422, offices=found, form=form)
    try:
        office = offices.office_from(form.values)
        await offices.add_office(office)
    except (Invalid, Conflict) as error:
        return again(request, "accounts/offices.html", form, error, offices=found)
    text = N_("The office %(code)s is added.")
    return redirect("/accounts/offices", "success", text, code=office.code)


async def wanted_office(code: str) -> Office:
    """The office in an address.

    Raises:
        NotFound: there is none.
    """
    office = await offices.find_office(code)
    if office is None:
        raise NotFound(offices.NOT_FOUND)
    return office


async def show_office(
    request: Request[Any, Any, Any],
    office: Office,
    form: Form | None = None,
    unit_form: Form | None = None,
) -> Response[str]:
    """The page of an office with its units."""
    typed = typed_from(
        {
            "code": office.code,
            "name": office.name,
            "country": office.country,
            "locode": office.locode,
            "place_type": office.place_type,
            "time_zone": office.time_zone,
            "active": "yes" if office.active else None,
        }
    )
    return render(
        request,
        "accounts/office.html",
        status=422 if form or unit_form else 200,
        office=office,
        units=await offices.list_units(office.code),
        form=form or office_form(request, typed),
        unit_form=unit_form or Form(UNIT_FIELDS, required=list(UNIT_FIELDS.by_name)),
    )


@get("/accounts/offices/{code:str}", guards=[MANAGE], include_in_schema=False)
async def office_page(request: Request[Any, Any, Any], code: FromPath[str]) -> Response[str]:
    return await show_office(request, await wanted_office(code))


@post("/accounts/offices/{code:str}", guards=[MANAGE], include_in_schema=False)
async def change_office(request: Request[Any, Any, Any], code: FromPath[str]) -> Response[Any]:
    office, typed = await wanted_office(code), await read_typed(request)
    form = office_form(request, {**typed, "code": [office.code]})
    if not form.read():
        return await show_office(request, office, form=form)
    try:
        await offices.change_office(offices.office_from(form.values))
    except Invalid as error:
        form.add_errors(error)
        return await show_office(request, office, form=form)
    return redirect(f"/accounts/offices/{office.code}", "success", N_("The changes are saved."))


@post("/accounts/offices/{code:str}/units", guards=[MANAGE], include_in_schema=False)
async def add_unit(request: Request[Any, Any, Any], code: FromPath[str]) -> Response[Any]:
    office = await wanted_office(code)
    form = Form(UNIT_FIELDS, await read_typed(request), required=list(UNIT_FIELDS.by_name))
    if not form.read():
        return await show_office(request, office, unit_form=form)
    try:
        await offices.add_unit(
            office.code, form.values["unit_code"].upper(), form.values["unit_name"]
        )
    except (Invalid, Conflict) as error:
        form.message = error.message
        form.errors.update(error.fields)
        return await show_office(request, office, unit_form=form)
    return redirect(f"/accounts/offices/{office.code}", "success", N_("The unit is added."))


@get("/api/v1/offices", guards=[LIST], summary="All offices")
async def offices_resource() -> list[Office]:
    return await offices.list_offices()


ROUTES = [
    offices_page,
    add_office,
    office_page,
    change_office,
    add_unit,
    offices_resource,
]
