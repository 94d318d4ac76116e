"""Pages about people: list, new, one account, what waits for the national contact point."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from appliance.app.accounts.routes.door import person_of
from appliance.app.accounts.routes.own import language_choices
from appliance.app.accounts.routes.sign_in import again, first
from appliance.app.accounts.schemas import (
    BLOCKED_SOON,
    FILTERS,
    PERSON,
    PERSON_EDIT,
    PERSON_ROLES,
    STATE_LABELS,
    IssuedCode,
    NewPerson,
    Person,
)
from appliance.app.accounts.service import approval, bulk, duties, offices, people, tokens
from appliance.app.web.auth import recently_confirmed, requires
from appliance.app.web.forms import Choices, Form, read_typed, typed_from, typed_query
from appliance.app.web.pages import redirect, render
from appliance.core import ids, limits
from appliance.core.errors import Conflict, Invalid, NotFound
from appliance.core.fields import Field
from appliance.core.i18n import N_, Message, translate
from appliance.core.room import ROLE_LABELS, Role

READ = requires("accounts.read")
MANAGE = requires("accounts.manage")
APPROVE = requires("accounts.approve")


async def person_choices() -> Choices:
    """What may be chosen in the forms about people."""
    found, units = await offices.list_offices(), await offices.list_units()
    lists = {
        "role": [(role.value, translate(label), "") for role, label in ROLE_LABELS.items()],
        "state": [
            (code, translate(label), "") for code, label in (*STATE_LABELS.items(), BLOCKED_SOON)
        ],
        "office": [(item.code, f"{item.code} · {item.name}", "") for item in found],
        "unit": [
            (f"{unit.office}/{unit.code}", f"{unit.code} · {unit.name}", unit.office)
            for unit in units
        ],
    }

    def choose(field: Field) -> list[tuple[str, str, str]]:
        found = lists.get(field.code_list)
        return language_choices(field) if found is None else found

    return choose


def place_from(values: Mapping[str, Any]) -> tuple[str, str]:
    """Office and unit as chosen; a unit names its office too, for codes repeat between offices.

    Raises:
        Invalid: the unit belongs to another office.
    """
    office, chosen = values["office"] or "", values["unit"] or ""
    home, _, unit = chosen.rpartition("/")
    if home != office and chosen:
        text = N_("This unit belongs to the office %(office)s.")
        raise Invalid(text, fields={"unit": Message(text, {"office": home})}, office=home)
    return office, unit


def account_id(text: str) -> UUID:
    """The id in an address.

    Raises:
        NotFound: it is none.
    """
    found = ids.parse_id(text)
    if found is None:
        raise NotFound(people.NOT_FOUND)
    return found


@get("/accounts", guards=[READ], include_in_schema=False)
async def people_page(request: Request[Any, Any, Any]) -> Response[str]:
    return await show_people(request, typed_query(request))


@post("/accounts", guards=[READ], include_in_schema=False)
async def filter_people(request: Request[Any, Any, Any]) -> Response[str]:
    """Names of people are searched by POST, so that they never stand in an address."""
    return await show_people(request, await read_typed(request))


async def show_people(
    request: Request[Any, Any, Any], typed: dict[str, list[str]]
) -> Response[str]:
    """A page of the list."""
    form = Form(FILTERS, typed, choices=await person_choices())
    form.read()
    filters = {name: value for name, value in form.values.items() if value}
    after = ids.parse_id(first(typed, "after"))
    rows = await people.list_people(filters, after)
    return render(
        request,
        "accounts/people.html",
        status=200 if form.ok else 422,
        form=form,
        people=rows[: limits.PAGE_ROWS],
        more=rows[limits.PAGE_ROWS - 1].id if len(rows) > limits.PAGE_ROWS else "",
        filters=filters,
        waiting=await people.count_waiting(),
        role_names=role_names,
        state_names=state_name,
    )


def role_names(roles: frozenset[Role] | None) -> str:
    """Roles in the reader's language."""
    return ", ".join(translate(ROLE_LABELS[role]) for role in Role if role in (roles or ()))


