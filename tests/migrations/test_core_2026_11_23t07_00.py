"""Kernel tables and the functions through which a backup proves itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

if TYPE_CHECKING:
    from tests.migrations.conftest import Scratch

MIGRATION = ("core", "2026-11-23T07:00:00:000000")
TABLES = {"blob_column", "fact", "job", "outbox"}


async def test_it_runs_on_an_empty_database_and_leaves_strangers_alone(scratch: Scratch) -> None:
    await scratch.execute("CREATE SCHEMA foreign_part; CREATE TABLE foreign_part.kept (n int)")
    await scratch.execute("INSERT INTO foreign_part.kept VALUES (7)")
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    made = await scratch.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'core'")
    assert {name for (name,) in made} == TABLES
    assert await scratch.value("SELECT n FROM foreign_part.kept") == 7


async def test_the_run_is_noted_once(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    assert await scratch.fetch("SELECT app_name, name FROM public.migration") == [MIGRATION]


async def test_states_of_jobs_and_facts_on_their_way_are_checked(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    job = "INSERT INTO core.job (id, room, kind, state, due_at) VALUES (gen_random_uuid(), 'r', 'k', $1, now())"
    await scratch.execute(job, "DUE")
    with pytest.raises(asyncpg.CheckViolationError):
        await scratch.execute(job, "NONSENSE")
    with pytest.raises(asyncpg.CheckViolationError):
        await scratch.execute(
            "INSERT INTO core.outbox (id, room, event, payload, made_at, state)"
            " VALUES (gen_random_uuid(), 'r', 'e', '{}', now(), 'NONSENSE')"
        )


async def test_figures_count_every_table_and_blobs_reads_the_registry(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    await scratch.execute("INSERT INTO core.fact (name, value) VALUES ('a', 'deadbeef'), ('b', '')")
    await scratch.execute("INSERT INTO core.blob_column VALUES ('core', 'fact', 'value')")
    figures = dict(await scratch.fetch("SELECT relation, rows FROM ncen.figures()"))
    assert figures["core.fact"] == 2
    assert figures["core.blob_column"] == 1
    assert await scratch.fetch("SELECT * FROM ncen.blobs()") == [("deadbeef",)]


async def test_nobody_may_call_the_functions_before_it_is_granted(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.run(*MIGRATION)
    for name in ("figures", "blobs", "audit_head"):
        allowed = await scratch.value(
            "SELECT has_function_privilege('ncen_read', $1, 'EXECUTE')", f"ncen.{name}()"
        )
        assert not allowed
