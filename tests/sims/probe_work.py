"""`ncen work` with one more room, whose jobs leave traces: the real worker in a process of its own.

Run as `python -m tests.sims.probe_work`. PROBE_FILE names a file that a listener also writes to; PROBE_RETRY
and PROBE_RECLAIM shorten the worker's pauses.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from appliance.app import ROOM_NAMES
from appliance.app.work import outcomes, worker
from appliance.core import audit, log
from appliance.core.audit import Action
from appliance.core.errors import Refused
from appliance.core.room import Job, JobContext, Room, load_rooms

ROOM = Room(
    name="probe",
    title="Probe",
    jobs=(
        Job(kind="slow", handler="jobs:slow"),
        Job(kind="failing", handler="jobs:failing", attempts=3),
        Job(kind="refused", handler="jobs:refused"),
    ),
    listens={"probe.told": "events:hear"},
)


async def trace(what: str, number: object) -> None:
    await audit.record(Action.SYSTEM, "probe", label=f"{what} {number}")


async def slow(context: JobContext) -> Mapping[str, Any]:
    await trace("begin", context.payload["number"])
    await asyncio.sleep(context.payload.get("seconds", 0))
    await trace("end", context.payload["number"])
    return {"number": context.payload["number"]}


async def failing(context: JobContext) -> None:
    await trace("begin", context.payload["number"])
    raise RuntimeError("a mistake of ours")


async def refused(context: JobContext) -> None:
    await trace("begin", context.payload["number"])
    raise Refused("The file %(name)s is empty.", name="x.csv")


def write_down(number: int) -> None:
    with Path(os.environ["PROBE_FILE"]).open("a", encoding="ascii") as stream:
        stream.write(f"{number}\n")


async def hear(payload: Mapping[str, Any]) -> None:
    write_down(payload["number"])
    await trace("heard", payload["number"])
    await asyncio.sleep(payload.get("seconds", 0))
    if payload.get("poison"):
        raise RuntimeError("a fact that nobody can hear")


def furnish() -> None:
    """Put the room where the worker looks for rooms."""
    modules: dict[str, dict[str, object]] = {
        "appliance.app.probe": {"ROOM": ROOM},
        "appliance.app.probe.jobs": {"slow": slow, "failing": failing, "refused": refused},
        "appliance.app.probe.events": {"hear": hear},
    }
    for name, contents in modules.items():
        module = ModuleType(name)
        module.__dict__.update(contents)
        sys.modules[name] = module


async def run() -> None:
    process = worker.Worker([*load_rooms(ROOM_NAMES), ROOM])
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, process.stopping.set)
    await process.run()


def main() -> None:
    furnish()
    log.set_up(as_json=False)
    outcomes.RETRY_SECONDS = float(os.environ.get("PROBE_RETRY", outcomes.RETRY_SECONDS))  # type: ignore[assignment]  # a test is in a hurry
    worker.RECLAIM_SECONDS = float(os.environ.get("PROBE_RECLAIM", worker.RECLAIM_SECONDS))
    asyncio.run(run())


if __name__ == "__main__":
    main()