def state_name(person: Person) -> str:
    """A state in the reader's language."""
    return translate(STATE_LABELS[person.state])


@get("/accounts/new", guards=[MANAGE], include_in_schema=False)
async def new_page(request: Request[Any, Any, Any]) -> Response[str]:
    form = await new_form(request, {"language": ["EN"]})
    return render(request, "accounts/new.html", form=form)


async def new_form(_: Request[Any, Any, Any], typed: dict[str, list[str]]) -> Form:
    """The form of a new account."""
    needed = ["login", "name", "roles", "language"]
    return Form(PERSON, typed, required=needed, choices=await person_choices())


@post("/accounts/new", guards=[MANAGE, recently_confirmed], include_in_schema=False)
async def make_person(request: Request[Any, Any, Any]) -> Response[Any]:
    form = await new_form(request, await read_typed(request))
    if not form.read():
        return render(request, "accounts/new.html", status=422, form=form)
    try:
        account, code = await people.make_person(person_of(request), person_from(form.values))
    except (Invalid, Conflict) as error:
        form.errors.update(error.fields)
        return again(request, "accounts/new.html", form, error)
    if code:
        return show_codes(request, [code])
    text = N_("The account is made. It waits until the national contact point approves it.")
    return redirect(f"/accounts/{account}", "success", text)


def person_from(values: Mapping[str, Any]) -> NewPerson:
    """A new person from the values of the form.

    Raises:
        Invalid: office and unit do not belong together.
    """
    office, unit = place_from(values)
    return NewPerson(
        login=values["login"],
        name=values["name"],
        roles=frozenset(Role(code) for code in values["roles"]),
        office=office,
        unit=unit,
        language=values["language"].lower(),
    )


def show_codes(
    request: Request[Any, Any, Any],
    codes: list[IssuedCode],
    waiting: int = 0,
    refused: Sequence[Message] = (),
    given: int = 0,
) -> Response[Any]:
    """One-time codes, shown this once; the sealed copy makes the file."""
    return render(
        request,
        "accounts/codes.html",
        status=409 if refused and not given else 200,
        codes=codes,
        sealed=bulk.seal_codes(codes) if codes else "",
        waiting_count=waiting,
        refused=refused,
        given=given,
    )


@get("/accounts/waiting", guards=[APPROVE], include_in_schema=False)
async def waiting_page(request: Request[Any, Any, Any]) -> Response[str]:
    found = await people.list_waiting()
    actor = person_of(request)
    return render(
        request,
        "accounts/waiting.html",
        people=found,
        role_names=role_names,
        asked_for=asked_for,
        own=actor.id,
    )


@post("/accounts/waiting", guards=[APPROVE, recently_confirmed], include_in_schema=False)
async def approve_several(request: Request[Any, Any, Any]) -> Response[Any]:
    typed = await read_typed(request)
    wishes = [wish_from(text) for text in typed.get("account", [])]
    if not wishes:
        return redirect("/accounts/waiting", "warning", N_("Nobody was chosen."))
    outcome = await approval.approve_several(person_of(request), wishes)
    return show_codes(request, outcome.codes, refused=outcome.refused, given=outcome.given)


def wish_from(text: str) -> approval.Wish:
    """A chosen line of the waiting list: the account and what was asked when it was shown.

    Raises:
        NotFound: it names no account.
    """
    account, _, asked = text.partition(" ")
    return approval.Wish(account_id(account), roles_from(asked))


def roles_from(text: str) -> frozenset[Role]:
    """Roles as a page carries them along."""
    return frozenset(Role[name] for name in text.split(",") if name in Role.__members__)


def asked_for(person: Person) -> str:
    """The roles that wait, as a page carries them along."""
    return ",".join(duties.names(person.wanted_roles or ()))


@get("/accounts/{account:str}", guards=[READ], include_in_schema=False)
async def person_page(request: Request[Any, Any, Any], account: FromPath[str]) -> Response[str]:
    return await show_person(request, account_id(account))


