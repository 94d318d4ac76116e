"""A private PostgreSQL cluster: made once, reached over a unix socket only, with the same roles as on a server."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import time
from pathlib import Path

from appliance.core.errors import CannotStart
from appliance.core.files import sync_folder, write_atomically
from appliance.core.i18n import N_
from appliance.trial import logs, stopping
from appliance.trial.children import bound, run
from appliance.trial.places import Places, caller

SERVERS = Path("/usr/lib/postgresql")
OLDEST_MAJOR = 15
LEFT_SERVER_SECONDS = 3.0  # a server whose parent was killed ends by itself in less
# How a left server is ended: politely, at once, by force; each with its own time.
FAREWELLS = ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
POLL_SECONDS = 0.05
ROLES = ("ncen_owner", "ncen_migrate", "ncen_app", "ncen_read")
EXTENSIONS = ("pg_trgm", "unaccent", "fuzzystrmatch", "btree_gin", "pg_stat_statements", "amcheck")
CONFIGURATION = """\
# Written at every start.
listen_addresses = ''
unix_socket_directories = '{run}'
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
random_page_cost = 1.1
jit = off
shared_preload_libraries = 'pg_stat_statements'
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = warning
log_error_verbosity = terse
lc_messages = 'C'
"""
PREPARATION = """\
{roles}
SELECT 'CREATE DATABASE ncen OWNER ncen_migrate'
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'ncen') \\gexec
\\connect ncen
SET client_min_messages = error;
{extensions}
REVOKE ALL ON DATABASE ncen FROM PUBLIC;
GRANT CONNECT ON DATABASE ncen TO ncen_app, ncen_read;
"""


def major_of(cluster: Path) -> int:
    """The major version of PostgreSQL that made a cluster.

    Raises:
        CannotStart: this is no cluster.
    """
    try:
        return int((cluster / "PG_VERSION").read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise CannotStart(
            N_("%(path)s is not a PostgreSQL data folder. Nothing was changed."), path=str(cluster)
        ) from error


def installed() -> dict[int, Path]:
    """The installed servers that are new enough, by major version."""
    found = {path.parent for path in SERVERS.glob("*/bin/initdb")}
    majors = {int(path.parent.name): path for path in found if path.parent.name.isdecimal()}
    return {major: path for major, path in majors.items() if major >= OLDEST_MAJOR}


def binaries(cluster: Path) -> Path:
    """The programs for a cluster: those that made it, or the newest if there is none yet.

    Raises:
        CannotStart: the server it needs is not installed.
    """
    servers = installed()
    if not servers:
        raise CannotStart(
            N_("PostgreSQL is not installed. Run “make setup”, or install the package postgresql.")
        )
    if not cluster.exists():
        return servers[max(servers)]
    made_by = major_of(cluster)
    if made_by not in servers:
        raise CannotStart(
            N_(
                "The database was made by PostgreSQL %(found)s, and version %(installed)s is installed. Nothing was changed. Install the package postgresql-%(found)s, then start again."
            ),
            found=made_by,
            installed=max(servers),
        )
    return servers[made_by]


def write_for(user: str, path: Path, text: str) -> None:
    """Write a file of the cluster and give it to the database user, never through a link."""
    write_atomically(path, text.encode())
    hand_over(path, user)


def hand_over(path: Path, user: str) -> None:
    """Give a file or folder to the database user, if there is one beside the caller."""
    if user:
        entry = pwd.getpwnam(user)
        os.chown(path, entry.pw_uid, entry.pw_gid, follow_symlinks=False)


def configure(places: Places, folder: Path) -> None:
    """Write who may connect and how the server runs.

    Raises:
        OSError: the disk is full, or the folder is damaged.
    """
    user = places.database_user
    callers = sorted({caller(), user or caller()})
    mapping = "".join(f'ncen "{name}" {role}\n' for name in callers for role in ROLES)
    write_for(user, folder / "pg_hba.conf", "local all all peer map=ncen\n")
    write_for(user, folder / "pg_ident.conf", mapping)
    write_for(user, folder / "ncen.conf", CONFIGURATION.format(run=places.run))
    main = (folder / "postgresql.conf").read_text(encoding="utf-8")
    if "\ninclude 'ncen.conf'\n" not in main:
        write_for(user, folder / "postgresql.conf", main + "\ninclude 'ncen.conf'\n")


def make_cluster(places: Places) -> None:
    """Make the cluster if there is none. It gets its name last, so a kill leaves nothing half made.

    Raises:
        CannotStart: initdb failed, for example because the disk is full.
        OSError: the disk is full, or the folder is damaged.
        Stopped: somebody asked to end.
    """
    programs = binaries(places.cluster)
    if places.cluster.exists():
        configure(places, places.cluster)
        return
    fresh = places.state / "pg.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    hand_over(fresh, places.database_user)
    command = [str(programs / "initdb"), "-D", str(fresh), "-U", "ncen_owner", "-E", "UTF8"]
    command += ["--locale=C.UTF-8", "--data-checksums", "--auth=peer", "--no-instructions"]
    made = run(bound(places.database_user, *command))
    if made.code:
        shutil.rmtree(fresh, ignore_errors=True)
        raise CannotStart(
            N_("The database could not be made (%(reason)s). What was begun is removed again."),
            reason=logs.reason(made.complaint.splitlines()),
        )
    configure(places, fresh)
    fresh.rename(places.cluster)
    sync_folder(places.state)


def server_command(places: Places) -> list[str]:
    """The command that runs the server in the foreground."""
    program = str(binaries(places.cluster) / "postgres")
    # The polite signal would wait for every client; this one ends their sessions.
    return bound(places.database_user, program, "-D", str(places.cluster), farewell=signal.SIGINT)


def is_ready(places: Places) -> bool:
    """Whether the server answers."""
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as probe:
        try:
            probe.connect(str(places.run / ".s.PGSQL.5432"))
        except OSError:
            return False
    program = str(binaries(places.cluster) / "pg_isready")
    return run([program, "-q", "-h", str(places.run)]).code == 0


def left_server(places: Places) -> int:
    """The process of a server that still works on this data folder, or 0.

    The file with its number may be old and the number somebody else's by now: what counts is where it works.
    """
    try:
        with (places.cluster / "postmaster.pid").open("rb") as stream:
            pid = int(stream.readline(20))
        works_here = Path(f"/proc/{pid}/cwd").samefile(places.cluster)
    except (OSError, ValueError):
        return 0
    return pid if works_here else 0


def wait_until_gone(places: Places, seconds: float) -> bool:
    """Whether no server works on this data folder any more, or has stopped doing so within some seconds.

    Raises:
        Stopped: somebody asked to end.
    """
    deadline = time.monotonic() + seconds
    while left_server(places):
        if time.monotonic() > deadline:
            return False
        stopping.pause(POLL_SECONDS)
    return True


def forget_left_number(places: Places) -> None:
    """Remove the number of a server that is gone, if somebody else has it by now.

    PostgreSQL takes every process of its own user with that number for the server and does not start.
    Numbers that nobody has, and processes that we may not look at, it judges right by itself.
    """
    path = places.cluster / "postmaster.pid"
    try:
        with path.open("rb") as stream:
            pid = int(stream.readline(20))
        works_here = Path(f"/proc/{pid}/cwd").samefile(places.cluster)
    except ValueError:  # cut short as the machine lost its power
        works_here = False
    except OSError:
        return
    if not works_here:
        path.unlink(missing_ok=True)


def end_left_server(places: Places) -> None:
    """Wait for a server whose parent was killed, and end it if it does not end by itself.

    Raises:
        CannotStart: it is still there.
        Stopped: somebody asked to end.
    """
    if wait_until_gone(places, LEFT_SERVER_SECONDS):
        forget_left_number(places)
        return
    for number, seconds in FAREWELLS:
        pid = left_server(places)
        if pid:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)
        if wait_until_gone(places, seconds):
            forget_left_number(places)
            return
    raise CannotStart(
        N_(
            "Another database server (process %(pid)s) still uses this data folder. End it, then start again."
        ),
        pid=left_server(places),
    )


def prepare_database(places: Places) -> None:
    """Roles, database and extensions; each only if missing, all as the cluster's owner.

    Raises:
        CannotStart: a statement failed.
        Stopped: somebody asked to end.
    """
    roles = "".join(
        f"DO $$ BEGIN CREATE ROLE {role} LOGIN INHERIT;"
        " EXCEPTION WHEN duplicate_object THEN NULL; END $$;\n"
        for role in ROLES[1:]
    )
    extensions = "".join(f"CREATE EXTENSION IF NOT EXISTS {name};\n" for name in EXTENSIONS)
    command = [str(binaries(places.cluster) / "psql"), "-XAtq", "-v", "ON_ERROR_STOP=1"]
    command += ["-h", str(places.run), "-U", "ncen_owner", "-d", "postgres"]
    done = run(bound("", *command), PREPARATION.format(roles=roles, extensions=extensions))
    if done.code:
        raise CannotStart(
            N_("The database could not be prepared (%(reason)s). What it held is kept."),
            reason=logs.reason(done.complaint.splitlines()),
        )
