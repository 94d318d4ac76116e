"""The parent of a trial: starts PostgreSQL, web and work, starts again what dies, and ends all of it on Ctrl-C."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import TextIO

from appliance.core.errors import CannotStart
from appliance.core.i18n import N_, translate
from appliance.trial import cluster
from appliance.trial.places import Places, as_user, find_places

GRACE_SECONDS = 3.5  # all of it ends within 5 s
READY_SECONDS = 90
RESTART_SECONDS = 1.0  # pause before a process that died is started again
TICK_SECONDS = 0.1
DATABASE_OPENING_SECONDS = 30


@dataclass(slots=True)
class Child:
    """A process of the trial."""

    name: str
    command: list[str]
    log: TextIO
    stop_signal: signal.Signals
    descriptors: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    restart_at: float = 0.0

    def start(self, environment: dict[str, str]) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches the parent alone."""
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            env=environment,
            cwd="/",
            pass_fds=self.descriptors,
            start_new_session=True,
        )

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def send(self, number: signal.Signals) -> None:
        """Send a signal, if it still runs."""
        if self.process is not None and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                self.process.send_signal(number)


@dataclass(slots=True)
class Trial:
    """One running trial."""

    places: Places
    port: int
    demo: bool
    environment: dict[str, str] = field(default_factory=dict)
    children: list[Child] = field(default_factory=list)
    stopping: bool = False

    def ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        """The handler of Ctrl-C and of a polite end."""
        self.stopping = True


