"""The whole house with everybody signed in, made once for the tests that only look round in it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from appliance.core.room import Role
from tests.conftest import (
    ROOT,
    Person,
    as_owner,
    clean_database,
    empty,
    enter,
    form_token,
    new_client,
    transport_to,
)
from tests.gates.rights_matrix import Route

LOGINS: Mapping[Role, str] = {
    Role.OFFICER: "officer",
    Role.SUPERVISOR: "supervisor",
    Role.INVESTIGATOR: "investigator",
    Role.ANALYST: "analyst",
    Role.NCP: "ncp",
    Role.TRAINER: "trainer",
    Role.AUDITOR: "auditor",
    Role.ADMIN: "admin",
}
START_SECONDS = 20
STOP_SECONDS = 10
CHECKBOX = re.compile(r'name="scope" value="([^"]+)"')
SECRET = re.compile(r"ncen_[\w-]+")
SEIZURE = {
    "event_date": "2026-01-05",
    "office_code": "SEA1",
    "case_kind": "SEIZURE",
    "direction": "IMPORT",
    "how_found": "RISK_PROFILE",
    "subtype": "COCAINE_HCL",
    "quantity": "12.5",
    "unit": "KGM",
    "narrative": "Found behind the wall of a container.",
}


# A parameter of an address with the word before it, which says of what it is the id.
PARAMETER = re.compile(r"(\w+)/\{\w+\}")


class House(NamedTuple):
    """Everybody's browser, and a record for each parameter of an address."""

    transport: httpx.ASGITransport
    people: Mapping[Role, httpx.AsyncClient]
    visitor: httpx.AsyncClient
    records: Mapping[str, str]

    def address(self, route: Route) -> str:
        """The address of a route, with a record that exists."""
        return PARAMETER.sub(lambda found: f"{found[1]}/{self.records[found[0]]}", route.path)


async def validated_case(officer: httpx.AsyncClient, supervisor: httpx.AsyncClient) -> str:
    """A case that all who may read cases see."""
    stored = await officer.post("/api/v1/seizures", json={**SEIZURE, "submit": True})
    assert stored.status_code == 201, stored.text
    case = str(stored.json()["id"])
    judged = await supervisor.post(f"/api/v1/seizures/{case}/validate")
    assert judged.status_code == 200, judged.text
    return case


async def draft_case(officer: httpx.AsyncClient) -> str:
    """A case that its office may still change."""
    stored = await officer.post("/api/v1/seizures", json=SEIZURE)
    assert stored.status_code == 201, stored.text
    return str(stored.json()["id"])


async def started_import(supervisor: httpx.AsyncClient) -> str:
    """An import that waits for its turn; nobody works here."""
    from appliance.app.imports.mapping import find_mapping

    source = find_mapping("unodc-ids").source
    upload = await supervisor.post(
        "/api/v1/imports",
        data={"mapping": "unodc-ids", "dry_run": "true"},
        files={"file": ("seizures.csv", source.delimiter.join(source.columns).encode())},
    )
    assert upload.status_code == 202, upload.text
    return str(upload.json()["id"])


async def make_records(people: Mapping[Role, httpx.AsyncClient]) -> dict[str, str]:
    """A record for each parameter: what stands before it in the address, and its name."""
    from appliance.app.web.pages import asset_url

    case = await validated_case(people[Role.OFFICER], people[Role.SUPERVISOR])
    me = (await people[Role.OFFICER].get("/api/v1/me")).json()
    trail = (await people[Role.AUDITOR].get("/api/v1/audit")).json()
    nobody = "01890a5d-ac96-774b-bcce-b302099a8057"
    return {
        "seizures/{case}": case,
        "draft": await draft_case(people[Role.OFFICER]),
        "audit/{n}": str(trail["entries"][-1]["n"]),
        "entries/{n}": str(trail["entries"][-1]["n"]),
        "reference/{name}": "MODE",
        "static/{name}": asset_url("app.css").removeprefix("/static/"),
        "schema/{path}": "nothing",
        "accounts/{account}": me["id"],
        "offices/{code}": "SEA1",
        "sessions/{session}": nobody,
        "tokens/{token}": nobody,
        "imports/{batch}": await started_import(people[Role.SUPERVISOR]),
        "first/{secret}": "never-made",
    }


@pytest.fixture(scope="module")
async def house(cast: dict[str, Person]) -> AsyncIterator[House]:
    """The application with a client per role."""
    from appliance.app.main import build_app

    async with clean_database(), contextlib.AsyncExitStack() as stack:
        transport = transport_to(build_app())
        people = {
            role: await enter(await stack.enter_async_context(new_client(transport)), cast[login])
            for role, login in LOGINS.items()
        }
        visitor = await stack.enter_async_context(new_client(transport))
        yield House(transport, people, visitor, await make_records(people))


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Let the wall clock of this process show another moment."""
    from appliance.core import clock

    def put(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    return put


class Served(NamedTuple):
    """The application as a process of its own behind real HTTP, with the contact point signed in."""

    address: tuple[str, int]
    token: str
    log: Path

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{self.address[0]}:{self.address[1]}"


def make_token(client: httpx.Client, person: Person) -> str:
    """Sign in and make a token with every right that the person may hand on."""
    from appliance.core import clock

    token = form_token(client.get("/login"))
    door = {"_csrf_token": token, "login": person.login, "password": person.password}
    assert client.post("/login", data=door).status_code == 303
    page = client.get("/account/tokens")
    made = client.post(
        "/account/tokens",
        data={
            "_csrf_token": token,
            "name": "A program",
            "ends_on": (clock.now().date() + timedelta(days=7)).isoformat(),
            "scope": CHECKBOX.findall(page.text),
        },
    )
    assert made.status_code == 200, made.text
    return str(max(SECRET.findall(made.text), key=len))


def bearer(token: str) -> dict[str, str]:
    """The header of a program."""
    return {"Authorization": f"Bearer {token}"}


def wait_until_ready(client: httpx.Client, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for the first answer."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text(encoding="utf-8")
        with contextlib.suppress(httpx.TransportError):
            if client.get("/health").status_code == 200:
                return
        time.sleep(0.05)
    raise AssertionError(log.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def served(cast: dict[str, Person], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """`ncen serve` on a port of this machine, over a clean database."""
    asyncio.run(as_owner(empty))
    log = tmp_path_factory.mktemp("served") / "log"
    with socket.create_server(("127.0.0.1", 0)) as listening, log.open("wb") as stream:
        server = subprocess.Popen(
            [sys.executable, "-m", "appliance.cli", "serve", "--fd", str(listening.fileno())],
            pass_fds=[listening.fileno()],
            cwd=ROOT,
            env={**os.environ, "NCEN_DB_ROLE": "ncen_app"},
            stdout=stream,
            stderr=stream,
        )
        address = listening.getsockname()
        try:
            with httpx.Client(base_url=f"http://{address[0]}:{address[1]}", timeout=5) as client:
                wait_until_ready(client, server, log)
                token = make_token(client, cast["ncp"])
                known = httpx.get(f"{client.base_url}/api/v1/me", headers=bearer(token))
                assert known.status_code == 200, known.text
                yield Served(address, token, log)
        finally:
            server.terminate()
            server.wait(STOP_SECONDS)
