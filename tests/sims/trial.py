"""A trial as a person runs it: real processes, a real port, real signals; for tests of `ncen up`."""

from __future__ import annotations

import contextlib
import os
import pwd
import queue
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import httpx

ROOT = Path(__file__).resolve().parents[2]
UNPRIVILEGED = "ncen"  # made by the set-up when root runs it
STOP_SECONDS = 5.0
OPEN_SECONDS = 90.0


class Refusal(NamedTuple):
    """How a command that should not start ended."""

    code: int
    sentence: str
    output: str


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ncen(*arguments: str) -> list[str]:
    """The command."""
    return [sys.executable, "-m", "appliance.cli", *arguments]


def closed_folder() -> Path | None:
    """The first folder above this tree that other people cannot enter, as root's own is."""
    return next((path for path in reversed(ROOT.parents) if not path.stat().st_mode & 0o001), None)


def let_in(closed: Path) -> str:
    """Mounts that leave of a closed folder only this tree, and let everybody go through to it."""
    tree, way = shlex.quote(str(ROOT)), shlex.quote(str(closed))
    return "\n".join(
        (
            f"mount --bind {tree} /mnt",
            f"mount -t tmpfs -o mode=0755 none {way}",
            f"mkdir -p {tree}",
            f"mount --move /mnt {tree}",
        )
    )


def as_person(user: str, command: Sequence[str]) -> list[str]:
    """The command, run by another person (only root can do that)."""
    if not user:
        return list(command)
    theirs = ["setpriv", "--reuid", user, "--regid", user, "--clear-groups", *command]
    closed = closed_folder()
    return with_mounts(let_in(closed), theirs) if closed else theirs


def with_mounts(mounts: str, command: Sequence[str]) -> list[str]:
    """The command in a world where some mounts differ; it sees them, the machine does not."""
    script = f'{mounts}\nexec "$@"'
    if os.geteuid() == 0:
        return ["unshare", "-m", "sh", "-ec", script, "sh", *command]
    back = ["unshare", "--user", f"--map-user={os.geteuid()}", f"--map-group={os.getegid()}"]
    return [
        "unshare",
        "--user",
        "--map-root-user",
        "-m",
        "sh",
        "-ec",
        script,
        "sh",
        *back,
        *command,
    ]


