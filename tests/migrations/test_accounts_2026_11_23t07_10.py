"""Checks and partial indexes: accounts that are there already pass or stop it, and stand once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

if TYPE_CHECKING:
    from tests.migrations.conftest import Scratch

MIGRATION = ("accounts", "2026-11-23T07:10:00:000000")
ACCOUNT = (
    "INSERT INTO accounts.account (id, login, name, state, made_at)"
    " VALUES (gen_random_uuid(), $1, 'Ann', 'ACTIVE', now())"
)
CODE = (
    "INSERT INTO accounts.one_time (id, kind, account, code_hash, made_at, ends_at, used_at)"
    " VALUES (gen_random_uuid(), $1::text, (SELECT id FROM accounts.account WHERE $1::text = 'RESET'),"
    " 'x', now(), now(), $2)"
)


async def test_accounts_from_before_are_kept(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.execute(ACCOUNT, "ann")
    await scratch.execute(ACCOUNT, "bob.2")
    await scratch.run(*MIGRATION)
    assert await scratch.value("SELECT count(*) FROM accounts.account") == 2


async def test_two_people_of_one_name_stop_it(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.execute(ACCOUNT, "ann")
    await scratch.execute(ACCOUNT, "ann")
    with pytest.raises(asyncpg.UniqueViolationError):
        await scratch.run(*MIGRATION)
    noted = await scratch.value(
        "SELECT count(*) FROM migration WHERE app_name = $1 AND name = $2", *MIGRATION
    )
    assert noted == 0


@pytest.mark.parametrize("login", ["Ann", "a", "", "ann lee", "änn", "-ann"])
async def test_other_sign_in_names_are_refused(scratch: Scratch, login: str) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    with pytest.raises(asyncpg.CheckViolationError):
        await scratch.execute(ACCOUNT, login)


async def test_one_open_code_per_account_and_one_open_link_per_duty(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    await scratch.execute(ACCOUNT, "ann")
    for kind in ("RESET", "FIRST_ADMIN", "FIRST_NCP"):
        await scratch.execute(CODE, kind, None)
        with pytest.raises(asyncpg.UniqueViolationError):
            await scratch.execute(CODE, kind, None)
        await scratch.execute("UPDATE accounts.one_time SET used_at = now() WHERE kind = $1", kind)
        await scratch.execute(CODE, kind, None)
