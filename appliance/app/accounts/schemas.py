"""What other rooms and pages see of accounts: frozen values and the fields of the forms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec

from appliance.app.accounts import limits
from appliance.core.fields import Field, FieldSet, Kind
from appliance.core.i18n import N_
from appliance.core.room import Role


class State(StrEnum):
    """Whether somebody may sign in."""

    WAITING = "WAITING"
    ACTIVE = "ACTIVE"
    BLOCKED = "BLOCKED"


STATE_LABELS: Mapping[State, str] = {
    State.WAITING: N_("Waits for approval"),
    State.ACTIVE: N_("Active"),
    State.BLOCKED: N_("Blocked"),
}

# A choice of the filter beside the states: active, and idle for so long that the block is near.
BLOCKED_SOON = ("SOON", N_("Blocked soon"))


class Office(msgspec.Struct, frozen=True):
    """An office as other rooms see it."""

    code: str
    name: str
    country: str = "XX"
    locode: str = ""
    place_type: str = "NOT_RECORDED"
    time_zone: str = "UTC"
    active: bool = True


class Unit(msgspec.Struct, frozen=True):
    """A team inside an office."""

    id: UUID
    office: str
    code: str
    name: str
    active: bool = True


class Person(msgspec.Struct, frozen=True):
    """An account as administrators see it; never with a secret."""

    id: UUID
    login: str
    name: str
    language: str
    office: str
    office_name: str
    unit: str
    unit_name: str
    roles: frozenset[Role]
    state: State
    block_reason: str
    wanted_roles: frozenset[Role] | None
    wanted_by: UUID | None
    wanted_at: datetime | None
    has_second_factor: bool
    has_password: bool
    made_at: datetime
    last_used_on: date | None
    idle_days: int = 0

    @property
    def days_left(self) -> int | None:
        """Days in use until idleness blocks, once they are few."""
        left = max(0, limits.IDLE_DAYS - self.idle_days)
        close = self.state is State.ACTIVE and left <= limits.IDLE_WARNING_DAYS
        return left if close else None


class NewPerson(msgspec.Struct, frozen=True):
    """What is asked about a person who shall get an account."""

    login: str
    name: str
    roles: frozenset[Role]
    office: str = ""
    unit: str = ""
    language: str = "en"


class IssuedCode(msgspec.Struct, frozen=True):
    """A one-time code, as it is shown once."""

    login: str
    name: str
    code: str


class Device(msgspec.Struct, frozen=True):
    """A signed-in browser, as its owner sees it."""

    id: UUID
    made_at: datetime
    seen_at: datetime
    ends_at: datetime
    address: str
    agent: str
    current: bool = False


class TokenRow(msgspec.Struct, frozen=True):
    """An API token, as its owner sees it."""

    id: UUID
    prefix: str
    name: str
    scope: list[str]
    made_at: datetime
    ends_at: datetime
    seen_at: datetime | None
    revoked_at: datetime | None
    over: bool


class Event(msgspec.Struct, frozen=True):
    """A line of the own security log."""

    at: datetime
    kind: str
    by_name: str
    address: str
    agent: str
    told_at: datetime | None


class Origin(msgspec.Struct, frozen=True):
    """Where a request comes from."""

    address: str
    agent: str


class DemoAccount(msgspec.Struct, frozen=True):
    """An account of the trial, printed with its password."""

    login: str
    password: str
    name: str
    roles: tuple[Role, ...]
    office: str


class Me(msgspec.Struct, frozen=True):
    """The caller, as the API tells programs."""

    id: UUID
    name: str
    roles: list[str]
    office: str
    unit: str
    language: str
    scope: list[str] | None


LOGIN = Field(
    name="login",
    label=N_("Sign-in name"),
    max_length=limits.LOGIN_CHARS,
    autocomplete="username",
)
PASSWORD = Field(
    name="password",
    label=N_("Password"),
    kind=Kind.PASSWORD,
    max_length=limits.PASSWORD_CHARS,
    autocomplete="current-password",
    strip_text=False,
)
ONE_TIME_CODE = Field(
    name="code",
    label=N_("One-time code"),
    max_length=40,
    autocomplete="one-time-code",
    help=N_("Three groups of four characters, such as K7QP-3FXA-TT92."),
)
FACTOR_CODE = Field(
    name="code",
    label=N_("Code"),
    max_length=40,
    autocomplete="one-time-code",
    help=N_("Six digits from your authenticator, or one of your recovery codes."),
)
FIRST_CODE = Field(
    name="code",
    label=N_("Code"),
    max_length=40,
    autocomplete="one-time-code",
    help=N_("The six digits that your authenticator shows now."),
)
NEW_PASSWORD = Field(
    name="new_password",
    label=N_("New password"),
    kind=Kind.PASSWORD,
    max_length=limits.PASSWORD_CHARS,
    autocomplete="new-password",
    strip_text=False,
    help=N_("At least 12 characters. Four or more unrelated words are easy to remember."),
)
REPEATED_PASSWORD = Field(
    name="repeated",
    label=N_("New password once more"),
    kind=Kind.PASSWORD,
    max_length=limits.PASSWORD_CHARS,
    autocomplete="new-password",
    strip_text=False,
)
NAME = Field(
    name="name",
    label=N_("Name of the person"),
    max_length=limits.NAME_CHARS,
    help=N_("As it is written at work, in any script."),
)
LANGUAGE = Field(name="language", label=N_("Language"), kind=Kind.CODE, code_list="language")
ROLES = Field(name="roles", label=N_("Roles"), kind=Kind.CODES, code_list="role")
OFFICE = Field(name="office", label=N_("Office"), kind=Kind.CODE, code_list="office")
UNIT = Field(name="unit", label=N_("Unit"), kind=Kind.CODE, code_list="unit")

SIGN_IN = FieldSet(LOGIN, PASSWORD)
RESET = FieldSet(LOGIN, ONE_TIME_CODE)
SECOND_FACTOR = FieldSet(FACTOR_CODE)
FIRST_FACTOR = FieldSet(FIRST_CODE)
REMOVE_FACTOR = FieldSet(PASSWORD, FACTOR_CODE)
CONFIRM = FieldSet(PASSWORD)
CHANGE_PASSWORD = FieldSet(PASSWORD, NEW_PASSWORD, REPEATED_PASSWORD)
FIRST_PASSWORD = FieldSet(NEW_PASSWORD, REPEATED_PASSWORD)
FIRST_START = FieldSet(LOGIN, NAME, LANGUAGE, NEW_PASSWORD, REPEATED_PASSWORD)
PROFILE = FieldSet(LANGUAGE)
PERSON = FieldSet(LOGIN, NAME, ROLES, OFFICE, UNIT, LANGUAGE)
PERSON_EDIT = FieldSet(NAME, OFFICE, UNIT, LANGUAGE)
PERSON_ROLES = FieldSet(ROLES)
TOKEN = FieldSet(
    Field(
        name="name",
        label=N_("What it is for"),
        max_length=90,
        help=N_("For example the name of the program that will use it."),
    ),
    Field(name="scope", label=N_("What it may do"), kind=Kind.CODES, code_list="scope"),
    Field(name="ends_on", label=N_("Valid until"), kind=Kind.DATE),
)
OFFICE_FIELDS = FieldSet(
    Field(
        name="code",
        label=N_("Code"),
        kind=Kind.TEXT,
        max_length=20,
        help=N_("Capital letters, digits and hyphens. It becomes part of case numbers."),
    ),
    Field(name="name", label=N_("Name")),
    Field(name="country", label=N_("Country"), kind=Kind.TEXT, max_length=2),
    Field(
        name="locode",
        label=N_("UN/LOCODE"),
        max_length=5,
        help=N_("Five characters, such as KEMBA; leave it empty if there is none."),
    ),
    Field(name="place_type", label=N_("Kind of place"), kind=Kind.CODE, code_list="PLACE"),
    Field(name="time_zone", label=N_("Time zone"), max_length=60),
    Field(name="active", label=N_("In use"), kind=Kind.BOOL),
)
UNIT_FIELDS = FieldSet(
    Field(name="unit_code", label=N_("Code"), max_length=20),
    Field(name="unit_name", label=N_("Name")),
)
FILTERS = FieldSet(
    Field(name="q", label=N_("Name or sign-in name"), kind=Kind.SEARCH, max_length=60),
    Field(name="role", label=N_("Role"), kind=Kind.CODE, code_list="role"),
    Field(name="state", label=N_("State"), kind=Kind.CODE, code_list="state"),
    Field(name="office", label=N_("Office"), kind=Kind.CODE, code_list="office"),
)