def environment(changes: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """This process's environment, with changes; None removes a name."""
    merged = {**os.environ, "NCEN_CONFIG": None, "PICCOLO_CONF": None, **(changes or {})}
    return {name: value for name, value in merged.items() if value is not None}


def refused(
    *arguments: str,
    user: str = "",
    changes: Mapping[str, str | None] | None = None,
    mounts: str = "",
) -> Refusal:
    """Run a command that should say one sentence and end."""
    command = as_person(user, ncen(*arguments))
    done = subprocess.run(
        with_mounts(mounts, command) if mounts else command,
        env=environment(changes),
        cwd=ROOT,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=60,
        check=False,
    )
    return Refusal(done.returncode, done.stderr, done.stdout)


def processes_of(folder: Path) -> dict[int, str]:
    """Every process that works with a data folder: by its command line or by where it stands."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            command = entry.joinpath("cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
            stands = str(entry.joinpath("cwd").readlink())
            told = entry.joinpath("environ").read_bytes()
        except OSError:
            continue
        named = f"NCEN_CONFIG={folder}/".encode() in told or str(folder) in command
        if command and (named or stands.startswith(str(folder))):
            found[int(entry.name)] = command
    return found


class Trial:
    """One `ncen up`, and what a person at its terminal sees."""

    def __init__(
        self,
        state: Path,
        *arguments: str,
        user: str = "",
        changes: Mapping[str, str | None] | None = None,
        mounts: str = "",
        prefix: Sequence[str] = (),
        shell_ending: str = "",
    ) -> None:
        self.state = state
        self.port = free_port()
        plain = ncen("up", "--state", str(state), "--port", str(self.port), *arguments)
        command = as_person(user, [*prefix, *plain])
        if shell_ending:
            command = ["bash", "-c", f'set -o pipefail; "$@" {shell_ending}', "bash", *command]
        self.process = subprocess.Popen(
            with_mounts(mounts, command) if mounts else command,
            env=environment(changes),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self.lines: list[str] = []
        self.visitors: list[httpx.Client] = []
        self.incoming: queue.Queue[str | None] = queue.Queue()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.incoming.put(line.rstrip("\n"))
        self.incoming.put(None)

    def wait_for(self, words: str, seconds: float = OPEN_SECONDS) -> str:
        """Read along until a line with these words comes."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                line = self.incoming.get(timeout=max(0.01, deadline - time.monotonic()))
            except queue.Empty:
                raise AssertionError("\n".join([f"no “{words}” in:", *self.lines])) from None
            assert line is not None, "\n".join([f"ended without “{words}”:", *self.lines])
            self.lines.append(line)
            if words in line:
                return line

    def wait_until_open(self) -> None:
        """Wait for the end of the opening words."""
        self.wait_for("Data folder: ")

    def get(self, path: str = "/login", seconds: float = 10.0) -> httpx.Response:
        """Ask for a page."""
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=seconds)

    def get_well(self, path: str = "/login", seconds: float = 30.0) -> httpx.Response:
        """Ask for a page until it comes as it should."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                answer = self.get(path)
                if answer.status_code == 200 or time.monotonic() > deadline:
                    return answer
            except httpx.HTTPError:
                assert time.monotonic() < deadline, "no answer"
            time.sleep(0.1)

    def sign_in(self, login: str = "officer") -> httpx.Client:
        """A visitor who has signed in with one of the demo accounts."""
        visitor = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=20)
        token = visitor.get("/login").text.split('name="_csrf_token" value="')[1].split('"')[0]
        password = next(line.split()[1] for line in self.lines if line.startswith(login + " "))
        answer = visitor.post(
            "/login", data={"_csrf_token": token, "login": login, "password": password}
        )
        assert answer.status_code == 303, answer.text
        self.visitors.append(visitor)
        return visitor

    def ask(self, sql: str) -> str:
        """What the database says, as its owner."""
        settings = tomllib.loads((self.state / "settings.toml").read_text(encoding="utf-8"))
        done = subprocess.run(
            [
                "psql",
                "-XAtq",
                "-h",
                settings["run_dir"],
                "-U",
                "ncen_owner",
                "-d",
                "ncen",
                "-c",
                sql,
            ],
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    def child(self, words: str) -> int:
        """The process id of one of its children, by words of its command line."""
        found = [pid for pid, command in self.children().items() if words in command]
        assert len(found) == 1, (words, self.children())
        return found[0]

    def wait_for_children(self, number: int) -> None:
        """Wait until so many processes work for it."""
        deadline = time.monotonic() + OPEN_SECONDS
        while len(processes_of(self.state)) < number:
            assert time.monotonic() < deadline, processes_of(self.state)
            time.sleep(0.05)

    def children(self) -> dict[int, str]:
        """Its own children."""
        found = {}
        for pid in (
            Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        ):
            command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            found[int(pid)] = command.strip()
        return found

    def backends(self) -> list[int]:
        """The database's processes that serve web and work."""
        return [
            int(pid)
            for pid in self.ask(
                "SELECT pid FROM pg_stat_activity WHERE application_name = 'ncen'"
            ).split()
        ]

    def kill(self) -> None:
        """End the parent without a word."""
        self.process.kill()
        self.process.wait(10)

    def kill_all(self) -> None:
        """End every process of it at once, as a power cut does."""
        found = [self.process.pid, *processes_of(self.state)]
        for pid in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait(10)

    def stop(self, number: signal.Signals = signal.SIGINT) -> float:
        """Ask it to end; return after how many seconds it had."""
        begun = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(30)
        self.reader.join(5)
        while (line := self.incoming.get(timeout=5)) is not None:
            self.lines.append(line)
        return time.monotonic() - begun

    def close(self) -> None:
        """Leave nothing running, whatever the test did."""
        for visitor in self.visitors:
            visitor.close()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5)
        assert self.process.stdout is not None
        self.reader.join(10)
        self.process.stdout.close()


def wait_until_nobody(folder: Path, seconds: float = 8.0) -> dict[int, str]:
    """Wait until no process works with a data folder; return those that still do."""
    deadline = time.monotonic() + seconds
    while (left := processes_of(folder)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def callers() -> list[str]:
    """Who can run a trial here: the person who runs the tests, and for root somebody without privileges."""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return ["", UNPRIVILEGED] if os.geteuid() == 0 and UNPRIVILEGED in names else [""]
