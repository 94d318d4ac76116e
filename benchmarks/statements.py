"""The application's own SQL, caught on its way to the database, so that the floor runs the same word for word."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple
from unittest import mock
from uuid import UUID

from appliance.app.accounts import api as accounts
from appliance.app.seizures import queries
from appliance.core import audit
from appliance.core.audit import Action

VIEWER = queries.Viewer(UUID(int=7), "THE-OFFICE", False)
CALLS = ("fetch", "fetch_row", "fetch_value", "execute")


class Caught(Exception):
    def __init__(self, sql: str, arguments: tuple[Any, ...]) -> None:
        super().__init__(sql)
        self.sql = sql
        self.arguments = arguments


async def catch(act: Callable[[], Awaitable[Any]]) -> Caught:
    """The first statement of an act; the act goes no further."""

    async def stop(sql: str, *arguments: Any) -> None:
        raise Caught(sql, arguments)

    with mock.patch.multiple("appliance.core.db", **dict.fromkeys(CALLS, stop)):
        try:
            await act()
        except Caught as caught:
            return caught
    message = "the act ran no statement"
    raise AssertionError(message)


class Statements(NamedTuple):
    """What the three measured requests run."""

    session: str
    case: str
    list: str
    count: str
    note: str


async def read_statements() -> Statements:
    """Catch every statement, and make sure that the arguments are those the floor will give."""
    case_id = UUID(int=1)
    viewer = (VIEWER.everywhere, VIEWER.office, VIEWER.account)
    session = await catch(lambda: accounts.find_session(b""))
    case = await catch(lambda: queries.case_json(case_id, VIEWER))
    listed = await catch(lambda: queries.list_cases(queries.Wanted({}), VIEWER))
    count = await catch(lambda: queries.count_cases({}, VIEWER))
    note = await catch(lambda: audit.record(Action.READ, "seizures"))
    assert session.arguments == (b"",)
    assert case.arguments == (case_id, *viewer)
    assert listed.arguments == count.arguments == viewer
    assert len(note.arguments) == 13
    return Statements(session.sql, case.sql, listed.sql, count.sql, note.sql)
