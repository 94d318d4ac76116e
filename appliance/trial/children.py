"""Processes of a trial: each ends when the parent ends, however that happens.

Each has a session of its own, so that Ctrl-C in the terminal reaches the parent alone.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from appliance.core.errors import CannotStart
from appliance.core.i18n import N_
from appliance.trial import logs, stopping

STEADY_SECONDS = 30  # a process that ran this long may be started again at once
FIRST_PAUSE_SECONDS = 0.5
LAST_PAUSE_SECONDS = 10.0
LAST_RESORT_SECONDS = 1.0
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# The parent may end between the fork and the moment when the kernel knows that its death matters.
IF_PARENT_LIVES = 'test "$PPID" = "$0" && exec "$@"'


class Ended(NamedTuple):
    """How a process ended."""

    code: int
    output: str
    complaint: str


def bound(user: str, *command: str, farewell: signal.Signals = signal.SIGTERM) -> list[str]:
    """A command that runs as a user (empty: the caller) and gets `farewell` when this process ends.

    Raises:
        CannotStart: Debian's program for that is not there.
    """
    program = shutil.which("setpriv", path=os.environ.get("PATH", "") + ":" + SYSTEM_PATH)
    if program is None:
        raise CannotStart(
            N_("The program setpriv is missing. Install the package util-linux, then start again.")
        )
    switch = ["--reuid", user, "--regid", user, "--clear-groups"] if user else []
    watch = ["--pdeathsig", farewell.name.removeprefix("SIG")]
    return [program, *switch, *watch, "/bin/sh", "-c", IF_PARENT_LIVES, str(os.getpid()), *command]


def plain_environment() -> dict[str, str]:
    """What PostgreSQL's programs are given: nothing that a person's own settings could bend."""
    return {"PATH": SYSTEM_PATH, "LC_ALL": "C.UTF-8"}


def in_memory(text: str = "") -> BinaryIO:
    """A file that no full disk can cut short, with a text to read."""
    stream = os.fdopen(os.memfd_create("ncen"), "w+b")
    stream.write(text.encode())
    stream.seek(0)
    return stream


def text_of(stream: BinaryIO) -> str:
    """All that was written to such a file."""
    stream.seek(0)
    return stream.read().decode("utf-8", "replace").strip()


def run(
    command: Sequence[str],
    given: str = "",
    environment: Mapping[str, str] | None = None,
    complaints: int | None = None,
) -> Ended:
    """Run a program to its end; `complaints` is where its standard error goes instead of into the result.

    Raises:
        Stopped: somebody asked to end; the program was killed, with the helpers of its own.
    """
    with in_memory(given) as source, in_memory() as output, in_memory() as complaint:
        process = subprocess.Popen(
            command,
            stdin=source,
            stdout=output,
            stderr=complaint if complaints is None else complaints,
            env=environment or plain_environment(),
            cwd="/",
            start_new_session=True,
        )
        try:
            wait_for(process)
        except stopping.Stopped:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        return Ended(process.returncode, text_of(output), text_of(complaint))


def wait_for(process: subprocess.Popen[bytes]) -> None:
    """Wait for the end of a program, looking often at first; most of ours take milliseconds.

    Raises:
        Stopped: somebody asked to end.
    """
    seconds = stopping.TICK_SECONDS / 16
    while process.poll() is None:
        stopping.pause(seconds)
        seconds = min(seconds * 1.5, stopping.TICK_SECONDS)


def next_pause(before: float, ran_seconds: float) -> float:
    """How long to wait before a process that died is started again: longer if it dies again and again."""
    if ran_seconds >= STEADY_SECONDS or before == 0:
        return FIRST_PAUSE_SECONDS
    return min(before * 2, LAST_PAUSE_SECONDS)


@dataclass(slots=True)
class Child:
    """A process that runs as long as the trial."""

    name: str
    command: list[str]
    log: Path
    environment: dict[str, str]
    stop_signal: signal.Signals = signal.SIGTERM
    last_resort: signal.Signals = signal.SIGKILL
    descriptors: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    log_start: int = 0
    pause: float = 0.0
    restart_at: float = 0.0

    def start(self) -> None:
        """Start it."""
        handle = logs.open_log(self.log)
        self.log_start = logs.size_of(self.log)
        self.started_at = time.monotonic()
        self.restart_at = 0.0
        try:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=handle,
                stderr=handle,
                env=self.environment,
                cwd="/",
                pass_fds=self.descriptors,
                start_new_session=True,
            )
        finally:
            os.close(handle)

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    @property
    def gave_up(self) -> bool:
        """Whether it ended of its own will with an error, not by a signal."""
        return self.process is not None and (self.process.poll() or 0) > 0

    def reason(self) -> str:
        """What it said last since it was started."""
        return logs.reason(logs.last_lines(self.log, self.log_start))

    def send(self, number: signal.Signals) -> None:
        """Send a signal, if it still runs."""
        if self.process is not None and self.alive:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                self.process.send_signal(number)

    def revive(self) -> bool:
        """Start it again if it died and its pause is over; return whether a death was just noticed."""
        if self.process is None or self.alive:
            return False
        moment = time.monotonic()
        if not self.restart_at:
            self.pause = next_pause(self.pause, moment - self.started_at)
            self.restart_at = moment + self.pause
            # Somebody who reads along needs to hear it once, not at every vain attempt.
            return self.pause == FIRST_PAUSE_SECONDS
        if moment >= self.restart_at:
            self.start()
        return False


def end(children: Sequence[Child], deadline: float) -> None:
    """End some children; at the deadline what still runs gets its last resort."""
    for child in children:
        child.send(child.stop_signal)
    wait_for_end(children, deadline)
    for child in children:
        child.send(child.last_resort)
    wait_for_end(children, time.monotonic() + LAST_RESORT_SECONDS)


def wait_for_end(children: Sequence[Child], deadline: float) -> None:
    """Wait until none of them runs, but not beyond the deadline."""
    while any(child.alive for child in children) and time.monotonic() < deadline:
        stopping.rest(stopping.TICK_SECONDS / 2)
