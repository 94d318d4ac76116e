"""The tables of accounts: an empty house gets them, and they refuse what the ORM would let pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

if TYPE_CHECKING:
    from tests.migrations.conftest import Scratch

MIGRATION = ("accounts", "2026-11-23T07:03:25:371380")
TABLES = {
    "office",
    "unit",
    "account",
    "session",
    "token",
    "attempt",
    "recovery_code",
    "one_time",
    "security_event",
    "use_day",
}
ACCOUNT = (
    "INSERT INTO accounts.account (id, login, name, state, made_at)"
    " VALUES (gen_random_uuid(), 'ann', 'Ann', $1, now())"
)


async def test_the_tables_are_made(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    made = await scratch.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'accounts'")
    assert {name for (name,) in made} == TABLES


async def test_what_is_needed_is_needed(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    with pytest.raises(asyncpg.NotNullViolationError):
        await scratch.execute("INSERT INTO accounts.account DEFAULT VALUES")
    with pytest.raises(asyncpg.CheckViolationError):
        await scratch.execute(ACCOUNT, "NONSENSE")
    await scratch.execute(ACCOUNT, "ACTIVE")
    assert await scratch.fetch("SELECT roles, password_hash FROM accounts.account") == [([], "")]


async def test_an_account_that_has_a_history_stays(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    await scratch.execute(ACCOUNT, "ACTIVE")
    await scratch.execute(
        "INSERT INTO accounts.security_event (id, account, at, kind)"
        " SELECT gen_random_uuid(), id, now(), 'SIGN_IN' FROM accounts.account"
    )
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await scratch.execute("DELETE FROM accounts.account")
