"""What tests stand on: a real private PostgreSQL cluster per run, the real application, and a named cast.

The environment is set here, before any test imports the application: engine and settings are read once.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import asyncpg
import httpx
import pytest

ROOT = Path(__file__).resolve().parents[1]
WORKING = Path(tempfile.mkdtemp(prefix="ncen-test-"))
WORKING.chmod(0o755)
SETTINGS = WORKING / "settings.toml"
STATE = WORKING / "state"
RUN = WORKING / "run"
SETTINGS.write_text(
    f'state_dir = "{STATE}"\nrun_dir = "{RUN}"\nlog_json = false\ndemo = true\nsecond_factor_roles = []\n',
    encoding="utf-8",
)
os.environ["NCEN_CONFIG"] = str(SETTINGS)
os.environ["PICCOLO_CONF"] = "appliance.piccolo_conf"

T = TypeVar("T")

# Kept between tests: what migrations and the cast bring.
KEPT = frozenset({"reference.entry", "core.fact", "core.blob_column", "public.migration"})
RESTORED = frozenset({"accounts.office", "accounts.unit", "accounts.account"})


class Person(NamedTuple):
    """One of the cast."""

    login: str
    password: str


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    shutil.rmtree(WORKING, ignore_errors=True)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Path]:
    """A private cluster with this release's schema; its socket lies in the yielded folder."""
    from appliance.trial import cluster as private
    from appliance.trial.places import Places, database_user, make_run_folder, make_state

    make_state(STATE)
    user = database_user()
    make_run_folder(RUN, user)
    places = Places(STATE, RUN, user)
    private.make_cluster(places)
    with (places.cluster / "postgresql.conf").open("a", encoding="utf-8") as stream:
        # What was committed must outlive a crash of the server, though not of the machine.
        stream.write("fsync = off\nfull_page_writes = off\n")
    with (WORKING / "postgresql.log").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(
            private.server_command(places), stdout=log, stderr=log, cwd="/", start_new_session=True
        )
    try:
        while not private.is_ready(places):
            assert server.poll() is None, (WORKING / "postgresql.log").read_text(encoding="utf-8")
        private.prepare_database(places)
        ncen("migrate", role="ncen_migrate")
        yield RUN
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


def ncen(*arguments: str, role: str = "ncen_app") -> subprocess.CompletedProcess[str]:
    """Run a command of the product to its end; it must succeed."""
    done = subprocess.run(
        [sys.executable, "-m", "appliance.cli", *arguments],
        env={**os.environ, "NCEN_DB_ROLE": role},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


async def as_owner(act: Callable[[asyncpg.Connection], Awaitable[T]]) -> T:
    """Do something with the rights of the cluster's owner."""
    connection = await asyncpg.connect(host=str(RUN), user="ncen_owner", database="ncen")
    try:
        return await act(connection)
    finally:
        await connection.close()


async def all_tables(connection: asyncpg.Connection) -> list[str]:
    """Every table of the product."""
    rows = await connection.fetch(
        "SELECT schemaname || '.' || tablename AS name FROM pg_tables"
        " WHERE schemaname !~ '^(pg_|information_schema|kept)'"
    )
    return [row["name"] for row in rows]


@pytest.fixture(scope="session")
def cast(cluster: Path) -> dict[str, Person]:  # noqa: ARG001 - the database must be there
    """The named cast, one per role, made once; its tables are set back before each test."""
    from appliance.app.accounts import api as accounts
    from appliance.core import db

    async def make() -> dict[str, Person]:
        await db.start_pool()
        try:
            made = await accounts.make_demo_accounts()
        finally:
            await db.close_pool()
        return {item.login: Person(item.login, item.password) for item in made}

    async def keep(connection: asyncpg.Connection) -> None:
        await connection.execute("DROP SCHEMA IF EXISTS kept CASCADE; CREATE SCHEMA kept")
        for name in RESTORED:
            await connection.execute(
                f"CREATE TABLE kept.{name.split('.')[1]} AS SELECT * FROM {name}"
            )

    people = asyncio.run(make())
    asyncio.run(as_owner(keep))
    return people


async def empty(connection: asyncpg.Connection) -> None:
    """Leave only the lists and the cast."""
    emptied = [name for name in await all_tables(connection) if name not in KEPT]
    await connection.execute(f"TRUNCATE {', '.join(emptied)} RESTART IDENTITY CASCADE")
    for name in ("office", "unit", "account"):
        await connection.execute(f"INSERT INTO accounts.{name} SELECT * FROM kept.{name}")
    # The trail begins anew, and so does the note of its head.
    (STATE / "audit-head").unlink(missing_ok=True)


@contextlib.asynccontextmanager
async def clean_database() -> AsyncIterator[None]:
    """A database that holds only the lists and the cast, and an open pool."""
    from appliance.app.reference import api as reference
    from appliance.core import db

    await as_owner(empty)
    await db.start_pool()
    try:
        await reference.load_lists()
        yield
    finally:
        await db.close_pool()


def transport_to(app: Any) -> httpx.ASGITransport:
    """The way to an application without a network; the two libraries type the same protocol apart."""
    return httpx.ASGITransport(app=app, client=("127.0.0.1", 40000))


def new_client(transport: httpx.AsyncBaseTransport) -> httpx.AsyncClient:
    """A browser of its own."""
    return httpx.AsyncClient(transport=transport, base_url="http://ncen.test")


async def enter(client: httpx.AsyncClient, person: Person) -> httpx.AsyncClient:
    """Sign somebody in as the page does; later posts carry the form token as a header."""
    token = form_token(await client.get("/login"))
    answer = await client.post(
        "/login",
        data={"_csrf_token": token, "login": person.login, "password": person.password},
    )
    assert answer.status_code == 303, answer.text
    client.headers["x-csrftoken"] = token
    return client


@pytest.fixture
async def database(cast: dict[str, Person]) -> AsyncIterator[None]:  # noqa: ARG001 - the cast must exist
    """A clean database with the cast in it, and an open pool."""
    async with clean_database():
        yield


@pytest.fixture
async def app(database: None) -> httpx.ASGITransport:  # noqa: ARG001 - the application needs it
    """The application, reached without a network."""
    from appliance.app.main import build_app

    return transport_to(build_app())


SignedIn = Callable[[str], Awaitable[httpx.AsyncClient]]


def form_token(page: httpx.Response) -> str:
    """The token that a page's forms carry."""
    return page.text.split('name="_csrf_token" value="')[1].split('"')[0]


@pytest.fixture
async def visitor(app: httpx.ASGITransport) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who has not signed in."""
    async with new_client(app) as client:
        yield client


@pytest.fixture
async def signed_in(app: httpx.ASGITransport, cast: dict[str, Person]) -> AsyncIterator[SignedIn]:
    """Signs one of the cast in: `client = await signed_in("officer")`; posts carry the form token."""
    clients: list[httpx.AsyncClient] = []

    async def sign_in(login: str) -> httpx.AsyncClient:
        clients.append(new_client(app))
        return await enter(clients[-1], cast[login])

    yield sign_in
    for client in clients:
        await client.aclose()
