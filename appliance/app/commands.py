"""The application's commands: serve, work, migrate, demo, import, user, audit. Each runs one service and says how it went."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import os
import signal
import socket
import sys
from typing import Any
from uuid import UUID

from appliance.app import ROOM_NAMES
from appliance.core import clock, log
from appliance.core.errors import CannotStart
from appliance.core.i18n import N_, translate
from appliance.core.room import has_part, room_module
from appliance.core.settings import get_settings

GRACEFUL_SECONDS = 3  # long answers may end before a stop


def add_commands(commands: Any) -> None:
    """Declare the commands of the application."""
    serve = commands.add_parser("serve", help="serve the officers' application")
    serve.add_argument("--fd", type=int, help="listening socket handed over by the parent")
    serve.add_argument("--gate", type=int, help="pipe; serve when the parent has closed it")
    serve.set_defaults(run=run_serve)
    work = commands.add_parser("work", help="run what is due")
    work.add_argument("--job", type=UUID, help="run one claimed job")
    work.add_argument("--attempt", type=int, default=1, help="the attempt for which it was claimed")
    work.set_defaults(run=run_work)
    migrate = commands.add_parser("migrate", help="bring the database to this release")
    migrate.add_argument("--quick", action="store_true", help="leave at once if nothing is to do")
    migrate.set_defaults(run=run_migrate)
    time = commands.add_parser("time", help="say whether this server's clock is believed")
    time.add_argument(
        "--confirm", action="store_true", help="the clock is right: believe it from here on"
    )
    time.set_defaults(run=run_time)


def add_room_commands(commands: Any) -> None:
    """Declare the commands of the rooms."""
    for name in ROOM_NAMES:
        if has_part(name, "commands"):
            importlib.import_module(room_module(name, "commands")).add_commands(commands)


def wait_at_gate(handle: int | None) -> None:
    """Wait until the parent has prepared the database; loading the application takes as long as that."""
    if handle is not None:
        with os.fdopen(handle, "rb") as gate:
            gate.read(1)


def run_serve(options: argparse.Namespace) -> int:
    """Serve until told to stop.

    Raises:
        CannotStart: the application did not come up; the log has its reason.
    """
    import uvicorn  # noqa: PLC0415 - other commands need no web server

    from appliance.app.web.wire import PunctualProtocol  # noqa: PLC0415 - as above

    settings = get_settings()
    log.set_up(as_json=settings.log_json)
    config = uvicorn.Config(
        "appliance.app.main:build_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=PunctualProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
        limit_concurrency=400,
    )
    config.load()
    wait_at_gate(options.gate)
    server = uvicorn.Server(config)
    # Not through uvicorn's own option: that takes a socket for a unix one, and each answer then waits for the network.
    server.run(sockets=[socket.socket(fileno=options.fd)] if options.fd is not None else None)
    if not server.started:
        raise CannotStart(N_("The application did not come up; the lines above say why."))
    return 0


def run_work(options: argparse.Namespace) -> int:
    """Work until told to stop, or run one job."""
    from appliance.app.work import Worker, run_single  # noqa: PLC0415 - see run_serve
    from appliance.core.room import load_rooms  # noqa: PLC0415 - see run_serve

    log.set_up(as_json=get_settings().log_json)
    rooms = load_rooms(ROOM_NAMES)
    if options.job:
        return asyncio.run(run_single(rooms, options.job, options.attempt))

    async def main() -> None:
        worker = Worker(rooms)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, worker.stopping.set)
        await worker.run()

    asyncio.run(main())
    return 0


def run_migrate(options: argparse.Namespace) -> int:
    """Bring the database to this release."""
    log.set_up(as_json=get_settings().log_json)
    if options.quick and asyncio.run(nothing_to_migrate()):
        return 0
    from appliance.core.migrate import migrate  # noqa: PLC0415 - see run_serve
    from appliance.core.room import load_rooms  # noqa: PLC0415 - see run_serve

    asyncio.run(migrate(load_rooms(ROOM_NAMES)))
    return 0


def run_time(options: argparse.Namespace) -> int:
    """Say what the clock shows and whether it is believed; 1 if it is not."""
    state = get_settings().state
    if options.confirm:
        clock.confirm(state)
    believed = clock.trusted(state)
    sentence = (
        N_("The clock shows %(moment)s UTC and is believed.")
        if believed
        else N_(
            "The clock shows %(moment)s UTC and is not believed; the newest moment seen is %(floor)s UTC."
            " Set the clock, or say “ncen time --confirm” if it is right."
        )
    )
    floor = f"{clock.read_floor(state):%Y-%m-%d %H:%M}"
    params = {"moment": f"{clock.now():%Y-%m-%d %H:%M}"} | ({} if believed else {"floor": floor})
    sys.stdout.write(translate(sentence, **params) + "\n")
    return 0 if believed else 1


async def nothing_to_migrate() -> bool:
    """Whether the database is at this release already."""
    from appliance.core import db, migrate  # noqa: PLC0415 - see run_serve

    connection = await db.connect()
    try:
        return await migrate.is_current(connection, ROOM_NAMES)
    finally:
        await connection.close()
