"""Lists and counts find their rows by an index also under a plan that was made without knowing the values.

PostgreSQL keeps such a plan after a few executions on a connection. The rows are few enough for a test and many
enough for the planner to prefer an index.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from appliance.app.seizures import queries
from appliance.core import limits
from tests.conftest import RUN, as_owner

ROWS = 4_000
RARE = 40
OFFICE = queries.Viewer(UUID(int=1), "SEA1", everywhere=False)
EVERYWHERE = queries.Viewer(UUID(int=1), "HQ", everywhere=True)
CASES = """
INSERT INTO seizures.case_file (id, export_id, origin, status, case_kind, event_date, country, entered_at,
    office_code, {columns})
SELECT gen_random_uuid(), gen_random_uuid(), 'IMPORT', CASE WHEN n <= {rare} THEN
    (ARRAY['DRAFT', 'SUBMITTED', 'RETURNED', 'LOCKED'])[n % 4 + 1] ELSE 'VALIDATED' END,
    CASE WHEN n <= {rare} THEN 'ABANDONED' ELSE 'SEIZURE' END, date '2020-01-01' + n % 900, 'XX', now(),
    CASE WHEN n <= {rare} THEN 'SEA1' ELSE '' END, {values}
FROM generate_series(1, {rows}) n
"""
CODED = [name for name, usual in queries.USUAL.items() if usual == "NOT_RECORDED"]
FILTERS = [
    *({"status": status} for status in ("DRAFT", "SUBMITTED", "RETURNED", "LOCKED")),
    {"case_kind": "ABANDONED"},
    {"office_code": "SEA1"},
    *({name: "RARE"} for name in CODED),
]


async def fill(connection: asyncpg.Connection) -> None:
    """Cases that mostly say the usual, and a few that do not."""
    values = [f"CASE WHEN n <= {RARE} THEN 'RARE' ELSE 'NOT_RECORDED' END"] * len(CODED)
    await connection.execute(
        CASES.format(rows=ROWS, rare=RARE, columns=", ".join(CODED), values=", ".join(values))
    )
    await connection.execute("ANALYZE seizures.case_file")


def literal(value: Any) -> str:
    """An argument as SQL; nothing here is from outside."""
    return str(value).lower() if isinstance(value, bool) else f"'{value}'"


@pytest.fixture
async def unknowing(database: None) -> AsyncIterator[asyncpg.Connection]:  # noqa: ARG001 - it must be there
    """A connection on which every plan is made without knowing the values."""
    await as_owner(fill)
    connection = await asyncpg.connect(
        host=str(RUN),
        user="ncen_app",
        database="ncen",
        server_settings={"plan_cache_mode": "force_generic_plan"},
    )
    yield connection
    await connection.close()


async def plan_of(connection: asyncpg.Connection, sql: str, arguments: Sequence[Any]) -> str:
    """The plan of a prepared statement, as text."""
    await connection.execute(f"PREPARE asked AS {sql}")
    values = ", ".join(literal(value) for value in arguments)
    plan = await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE asked({values})")
    await connection.execute("DEALLOCATE asked")
    return json.dumps(json.loads(plan))


@pytest.mark.parametrize("viewer", [OFFICE, EVERYWHERE], ids=["office", "everywhere"])
@pytest.mark.parametrize("filters", FILTERS, ids=str)
async def test_a_filter_and_its_count_are_answered_by_an_index(
    unknowing: asyncpg.Connection, filters: dict[str, str], viewer: queries.Viewer
) -> None:
    asked = queries.conditions(filters, viewer)
    page = queries.page_sql(asked.text, 50, queries.ROW_COLUMNS, backwards=False)
    for sql in (page, queries.count_sql(asked.text)):
        plan = await plan_of(unknowing, sql, asked.arguments)
        assert "Seq Scan" not in plan
        assert '"Index Name": "case_date"' not in plan


async def test_the_usual_values_are_still_found(unknowing: asyncpg.Connection) -> None:
    for name, usual in queries.USUAL.items():
        asked = queries.conditions({name: usual}, EVERYWHERE)
        found = await unknowing.fetchval(queries.count_sql(asked.text), *asked.arguments)
        assert found == limits.COUNT_CAP + 1, name
