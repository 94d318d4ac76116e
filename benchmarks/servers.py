"""The servers that stand side by side: ours, the floor, and Django in two worker models."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.client import Client, Trouble
from benchmarks.house import ROOT, House, free_port

BUILD = ROOT / ".build"
PEER = BUILD / "bench"
LOCK = ROOT / "benchmarks" / "requirements.lock"
UV = BUILD / "tools" / "bin" / "uv"
START_SECONDS = 60
OURS, FLOOR, DJANGO, DJANGO_SYNC = "nCEN", "floor", "Django, threads", "Django, sync"


@dataclass
class Server:
    """A server under measurement."""

    name: str
    pid: int
    client: Client


def prepare_peer() -> Path:
    """Make the peer's own environment, once per lock; return its Python."""
    python, stamp = PEER / "bin" / "python", PEER / "lock"
    wanted = LOCK.read_text(encoding="utf-8")
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != wanted:
        run = [str(UV), "venv", "--quiet", "--clear", "--python", sys.executable, str(PEER)]
        subprocess.run(run, check=True)
        install = [str(UV), "pip", "sync", "--quiet", "--require-hashes"]
        subprocess.run([*install, "--python", str(python), str(LOCK)], check=True)
        stamp.write_text(wanted, encoding="utf-8")
    return python


def own_packages() -> str:
    """Where this Python's packages lie; the peer borrows the templates' needs from there."""
    return next(path for path in sys.path if path.endswith("site-packages"))


@contextlib.contextmanager
def started(
    name: str, house: House, cookie: str, command: Sequence[str], port: int
) -> Iterator[Server]:
    """Run a server until the measurement is over."""
    log = house.state.parent / f"{name.replace(', ', '-')}.log"
    environment = {**house.environment, "PYTHONPATH": os.pathsep.join((str(ROOT), own_packages()))}
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output, cwd=ROOT)
    client = Client(port, cookie)
    try:
        wait(process, client, log)
        yield Server(name, process.pid, client)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def wait(process: subprocess.Popen[bytes], client: Client, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            client.get("/api/v1/seizures")
        except Trouble as error:
            raise RuntimeError(log.read_text(encoding="utf-8")) from error
        except (OSError, EOFError) as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(log.read_text(encoding="utf-8")) from error
            time.sleep(0.1)
        else:
            return


def gunicorn(python: Path, port: int, *options: str) -> list[str]:
    """One worker, as every other server here has one."""
    fixed = ["--workers", "1", "--bind", f"127.0.0.1:{port}", "--log-level", "error"]
    return [str(python), "-m", "gunicorn", *fixed, *options, "benchmarks.peer.wsgi"]


@contextlib.contextmanager
def side_by_side(house: House) -> Iterator[list[Server]]:
    """All servers on the same database, each with the same session."""
    python = prepare_peer()
    jar = house.sign_in().cookies
    cookie = "; ".join(f"{name}={value}" for name, value in jar.items())
    first, second, third = free_port(), free_port(), free_port()
    commands = {
        FLOOR: ([sys.executable, "-m", "benchmarks.floor", str(first)], first),
        DJANGO: (gunicorn(python, second, "--threads", "4", "--keep-alive", "60"), second),
        DJANGO_SYNC: (gunicorn(python, third), third),
    }
    with contextlib.ExitStack() as stack:
        servers = [Server(OURS, house.child("serve"), Client(house.port, cookie))]
        for name, (command, port) in commands.items():
            servers.append(stack.enter_context(started(name, house, cookie, command, port)))
        yield servers
