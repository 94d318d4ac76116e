"""What no HTTP library would send, over a real socket to `ncen serve`; the server answers, or closes, and goes on."""

from __future__ import annotations

import socket

import httpx
import pytest

from tests.integration.conftest import Served, bearer

SECONDS = 5
RAW = {
    "no request": b"\x00\x01\x02\r\n\r\n",
    "half a line": b"GET /login HTTP/1.1",
    "wrong version": b"GET /login HTTP/9.9\r\nHost: x\r\n\r\n",
    "no host": b"GET /login HTTP/1.1\r\n\r\n",
    "NUL in the path": b"GET /seizures/\x00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "raw bytes in the path": b"GET /seizures/\xff\xfe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "escaped NUL": b"GET /seizures/%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "escaped non-UTF-8": b"GET /seizures/%ff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "raw bytes in the query": b"GET /login?next=\xff HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    "raw bytes in a cookie": b"GET /login HTTP/1.1\r\nHost: x\r\nCookie: ncen=\xff\xfe\r\nConnection: close\r\n\r\n",
    "strange host": b"GET /login HTTP/1.1\r\nHost: x@y/z\r\nConnection: close\r\n\r\n",
    "huge header": b"GET /login HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
    "length that is none": b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
    "negative length": b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
    "two lengths": b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    "chunk that is none": b"POST /login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
    "body cut short": b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 500\r\n\r\na=b",
    "method in small letters": b"get /login HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
}


def exchange(address: tuple[str, int], request: bytes) -> bytes:
    """Send some bytes, say that no more will come, and read to the end."""
    with socket.create_connection(address, timeout=SECONDS) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        found = b""
        while part := connection.recv(65536):
            found += part
    return found


@pytest.mark.parametrize("name", RAW)
def test_bytes_that_are_no_request(served: Served, name: str) -> None:
    try:
        answer = exchange(served.address, RAW[name])
    except ConnectionResetError:
        answer = b""
    if answer:
        status = int(answer.split(b" ", 2)[1])
        assert status in {200, 303, 400, 403, 404, 405, 413, 422, 431}
    assert httpx.get(f"{served.url}/health").json()["ready"] is True


def test_the_log_holds_no_error_of_ours(served: Served) -> None:
    log = served.log.read_text(encoding="utf-8")
    assert "unexpected error" not in log
    assert "Traceback" not in log


def test_a_request_over_the_wire_is_answered_like_any_other(served: Served) -> None:
    answer = httpx.get(f"{served.url}/api/v1/seizures", headers=bearer(served.token))
    assert (answer.status_code, answer.json()) == (200, {"cases": [], "next": ""})
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "server" not in answer.headers


def test_a_large_answer_is_packed_and_complete(served: Served) -> None:
    answer = httpx.get(f"{served.url}/api/v1/reference/SUBTYPE", headers=bearer(served.token))
    assert answer.headers["content-encoding"] == "gzip"
    assert len(answer.json()["entries"]) > 300
