"""The parent of a trial: starts PostgreSQL, web and work, starts again what dies, and ends all of it on Ctrl-C."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from appliance.core.errors import CannotStart
from appliance.core.files import free_bytes, write_atomically
from appliance.core.i18n import N_, translate
from appliance.trial import cluster, steps, stopping
from appliance.trial.children import Child, bound, end, plain_environment
from appliance.trial.commands import CLONE
from appliance.trial.places import Places, find_places, sweep, usable
from appliance.trial.steps import ncen, say

HOST = "127.0.0.1"
SERVICES_SECONDS = 3.2  # web and work end within this time after Ctrl-C,
DATABASE_SECONDS = 4.5  # and all of it within this
DATABASE_START_SECONDS = 60  # crash recovery after a power cut may take a while
DATABASE_ATTEMPTS = 4  # the last processes of a killed server may still hold its memory
READY_SECONDS = 90
WATCH_SECONDS = 0.1
FULL_DISK_BYTES = 24 << 20  # PostgreSQL needs one file of 16 MB to go on
LOCK_BYTES = 200
ANSWER_BYTES = 64


@dataclass(slots=True)
class Trial:
    """One running trial."""

    places: Places
    port: int
    demo: bool
    environment: dict[str, str] = field(default_factory=dict)
    database: list[Child] = field(default_factory=list)
    services: list[Child] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where a browser finds it."""
        return f"http://{HOST}:{self.port}/"


def reserve_port(port: int) -> socket.socket:
    """A listening socket; bound by the parent, so that a restarted web process loses no visitor.

    Raises:
        CannotStart: the port is in use or not allowed.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(512)
    except PermissionError as error:
        listener.close()
        raise CannotStart(
            N_("Port %(port)s may be used by root alone. Choose one above 1023 with --port."),
            port=port,
        ) from error
    except OSError as error:
        listener.close()
        raise CannotStart(
            N_(
                "Port %(port)s cannot be used (%(reason)s). Stop the other program, or choose another port with --port."
            ),
            port=port,
            reason=error.strerror or str(error),
        ) from error
    return listener


@contextlib.contextmanager
def only_parent(state: Path, url: str) -> Iterator[None]:
    """Hold the data folder; the lock goes with the process, however it ends.

    Raises:
        CannotStart: another parent runs on the same folder.
    """
    with usable(state):
        handle = os.open(state / "up.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        noted = os.read(handle, LOCK_BYTES).decode("ascii", "replace")
        os.close(handle)
        raise CannotStart(
            N_("nCEN already runs on the data folder %(path)s (%(where)s)."),
            path=str(state),
            where=noted,
        ) from error
    try:
        os.ftruncate(handle, 0)
        os.write(handle, url.encode("ascii"))
        yield
    finally:
        os.close(handle)


def write_settings(trial: Trial) -> None:
    """Write what the processes read; JSON strings are valid TOML strings, if nothing in them is escaped twice.

    Raises:
        OSError: the disk is full.
    """
    values: dict[str, object] = {
        "state_dir": str(trial.places.state),
        "run_dir": str(trial.places.run),
        "port": trial.port,
        "demo": trial.demo,
        "log_json": False,
    }
    if trial.demo:
        # The passwords of the demo are known to everybody; a second factor would only be in the way.
        values["second_factor_roles"] = []
    lines = [
        f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in values.items()
    ]
    write_atomically(trial.places.settings, "".join(lines).encode())


def service_environment(places: Places) -> dict[str, str]:
    """The caller's environment, without what the database driver and the ORM would read from it."""
    own = {
        "NCEN_CONFIG": str(places.settings),
        "NCEN_DB_ROLE": steps.ORDINARY_ROLE,
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(places.temporary),
    }
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PG", "PICCOLO_"))
    }
    if (CLONE / "pyproject.toml").exists():
        own["PYTHONPATH"] = str(CLONE)  # the same code as the parent's, even while a set-up runs
    return kept | own


def start_database(trial: Trial) -> None:
    """Start PostgreSQL and wait until it answers.

    Raises:
        CannotStart: it ended or did not answer in time.
        Stopped: somebody asked to end.
    """
    child = Child(
        "PostgreSQL",
        cluster.server_command(trial.places),
        trial.places.logs / "postgresql.log",
        plain_environment(),
        stop_signal=signal.SIGINT,
        last_resort=signal.SIGQUIT,
    )
    trial.database.append(child)
    child.start()
    attempts = 1
    deadline = time.monotonic() + DATABASE_START_SECONDS
    while not cluster.is_ready(trial.places):
        stopping.pause(cluster.POLL_SECONDS)
        if not child.alive and attempts < DATABASE_ATTEMPTS:
            attempts += 1
            stopping.pause(1.0)
            child.start()
        elif not child.alive or time.monotonic() > deadline:
            raise steps.failed(child)


def make_services(trial: Trial, listener: socket.socket, gate: int) -> None:
    """Declare web and work. Web may load while the database starts; it serves once the gate is closed behind it."""
    handle = listener.fileno()
    serve = ncen("serve", "--fd", str(handle), "--gate", str(gate))
    for name, command, descriptors in (
        ("web", serve, (handle, gate)),
        ("work", ncen("work"), ()),
    ):
        log = trial.places.logs / f"{name}.log"
        trial.services.append(
            Child(name, bound("", *command), log, trial.environment, descriptors=descriptors)
        )