def say(text: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def ncen(*arguments: str) -> list[str]:
    """A command of this same program."""
    return [sys.executable, "-m", "appliance.cli", *arguments]


def reserve_port(host: str, port: int) -> socket.socket:
    """A listening socket; bound by the parent, so that a restarted web process loses no visitor.

    Raises:
        CannotStart: the port is in use or not allowed.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(512)
    except (OSError, OverflowError) as error:
        listener.close()
        raise CannotStart(
            N_(
                "Port %(port)s cannot be used (%(reason)s). Stop the other program, or choose another port with --port."
            ),
            port=port,
            reason=getattr(error, "strerror", None) or str(error),
        ) from error
    return listener


@contextlib.contextmanager
def only_parent(state: Path) -> Iterator[None]:
    """Hold the data folder; the lock goes with the process, however it ends.

    Raises:
        CannotStart: another parent runs on the same folder.
    """
    with (state / "up.lock").open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotStart(
                N_("nCEN already runs on the data folder %(path)s."), path=str(state)
            ) from error
        yield


def write_settings(trial: Trial) -> None:
    """Write what the processes read; JSON strings are valid TOML strings."""
    values = {
        "state_dir": str(trial.places.state),
        "run_dir": str(trial.places.run),
        "port": trial.port,
        "demo": trial.demo,
        "log_json": False,
        "second_factor_roles": [],
    }
    text = "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items())
    trial.places.settings.write_text(text, encoding="utf-8")


def run_step(trial: Trial, *arguments: str, role: str = "ncen_app") -> None:
    """Run one command of ours to its end; its words go to the terminal.

    Raises:
        CannotStart: it failed.
    """
    process = subprocess.Popen(
        as_user("", *ncen(*arguments)),
        env={**trial.environment, "NCEN_DB_ROLE": role},
        start_new_session=True,
        cwd="/",
    )
    while process.poll() is None and not trial.stopping:
        time.sleep(TICK_SECONDS / 4)
    if trial.stopping:
        process.terminate()
        process.wait()
    elif process.returncode:
        raise CannotStart(
            N_("“ncen %(command)s” failed; what it said stands above."), command=" ".join(arguments)
        )


def start_database(trial: Trial) -> None:
    """Start PostgreSQL and wait until it answers.

    Raises:
        CannotStart: it ended or did not answer in time.
    """
    cluster.wait_until_gone(trial.places)
    cluster.make_cluster(trial.places)
    log = (trial.places.logs / "postgresql.log").open("a", encoding="utf-8")
    child = Child("PostgreSQL", cluster.server_command(trial.places), log, signal.SIGINT)
    child.start({"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"})
    trial.children.append(child)
    deadline = time.monotonic() + cluster.START_SECONDS
    while not cluster.is_ready(trial.places) and not trial.stopping:
        if not child.alive or time.monotonic() > deadline:
            raise CannotStart(
                N_("The database did not start. The last lines of %(path)s say why."),
                path=str(trial.places.logs / "postgresql.log"),
            )
        time.sleep(cluster.POLL_SECONDS)


def start_services(trial: Trial, listener: socket.socket) -> None:
    """Start web and work."""
    handle = listener.fileno()
    for name, command, descriptors in (
        ("web", ncen("serve", "--fd", str(handle)), (handle,)),
        ("work", ncen("work"), ()),
    ):
        log = (trial.places.logs / f"{name}.log").open("a", encoding="utf-8")
        child = Child(name, as_user("", *command), log, signal.SIGTERM, descriptors)
        child.start(trial.environment)
        trial.children.append(child)


def wait_until_served(trial: Trial) -> None:
    """Wait until the application answers that it is ready.

    Raises:
        CannotStart: it did not within the time.
    """
    deadline = time.monotonic() + READY_SECONDS
    while not trial.stopping:
        with (
            contextlib.suppress(OSError),
            urllib.request.urlopen(f"http://127.0.0.1:{trial.port}/health", timeout=2) as answer,
        ):
            if answer.status == 200:  # noqa: PLR2004 - HTTP's own number
                return
        if time.monotonic() > deadline:
            raise CannotStart(
                N_("The application did not answer. The last lines of %(path)s say why."),
                path=str(trial.places.logs / "web.log"),
            )
        revive(trial)
        time.sleep(TICK_SECONDS / 2)


def revive(trial: Trial) -> None:
    """Start again what died, after a pause; the database first gets time to recover."""
    for child in trial.children:
        if child.alive:
            child.restart_at = 0.0
        elif not child.restart_at:
            say(translate(N_("%(name)s ended; it is being started again."), name=child.name))
            child.restart_at = time.monotonic() + RESTART_SECONDS
        elif time.monotonic() >= child.restart_at:
            child.restart_at = 0.0
            child.start(
                {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}
                if child.stop_signal is signal.SIGINT
                else trial.environment
            )


def stop_all(trial: Trial) -> None:
    """End web and work, then the database; what does not listen is killed."""
    services, databases = trial.children[1:], trial.children[:1]
    deadline = time.monotonic() + GRACE_SECONDS
    for group, last_resort in ((services, signal.SIGKILL), (databases, signal.SIGQUIT)):
        for child in group:
            child.send(child.stop_signal)
        while any(child.alive for child in group) and time.monotonic() < deadline:
            time.sleep(TICK_SECONDS / 4)
        for child in group:
            child.send(last_resort)
            if child.process is not None:
                child.process.wait()
        deadline += 1.0
    for child in trial.children:
        child.log.close()


def open_house(trial: Trial, listener: socket.socket) -> None:
    """Bring the database up and to this release, then start the services."""
    start_database(trial)
    cluster.prepare_database(trial.places)
    run_step(trial, "migrate", "--quick", role="ncen_migrate")
    if trial.demo and not trial.stopping:
        run_step(trial, "demo", "start")
    if not trial.stopping:
        start_services(trial, listener)
        wait_until_served(trial)


def announce(trial: Trial) -> None:
    """Say where the application is and how to get in."""
    if trial.stopping:
        return
    say("")
    say(translate(N_("nCEN runs at %(url)s"), url=f"http://127.0.0.1:{trial.port}/"))
    run_step(trial, "demo", "accounts") if trial.demo else run_step(trial, "user", "first-links")
    say(
        translate(
            N_("Data folder: %(path)s. Ctrl-C ends it; the data stay."),
            path=str(trial.places.state),
        )
    )


def up(state: str | None, port: int, *, demo: bool, default_state: Path) -> int:
    """Run a trial until somebody ends it; return the exit code.

    Raises:
        CannotStart: something it needs is missing; what was started is stopped again.
    """
    places, moved = find_places(state, default_state)
    if moved:
        say(
            translate(
                N_("The database user cannot enter %(path)s, so the data are kept in %(state)s."),
                path=str(default_state),
                state=str(places.state),
            )
        )
    with only_parent(places.state), contextlib.closing(reserve_port("127.0.0.1", port)) as listener:
        trial = Trial(places, port, demo)
        trial.environment = {**os.environ, "NCEN_CONFIG": str(places.settings)}
        write_settings(trial)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, trial.ask_to_stop)
        try:
            open_house(trial, listener)
            announce(trial)
            while not trial.stopping:
                time.sleep(TICK_SECONDS)
                revive(trial)
            say(translate(N_("Stopping.")))
        finally:
            stop_all(trial)
    return 0
