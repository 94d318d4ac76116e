"""The accounts' own tables. None leaves this room; secrets lie in them hashed or sealed only."""

from __future__ import annotations

from piccolo.columns import (
    JSONB,
    UUID,
    Array,
    BigInt,
    Boolean,
    Bytea,
    Date,
    ForeignKey,
    Integer,
    OnDelete,
    Timestamptz,
    Varchar,
)
from piccolo.constraints import Check, Unique
from piccolo.table import Table

SCHEMA = "accounts"


class Office(Table, tablename="office", schema=SCHEMA):
    """A customs house, a port, an airport: where people work and cases begin."""

    code = Varchar(length=20, primary_key=True, default=None)
    name = Varchar(length=200, default=None)
    country = Varchar(length=2, default="XX")
    locode = Varchar(length=5, default="")
    place_type = Varchar(length=40, default="NOT_RECORDED")
    time_zone = Varchar(length=60, default="UTC")
    active = Boolean(default=True)


class Unit(Table, tablename="unit", schema=SCHEMA):
    """A team inside an office."""

    id = UUID(primary_key=True, default=None)
    office = ForeignKey(Office, on_delete=OnDelete.restrict, null=False)
    code = Varchar(length=20, default=None)
    name = Varchar(length=200, default=None)
    active = Boolean(default=True)

    once = Unique([office, code])


class Account(Table, tablename="account", schema=SCHEMA):
    """A person who may sign in; `wanted_roles` waits for the national contact point."""

    id = UUID(primary_key=True, default=None)
    login = Varchar(length=40, default=None)
    name = Varchar(length=200, default=None)
    language = Varchar(length=10, default="en")
    office = ForeignKey(Office, on_delete=OnDelete.restrict, null=True)
    unit = ForeignKey(Unit, on_delete=OnDelete.restrict, null=True)
    roles = Array(Varchar(length=20), default=list)
    state = Varchar(length=10, default=None)
    block_reason = Varchar(length=20, default="")
    wanted_roles = Array(Varchar(length=20), default=None, null=True)
    wanted_by = UUID(null=True, default=None)
    wanted_at = Timestamptz(null=True, default=None)
    password_hash = Varchar(length=200, default="")
    must_change_password = Boolean(default=False)
    totp_secret = Bytea(null=True, default=None)
    totp_step = BigInt(default=0)
    totp_since = Timestamptz(null=True, default=None)
    made_by = UUID(null=True, default=None)
    made_at = Timestamptz(default=None)
    last_used_on = Date(null=True, default=None)

    known_state = Check("state IN ('WAITING', 'ACTIVE', 'BLOCKED')")


class Session(Table, tablename="session", schema=SCHEMA):
    """A signed-in browser. HALF: the password was right, the second factor is still owed."""

    id = UUID(primary_key=True, default=None)
    token_hash = Bytea(unique=True, default=None)
    account = ForeignKey(Account, on_delete=OnDelete.restrict, null=False)
    stage = Varchar(length=4, default=None)
    resumes = Boolean(default=False)
    made_at = Timestamptz(default=None)
    seen_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None)
    confirmed_at = Timestamptz(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    address = Varchar(length=64, default="")
    agent = Varchar(length=200, default="")

    known_stage = Check("stage IN ('HALF', 'FULL')")


class Token(Table, tablename="token", schema=SCHEMA):
    """A key for a program, narrower than its owner's rights."""

    id = UUID(primary_key=True, default=None)
    token_hash = Bytea(unique=True, default=None)
    prefix = Varchar(length=20, default=None)
    account = ForeignKey(Account, on_delete=OnDelete.restrict, null=False, index=True)
    name = Varchar(length=200, default=None)
    scope = Array(Varchar(length=60), default=list)
    made_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None)
    seen_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)


class Attempt(Table, tablename="attempt", schema=SCHEMA):
    """Failed tries per login name and per address. A digest: some type their password as name.

    `noted_until`: the end of the last waiting time that the audit was told of.
    """

    key = Bytea(primary_key=True, default=None)
    failures = Integer(default=0)
    last_at = Timestamptz(default=None)
    blocked_until = Timestamptz(default=None)
    noted_until = Timestamptz(null=True, default=None)


class RecoveryCode(Table, tablename="recovery_code", schema=SCHEMA):
    """A code for the day the telephone is lost; works once."""

    id = UUID(primary_key=True, default=None)
    account = ForeignKey(Account, on_delete=OnDelete.restrict, null=False, index=True)
    code_hash = Bytea(default=None)
    used_at = Timestamptz(null=True, default=None)


class OneTime(Table, tablename="one_time", schema=SCHEMA):
    """A code or link that works once: RESET belongs to an account, FIRST_* makes one."""

    id = UUID(primary_key=True, default=None)
    kind = Varchar(length=12, default=None)
    account = ForeignKey(Account, on_delete=OnDelete.restrict, null=True)
    code_hash = Bytea(default=None)
    made_by = UUID(null=True, default=None)
    made_by_name = Varchar(length=200, default="")
    made_at = Timestamptz(default=None)
    ends_at = Timestamptz(default=None)
    used_at = Timestamptz(null=True, default=None)

    known_kind = Check("kind IN ('RESET', 'FIRST_ADMIN', 'FIRST_NCP')")


class SecurityEvent(Table, tablename="security_event", schema=SCHEMA):
    """What a person should know about the own account; `told_at`: when a page showed it."""

    id = UUID(primary_key=True, default=None)
    account = ForeignKey(Account, on_delete=OnDelete.restrict, null=False)
    at = Timestamptz(default=None)
    kind = Varchar(length=40, default=None)
    by_name = Varchar(length=200, default="")
    address = Varchar(length=64, default="")
    agent = Varchar(length=200, default="")
    params = JSONB(default="{}")
    told_at = Timestamptz(null=True, default=None)


class UseDay(Table, tablename="use_day", schema=SCHEMA):
    """A day on which anybody signed in; a server that stood switched off ages nobody."""

    day = Date(primary_key=True, default=None)


TABLES = [
    Office,
    Unit,
    Account,
    Session,
    Token,
    Attempt,
    RecoveryCode,
    OneTime,
    SecurityEvent,
    UseDay,
]