def ask_health(port: int) -> socket.socket:
    """Ask the application whether it is ready; the listening socket keeps the question until web is there."""
    visitor = socket.create_connection((HOST, port), timeout=READY_SECONDS)
    visitor.sendall(b"GET /health HTTP/1.1\r\nHost: ncen\r\nConnection: close\r\n\r\n")
    visitor.settimeout(stopping.TICK_SECONDS)
    return visitor


def wait_until_served(trial: Trial) -> None:
    """Wait until the application answers that it is ready.

    Raises:
        CannotStart: it did not within the time, or it gave up.
        Stopped: somebody asked to end.
    """
    deadline = time.monotonic() + READY_SECONDS
    web = trial.services[0]
    answer = b""
    while b" 200 " not in answer:
        with contextlib.suppress(ConnectionError), ask_health(trial.port) as visitor:
            answer = b""
            while not answer:
                stopping.check()
                if web.gave_up or time.monotonic() > deadline:
                    raise steps.failed(web)
                watch(trial)
                with contextlib.suppress(TimeoutError):
                    answer = visitor.recv(ANSWER_BYTES) or b"closed"
        stopping.pause()


def watch(trial: Trial) -> None:
    """Start again what died."""
    for child in (*trial.database, *trial.services):
        if child.revive():
            say(translate(N_("%(name)s ended; it is being started again."), name=child.name))
            if free_bytes(trial.places.state) < FULL_DISK_BYTES:
                say(
                    translate(
                        N_(
                            "The disk of %(path)s is full. Free some space; the rest goes by itself."
                        ),
                        path=str(trial.places.state),
                    )
                )


def stop_all(trial: Trial) -> None:
    """End web and work, then the database; what does not listen is killed."""
    begun = time.monotonic()
    end(trial.services, begun + SERVICES_SECONDS)
    end(trial.database, begun + DATABASE_SECONDS)


def open_house(trial: Trial, listener: socket.socket) -> None:
    """Bring the database up and to this release, then let the services in.

    Raises:
        CannotStart: something did not start.
        Stopped: somebody asked to end.
    """
    is_new = not trial.places.cluster.exists()
    cluster.binaries(trial.places.cluster)
    say(translate(N_("Making the database.") if is_new else N_("Starting nCEN.")))
    cluster.end_left_server(trial.places)
    cluster.make_cluster(trial.places)
    closed, gate = os.pipe()
    try:
        make_services(trial, listener, closed)
        web, work = trial.services
        web.start()
        start_database(trial)
        if is_new:
            say(translate(N_("Preparing the database.")))
        cluster.prepare_database(trial.places)
        steps.run_step(trial.places, trial.environment, "migrate", "--quick")
        if trial.demo:
            if is_new:
                say(translate(N_("Making accounts and synthetic cases.")))
            steps.run_step(trial.places, trial.environment, "demo", "start")
    finally:
        os.close(gate)
    wait_until_served(trial)
    work.start()


def announce(trial: Trial) -> None:
    """Say where the application is and how to get in.

    Raises:
        CannotStart: the accounts could not be read.
        Stopped: somebody asked to end.
    """
    listing = ("demo", "accounts") if trial.demo else ("user", "first-links")
    text = steps.run_step(trial.places, trial.environment, *listing)
    say("")
    say(translate(N_("nCEN runs at %(url)s"), url=trial.url))
    say(text.rstrip())
    say(
        translate(
            N_("Data folder: %(path)s. Ctrl-C ends it; the data stay."),
            path=str(trial.places.state),
        )
    )


def run_trial(trial: Trial, listener: socket.socket) -> None:
    """Open the house and keep it open until somebody asks to end.

    Raises:
        CannotStart: something did not start; what was started is stopped again.
    """
    try:
        sweep(trial.places.state)
        write_settings(trial)
        open_house(trial, listener)
        announce(trial)
        while True:
            stopping.pause(WATCH_SECONDS)
            watch(trial)
    except stopping.Stopped:
        say(translate(N_("Stopping.")))
    finally:
        stop_all(trial)


def up(state: str | None, port: int, *, demo: bool, default_state: Path) -> int:
    """Run a trial until somebody ends it; return the exit code.

    Raises:
        CannotStart: something it needs is missing; what was started is stopped again.
    """
    stopping.listen()
    os.umask(0o022)  # the database user must be able to pass through what is made above the data
    try:
        places, moved = find_places(state, default_state)
        if moved:
            say(
                translate(
                    N_(
                        "The database user cannot enter %(path)s, so the data are kept in %(state)s."
                    ),
                    path=str(default_state),
                    state=str(places.state),
                )
            )
        trial = Trial(places, port, demo, service_environment(places))
        with (
            usable(places.state),
            only_parent(places.state, trial.url),
            contextlib.closing(reserve_port(port)) as listener,
        ):
            run_trial(trial, listener)
    except stopping.Stopped:
        return 0
    return 0
