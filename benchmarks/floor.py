"""The floor: the same answers by hand. One ASGI callable on uvicorn, asyncpg and msgspec, no framework.

It runs the application's statements word for word, holds one connection per request, and knows nothing of
routers, forms, languages or errors.

usage: python -m benchmarks.floor PORT
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import uvicorn

from appliance.app.reference import api as reference
from appliance.app.seizures.schemas import CaseRow
from appliance.core import db, ids
from benchmarks.page import ListPage, principal
from benchmarks.statements import Statements, read_statements

Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Scope = Mapping[str, Any]
Answer = tuple[int, bytes, bytes]

COOKIE = b"ncen="
CASES = "/api/v1/seizures/"
EVERYWHERE = frozenset({"NCP", "AUDITOR"})
READERS = frozenset(
    {"OFFICER", "SUPERVISOR", "INVESTIGATOR", "ANALYST", "NCP", "TRAINER", "AUDITOR"}
)
JSON, HTML = b"application/json", b"text/html; charset=utf-8"
REFUSED: Answer = (401, JSON, b"{}")
CONNECTIONS = 8
LIST_DETAIL = '{"filters":{},"office":"%s"}'
encode = msgspec.json.Encoder().encode
decode_rows = msgspec.json.Decoder(list[CaseRow]).decode


class Viewer:
    """Who asks, and what the statements want to know of them."""

    def __init__(self, scope: Scope, row: Any) -> None:
        self.scope = scope
        self.row = row
        self.office = row["office"] or ""
        self.arguments = (not EVERYWHERE.isdisjoint(row["roles"]), self.office, row["id"])


class Floor:
    """The whole application."""

    def __init__(self, statements: Statements) -> None:
        self.sql = statements
        self.page = ListPage()
        self.pool: Any = None

    async def __call__(self, scope: Scope, receive: Any, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.live(receive, send)
            return
        async with self.pool.acquire() as connection:
            status, kind, body = await self.answer(scope, connection)
        headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def live(self, receive: Any, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self.pool = await asyncpg.create_pool(
                    **db.connection_options(), min_size=1, max_size=CONNECTIONS
                )
                await reference.load_lists()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self.pool.close()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def answer(self, scope: Scope, connection: Any) -> Answer:
        row = await connection.fetchrow(self.sql.session, session_digest(scope))
        if row is None or READERS.isdisjoint(row["roles"]):
            return REFUSED
        viewer = Viewer(scope, row)
        path = scope["path"]
        if path == "/seizures":
            return 200, HTML, await self.list_page(connection, viewer)
        if path == "/api/v1/seizures":
            return 200, JSON, await self.list_cases(connection, viewer)
        return await self.case(connection, viewer, UUID(path[len(CASES) :]))

    async def case(self, connection: Any, viewer: Viewer, case: UUID) -> Answer:
        found = await connection.fetchval(self.sql.case, case, *viewer.arguments)
        if found is None:
            return 404, JSON, b"{}"
        await self.note(connection, viewer, str(case), "", "{}")
        return 200, JSON, found.encode()

    async def list_cases(self, connection: Any, viewer: Viewer) -> bytes:
        row = await connection.fetchrow(self.sql.list, *viewer.arguments)
        await self.note(connection, viewer, "", "list", LIST_DETAIL % viewer.office)
        following = row["last"] if row["more"] else ""
        return f'{{"cases":{row["cases"]},"next":"{following}"}}'.encode()

    async def list_page(self, connection: Any, viewer: Viewer) -> bytes:
        row = await connection.fetchrow(self.sql.list, *viewer.arguments)
        count = await connection.fetchval(self.sql.count, *viewer.arguments)
        await self.note(connection, viewer, "", "list", LIST_DETAIL % viewer.office)
        following = row["last"] if row["more"] else ""
        person = principal(viewer.row)
        cases = decode_rows(row["cases"])
        return self.page.html(person, "-", cases, following, count).encode()

    async def note(
        self, connection: Any, viewer: Viewer, record: str, label: str, detail: str
    ) -> None:
        row = viewer.row
        await connection.execute(
            self.sql.note,
            datetime.now(UTC),
            str(row["id"]),
            row["name"],
            row["unit"] or viewer.office,
            viewer.scope["client"][0],
            str(row["session"]),
            str(ids.new_id()),
            "READ",
            "seizures",
            record,
            label,
            "",
            detail,
        )


def session_digest(scope: Scope) -> bytes:
    for name, value in scope["headers"]:
        if name == b"cookie":
            for part in value.split(b"; "):
                if part.startswith(COOKIE):
                    return hashlib.sha256(part[len(COOKIE) :]).digest()
    return b""


def main() -> None:
    config = uvicorn.Config(
        Floor(asyncio.run(read_statements())),
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        ws="none",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )
    uvicorn.Server(config).run()


if __name__ == "__main__":
    main()
