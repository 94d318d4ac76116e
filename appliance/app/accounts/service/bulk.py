"""People from a CSV file: every wrong row is named at once; nothing is made before all are right."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

import msgspec

from appliance.app.accounts import limits
from appliance.app.accounts.policy.names import fold_login
from appliance.app.accounts.schemas import LOGIN, NAME, IssuedCode, NewPerson
from appliance.app.accounts.service.people import find_unit, insert_person, person_problems
from appliance.app.web.auth import Principal
from appliance.app.web.spreadsheet import csv_lines
from appliance.core import crypto, db
from appliance.core.errors import AppError, Conflict, Corrupt, Invalid, TooLarge
from appliance.core.fields import Field, FieldProblem, clean_text
from appliance.core.i18n import N_, Message
from appliance.core.room import Role
from appliance.core.settings import get_settings

COLUMNS = ("login", "name", "role", "office", "unit", "language")
NEEDED = ("login", "name", "role")
HEADER_NAMES = {"roles": "role"}
SEAL_KEY = "second-factor.key"
CODES_PURPOSE = "issued codes"


PLAIN = {name: Field(name=name, label=name) for name in COLUMNS} | {"login": LOGIN, "name": NAME}


class Row(msgspec.Struct, frozen=True):
    """A line of the file: what it means, and what is wrong with it."""

    number: int
    person: NewPerson
    problems: list[Message]


def decode(data: bytes) -> str:
    """The text of an uploaded file.

    Raises:
        TooLarge: it is larger than the limit.
        Invalid: it is not UTF-8 text.
    """
    if len(data) > limits.IMPORT_BYTES:
        raise TooLarge(
            N_("The file is larger than %(limit)s kB. Split it."), limit=limits.IMPORT_BYTES >> 10
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(
            N_("The file is not UTF-8 text. Save it as “CSV UTF-8”, then try again.")
        ) from error


def read_lines(text: str) -> list[dict[str, str]]:
    """The lines of a CSV file, comma or semicolon, as fields by column.

    Raises:
        Invalid: the header lacks a column, the file is empty, too long, or no CSV.
    """
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    try:
        lines = list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise Invalid(N_("The file cannot be read as CSV: a quotation mark is missing.")) from error
    lines = [line for line in lines if any(cell.strip() for cell in line)]
    header = [cell.strip().casefold() for cell in lines[0]] if lines else []
    header = [HEADER_NAMES.get(name, name) for name in header]
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise Invalid(
            N_("The first line must name the columns; missing: %(names)s."),
            names=", ".join(missing),
        )
    if not 1 < len(lines) <= limits.IMPORT_ROWS + 1:
        raise Invalid(
            N_("The file needs 1 to %(limit)s people, one a line."), limit=limits.IMPORT_ROWS
        )
    return [dict(zip(header, line, strict=False)) for line in lines[1:]]


def roles_from(text: str) -> tuple[frozenset[Role], list[Message]]:
    """Roles named in one cell, apart by spaces, commas, bars or plus signs."""
    for mark in "|,;+/":
        text = text.replace(mark, " ")
    codes = text.upper().split()
    problems = [
        Message(N_("“%(value)s” is not a role."), {"value": code[:40]})
        for code in codes
        if code not in Role.__members__
    ]
    return frozenset(Role[code] for code in codes if code in Role.__members__), problems


def clean_cells(line: Mapping[str, str]) -> tuple[dict[str, str], list[Message]]:
    """The cells of a line without hidden characters."""
    cells, problems = {}, []
    for name in COLUMNS:
        try:
            cells[name] = clean_text(line.get(name) or "", PLAIN[name])
        except FieldProblem as problem:
            cells[name] = ""
            problems.append(problem.message)
    return cells, problems


def row_from(number: int, line: Mapping[str, str]) -> Row:
    """What a line means, and what is wrong with it in itself."""
    cells, problems = clean_cells(line)
    roles, unknown = roles_from(cells["role"])
    person = NewPerson(
        login=fold_login(cells["login"]),
        name=cells["name"],
        roles=roles,
        office=cells["office"].upper(),
        unit=cells["unit"].upper(),
        language=cells["language"].lower() or get_settings().language,
    )
    found = person_problems(person)
    if unknown:
        found.pop("roles", None)
    return Row(number, person, problems + unknown + list(found.values()))


async def check_place(person: NewPerson) -> list[Message]:
    """Whether office and unit exist."""
    try:
        await find_unit(person.office, person.unit)
    except Invalid as error:
        return list(error.fields.values())
    return []


async def taken_logins(logins: Iterable[str]) -> set[str]:
    """Which of the names belong to accounts already."""
    rows = await db.fetch(
        "SELECT lower(login) AS login FROM accounts.account WHERE lower(login) = ANY ($1)",
        list(logins),
    )
    return {row["login"] for row in rows}


async def check(text: str) -> list[Row]:
    """Every line with all that is wrong with it; nothing is made.

    Raises:
        Invalid: the file as a whole cannot be read.
    """
    rows = [row_from(number, line) for number, line in enumerate(read_lines(text), start=2)]
    taken = await taken_logins(row.person.login for row in rows)
    seen: dict[str, int] = {}
    checked = []
    for row in rows:
        problems = row.problems + await check_place(row.person)
        login = row.person.login
        if login in taken:
            problems.append(Message(N_("There is an account with this sign-in name already.")))
        if login and login in seen:
            problems.append(
                Message(N_("Line %(line)s has the same sign-in name."), {"line": seen[login]})
            )
        seen.setdefault(login, row.number)
        checked.append(Row(row.number, row.person, problems))
    return checked


async def make_all(actor: Principal, text: str) -> tuple[list[IssuedCode], int]:
    """Make everybody in one transaction; return the codes and how many wait for approval.

    Raises:
        Invalid: a line is wrong.
        Conflict: a name was taken in the meantime.
    """
    rows = await check(text)
    wrong = sum(1 for row in rows if row.problems)
    if wrong:
        raise Invalid(
            N_("Nobody was added: %(wrong)s of %(all)s lines are wrong."),
            wrong=wrong,
            all=len(rows),
        )
    codes, waiting = [], 0
    try:
        async with db.transaction():
            for row in rows:
                unit = await find_unit(row.person.office, row.person.unit)
                code = (await insert_person(actor, row.person, unit))[1]
                codes += [code] if code else []
                waiting += code is None
    except AppError as error:
        if isinstance(error, Conflict):
            raise Conflict(N_("Nobody was added: a sign-in name was taken meanwhile.")) from error
        raise
    return codes, waiting


def codes_as_csv(codes: Iterable[IssuedCode]) -> str:
    """Codes as a file to be cut into slips."""
    rows = [("login", "name", "code"), *((item.login, item.name, item.code) for item in codes)]
    return csv_lines(rows)


def seal_codes(codes: list[IssuedCode]) -> str:
    """Codes as a sealed text: the page carries them, so that the server keeps none."""
    key = crypto.load_key(get_settings().keys, SEAL_KEY)
    return crypto.seal(key, msgspec.json.encode(codes), CODES_PURPOSE).hex()


def unseal_codes(sealed: str) -> list[IssuedCode]:
    """What `seal_codes` closed.

    Raises:
        Invalid: the text is not ours, or was closed with another key.
    """
    key = crypto.load_key(get_settings().keys, SEAL_KEY)
    try:
        data = crypto.unseal(key, bytes.fromhex(sealed), CODES_PURPOSE)
    except (ValueError, Corrupt) as error:
        raise Invalid(N_("The form was changed on its way. Nothing was done.")) from error
    return msgspec.json.decode(data, type=list[IssuedCode])
