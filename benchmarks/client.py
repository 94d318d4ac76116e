"""A small load generator: so many GET requests over so many connections that stay open.

Only the server's processor time is measured, so the client need not be fast, only steady.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from itertools import cycle, islice, pairwise

CONNECTIONS = 8


class Trouble(RuntimeError):
    pass


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, bytes, bool]:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    headers = dict(line.lower().split(b":", 1) for line in lines[1:] if b":" in line)
    if b"content-length" not in headers:
        raise Trouble(head.decode("latin-1"))
    body = await reader.readexactly(int(headers[b"content-length"]))
    closing = headers.get(b"connection", b"").strip() == b"close"
    return int(lines[0].split()[1]), body, closing


class Client:
    """Requests to one server, carrying one session."""

    def __init__(self, port: int, cookie: str) -> None:
        self.port = port
        self.cookie = cookie

    def request(self, path: str) -> bytes:
        return (
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {self.cookie}\r\n"
            "Accept: */*\r\nAccept-Language: en\r\n\r\n"
        ).encode()

    async def walk(self, paths: Sequence[str], moments: list[float] | None = None) -> bytes:
        """One connection's requests, one after another; return the last body, note each moment."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
        body = b""
        try:
            for path in paths:
                writer.write(self.request(path))
                status, body, closing = await read_answer(reader)
                if status != 200:
                    raise Trouble(f"{path} answered {status}: {body[:300]!r}")
                if moments is not None:
                    moments.append(time.monotonic())
                if closing:
                    writer.close()
                    reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        finally:
            writer.close()
        return body

    def waits(self, paths: Sequence[str], requests: int) -> list[float]:
        """Seconds until each answer of a lone connection had come."""
        moments = [time.monotonic()]

        async def visit() -> None:
            await self.walk(list(islice(cycle(paths), requests)), moments)

        asyncio.run(visit())
        return [after - before for before, after in pairwise(moments)]

    def get(self, path: str) -> bytes:
        """One answer."""
        return asyncio.run(self.walk([path]))

    def load(self, paths: Sequence[str], requests: int, connections: int = CONNECTIONS) -> None:
        """So many requests, spread over the paths and the connections."""
        chosen = list(islice(cycle(paths), requests))

        async def all_of_them() -> None:
            walks = [self.walk(chosen[start::connections]) for start in range(connections)]
            await asyncio.gather(*walks)

        asyncio.run(all_of_them())