async def show_person(
    request: Request[Any, Any, Any],
    account: UUID,
    changed: Form | None = None,
    roles: Form | None = None,
) -> Response[str]:
    """The page of one account, with a form that was wrong if there is one."""
    person = await people.find_person(account)
    choices = await person_choices()
    may = duties.choices(person_of(request), person)
    values = {
        "name": person.name,
        "office": person.office,
        "unit": f"{person.office}/{person.unit}" if person.unit else None,
        "language": person.language.upper(),
    }
    wanted = person.wanted_roles if person.wanted_roles is not None else person.roles
    edit = changed or Form(
        PERSON_EDIT, typed_from(values), required=["name", "language"], choices=choices
    )
    chosen = roles or Form(
        PERSON_ROLES, {"roles": duties.names(wanted)}, required=["roles"], choices=choices
    )
    return render(
        request,
        "accounts/person.html",
        status=422 if changed or roles else 200,
        person=person,
        form=edit,
        roles_form=chosen,
        may=may,
        tokens=await tokens.list_live(account) if may.end_tokens else [],
        role_names=role_names,
        state_names=state_name,
        asked=asked_for(person),
    )


@post("/accounts/{account:str}", guards=[MANAGE], include_in_schema=False)
async def change_person(request: Request[Any, Any, Any], account: FromPath[str]) -> Response[Any]:
    wanted, typed = account_id(account), await read_typed(request)
    needed = ["name", "language"]
    form = Form(PERSON_EDIT, typed, required=needed, choices=await person_choices())
    if not form.read():
        return await show_person(request, wanted, changed=form)
    try:
        office, unit = place_from(form.values)
        language = form.values["language"].lower()
        values = {**form.values, "office": office, "unit": unit, "language": language}
        await people.change_person(wanted, values)
    except Invalid as error:
        form.add_errors(error)
        return await show_person(request, wanted, changed=form)
    return redirect(f"/accounts/{wanted}", "success", N_("The changes are saved."))


@post("/accounts/{account:str}/roles", guards=[MANAGE, recently_confirmed], include_in_schema=False)
async def change_roles(request: Request[Any, Any, Any], account: FromPath[str]) -> Response[Any]:
    wanted, typed = account_id(account), await read_typed(request)
    form = Form(PERSON_ROLES, typed, required=["roles"], choices=await person_choices())
    if not form.read():
        return await show_person(request, wanted, roles=form)
    roles = frozenset(Role(code) for code in form.values["roles"])
    try:
        waits = await duties.set_roles(person_of(request), wanted, roles)
    except Invalid as error:
        form.add_errors(error)
        return await show_person(request, wanted, roles=form)
    text = (
        N_("The roles wait until the national contact point approves them.")
        if waits
        else N_("The roles are changed. The person must sign in again.")
    )
    return redirect(f"/accounts/{wanted}", "success", text)


@post(
    "/accounts/{account:str}/approve", guards=[APPROVE, recently_confirmed], include_in_schema=False
)
async def approve(request: Request[Any, Any, Any], account: FromPath[str]) -> Response[Any]:
    wanted, typed = account_id(account), await read_typed(request)
    seen = roles_from(first(typed, "asked"))
    code = await approval.approve(person_of(request), wanted, seen)
    if code:
        return show_codes(request, [code])
    text = N_("The roles are in force. The person must sign in again.")
    return redirect(f"/accounts/{wanted}", "success", text)


@post(
    "/accounts/{account:str}/decline", guards=[APPROVE, recently_confirmed], include_in_schema=False
)
async def decline(request: Request[Any, Any, Any], account: FromPath[str]) -> Response[Any]:
    wanted = account_id(account)
    await approval.decline(person_of(request), wanted)
    return redirect(f"/accounts/{wanted}", "success", N_("The roles were not given."))


ROUTES = [
    people_page,
    filter_people,
    new_page,
    make_person,
    waiting_page,
    approve_several,
    person_page,
    change_person,
    change_roles,
    approve,
    decline,
]
