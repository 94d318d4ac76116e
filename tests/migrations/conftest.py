"""A scratch database per test, brought by the product's own code to the state just before a migration.

Each migration has a test module that names it as MIGRATION = ("room", "id"): it loads data at the
state before, runs the migration, and looks at what became of them.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from appliance.app import ROOM_NAMES

EXTENSIONS = ("pg_trgm", "unaccent", "fuzzystrmatch", "btree_gin")


async def owner(database: str) -> asyncpg.Connection:
    from appliance.core.settings import get_settings

    return await asyncpg.connect(
        host=get_settings().socket_dir, user="ncen_owner", database=database
    )


@contextlib.contextmanager
def pointed_at(database: str, folder: Path) -> Iterator[None]:
    """Let this process work on another database with the rights of `ncen migrate`."""
    from appliance.core import db
    from appliance.core.settings import CONFIG_VARIABLE, ROLE_VARIABLE, get_settings

    kept = {name: os.environ.get(name) for name in (CONFIG_VARIABLE, ROLE_VARIABLE)}
    settings = Path(os.environ[CONFIG_VARIABLE]).read_text(encoding="utf-8")
    copy = folder / "settings.toml"
    copy.write_text(f'{settings}\ndatabase = "{database}"\n', encoding="utf-8")

    def use(values: dict[str, str | None]) -> None:
        os.environ.update({name: value for name, value in values.items() if value is not None})
        for name in (name for name, value in values.items() if value is None):
            os.environ.pop(name, None)
        get_settings.cache_clear()
        db.engine().config.update(db.connection_options())

    use({CONFIG_VARIABLE: str(copy), ROLE_VARIABLE: "ncen_migrate"})
    try:
        yield
    finally:
        use(kept)


# Databases kept for the run, to be copied: blank, and as they were before each migration.
MODELS: dict[tuple[str, str], str] = {}
BLANK = ("", "")


async def copy(model: str, name: str) -> None:
    """Make a database like another one, which nobody may be using."""
    connection = await owner("postgres")
    try:
        await connection.execute(f"CREATE DATABASE {name} OWNER ncen_migrate TEMPLATE {model}")
    finally:
        await connection.close()


async def drop(name: str) -> None:
    connection = await owner("postgres")
    try:
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()


def new_name() -> str:
    return f"scratch_{secrets.token_hex(6)}"


async def blank_model() -> str:
    """An empty database with the extensions of a server."""
    if BLANK not in MODELS:
        name = new_name()
        await copy("template1", name)
        connection = await owner(name)
        for extension in EXTENSIONS:
            await connection.execute(f"CREATE EXTENSION {extension}")
        await connection.close()
        MODELS[BLANK] = name
    return MODELS[BLANK]


@dataclass
class Scratch:
    """A database of its own: run migrations, look and change with the owner's rights."""

    name: str
    connection: asyncpg.Connection
    touched: bool = False

    async def before(self, app: str, migration: str) -> None:
        """Bring the database to the state in which a house meets this migration."""
        model = MODELS.get((app, migration))
        if model is not None and not self.touched:
            await self.connection.close()
            await drop(self.name)
            await copy(model, self.name)
            self.connection = await owner(self.name)
            return
        await self.run_all_before(app, migration)
        if not self.touched:
            await self.connection.close()
            MODELS[app, migration] = new_name()
            await copy(self.name, MODELS[app, migration])
            self.connection = await owner(self.name)

    async def run_all_before(self, app: str, migration: str) -> None:
        """Run everything that a house runs before this migration."""
        from appliance.core import db
        from appliance.core.migrate import BOOKKEEPING, known_migrations, run_one

        await db.execute(BOOKKEEPING)
        known = known_migrations(ROOM_NAMES)
        assert (app, migration) in known, f"{app} has no migration {migration}"
        for (name, number), module in known.items():
            if (name, number) == (app, migration):
                return
            await run_one(name, number, module)

    async def run(self, app: str, migration: str) -> None:
        """Run one migration."""
        from appliance.core.migrate import known_migrations, run_one

        self.touched = True
        await run_one(app, migration, known_migrations(ROOM_NAMES)[app, migration])

    async def execute(self, sql: str, *args: Any) -> None:
        self.touched = True
        await self.connection.execute(sql, *args)

    async def fetch(self, sql: str, *args: Any) -> list[tuple[Any, ...]]:
        self.touched = True
        return [tuple(row) for row in await self.connection.fetch(sql, *args)]

    async def value(self, sql: str, *args: Any) -> Any:
        self.touched = True
        return await self.connection.fetchval(sql, *args)


@pytest.fixture
async def scratch(cluster: Path, tmp_path: Path) -> AsyncIterator[Scratch]:  # noqa: ARG001 - the server must run
    """An empty database with the extensions of a server."""
    name = new_name()
    await copy(await blank_model(), name)
    found = Scratch(name, await owner(name))
    try:
        with pointed_at(name, tmp_path):
            yield found
    finally:
        await found.connection.close()
        await drop(name)
