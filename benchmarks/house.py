"""A private trial of the application to measure: started, filled with synthetic cases, signed in to, ended."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from benchmarks import processes

ROOT = Path(__file__).resolve().parents[1]
START_SECONDS = 180
STOP_SECONDS = 30
PERSON = ("officer", "Demo-officer-2026")
FORM_TOKEN = re.compile(r'name="_csrf_token" value="([^"]+)"')


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def served(port: int) -> bool:
    with contextlib.suppress(httpx.HTTPError):
        return httpx.get(f"http://127.0.0.1:{port}/health", timeout=2).status_code == 200
    return False


def wait_until_served(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not served(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(log.read_text(encoding="utf-8"))
        time.sleep(0.02)


@dataclass
class House:
    """A running trial."""

    state: Path
    port: int
    process: subprocess.Popen[bytes]
    seconds: float

    def child(self, word: str) -> int:
        """The process of a service, such as serve or work."""
        wanted = f"appliance.cli {word}"
        for pid in processes.family(self.process.pid):
            if wanted in processes.command(pid):
                return pid
        raise RuntimeError(f"no process runs {wanted}")

    @property
    def environment(self) -> dict[str, str]:
        """What a command of this trial needs to know, as its own web process was told."""
        raw = (processes.PROC / str(self.child("serve")) / "environ").read_bytes()
        told = dict(part.split("=", 1) for part in raw.decode().split("\0") if "=" in part)
        return {**os.environ, "NCEN_CONFIG": told["NCEN_CONFIG"], "NCEN_DB_ROLE": "ncen_app"}

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of this trial."""
        return tomllib.loads(Path(self.environment["NCEN_CONFIG"]).read_text(encoding="utf-8"))

    def run(self, *arguments: str) -> None:
        """Run a command of the product beside the trial."""
        command = [sys.executable, "-m", "appliance.cli", *arguments]
        subprocess.run(command, env=self.environment, cwd=ROOT, check=True, stdout=subprocess.PIPE)

    def sign_in(self) -> httpx.Client:
        """A browser that is signed in."""
        client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30)
        found = FORM_TOKEN.search(client.get("/login").text)
        assert found, "the login page has no form"
        login, password = PERSON
        data = {"_csrf_token": found[1], "login": login, "password": password}
        answer = client.post("/login", data=data)
        assert answer.status_code == 303, answer.text
        return client


def up_command(state: Path, port: int, *, by_make: bool) -> list[str]:
    """How a trial is started: by the command of a user, or directly."""
    arguments = ["--state", str(state), "--port", str(port)]
    if by_make:
        return ["make", "--no-print-directory", "run", f"ARGS={' '.join(arguments)}"]
    return [sys.executable, "-m", "appliance.cli", "up", *arguments]


@contextlib.contextmanager
def running(state: Path, *, by_make: bool = False) -> Iterator[House]:
    """Run a trial on a folder; how long it took until a page was served stands in `seconds`."""
    port, log = free_port(), state.parent / "up.log"
    command = up_command(state, port, by_make=by_make)
    started = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, cwd=ROOT)
    try:
        wait_until_served(port, process, log)
        yield House(state, port, process, time.monotonic() - started)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(STOP_SECONDS)


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    """A folder for a trial's data that the database user can enter."""
    made = Path(tempfile.mkdtemp(prefix="ncen-bench-"))
    made.chmod(0o755)
    try:
        yield made / "state"
    finally:
        shutil.rmtree(made, ignore_errors=True)
