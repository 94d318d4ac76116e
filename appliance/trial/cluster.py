"""A private PostgreSQL cluster: made once, reached over a unix socket only, with the same roles as on a server."""

from __future__ import annotations

import getpass
import os
import pwd
import re
import shutil
import subprocess
import time
from pathlib import Path

from appliance.core.errors import CannotStart
from appliance.core.files import sync_folder
from appliance.core.i18n import N_
from appliance.trial.places import Places, as_user

START_SECONDS = 60  # crash recovery after a power cut may take a while
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
lc_messages = 'C'
"""


def binaries() -> Path:
    """The folder of the newest installed PostgreSQL server.

    Raises:
        CannotStart: none is installed.
    """
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if not found:
        raise CannotStart(
            N_("PostgreSQL is not installed. Run “make setup”, or install the package postgresql.")
        )
    return max(found, key=lambda path: int(re.sub(r"\D", "", path.parent.name) or 0))


def configure(places: Places, folder: Path) -> None:
    """Write who may connect and how the server runs."""
    callers = {getpass.getuser(), places.database_user or getpass.getuser()}
    mapping = "".join(f"ncen {user} {role}\n" for user in sorted(callers) for role in ROLES)
    files = {
        "pg_hba.conf": "local all all peer map=ncen\n",
        "pg_ident.conf": mapping,
        "ncen.conf": CONFIGURATION.format(run=places.run),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
        hand_over(folder / name, places.database_user)
    main = folder / "postgresql.conf"
    if "ncen.conf" not in main.read_text(encoding="utf-8"):
        with main.open("a", encoding="utf-8") as stream:
            stream.write("\ninclude 'ncen.conf'\n")


def hand_over(path: Path, user: str) -> None:
    """Give a file or folder to the database user, if there is one beside the caller."""
    if user:
        entry = pwd.getpwnam(user)
        os.chown(path, entry.pw_uid, entry.pw_gid)


def check_version(cluster: Path, wanted: int) -> None:
    """Refuse a cluster that another major version of PostgreSQL made.

    Raises:
        CannotStart: the versions differ, or this is no cluster.
    """
    try:
        found = int((cluster / "PG_VERSION").read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        raise CannotStart(
            N_("%(path)s is not a PostgreSQL data folder. Nothing was changed."), path=str(cluster)
        ) from error
    if found != wanted:
        raise CannotStart(
            N_(
                "The database was made by PostgreSQL %(found)s, and version %(wanted)s is installed. Nothing was changed."
            ),
            found=found,
            wanted=wanted,
        )


def make_cluster(places: Places) -> None:
    """Make the cluster if there is none. It gets its name last, so a kill leaves nothing half made.

    Raises:
        CannotStart: initdb failed, for example because the disk is full.
    """
    programs = binaries()
    major = int(programs.parent.name)
    if places.cluster.exists():
        check_version(places.cluster, major)
        configure(places, places.cluster)
        return
    fresh = places.state / "pg.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    hand_over(fresh, places.database_user)
    command = [str(programs / "initdb"), "-D", str(fresh), "-U", "ncen_owner", "-E", "UTF8"]
    command += ["--locale=C.UTF-8", "--data-checksums", "--auth=peer", "--no-instructions"]
    made = subprocess.run(
        as_user(places.database_user, *command),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        shutil.rmtree(fresh, ignore_errors=True)
        raise CannotStart(
            N_("The database could not be made: %(reason)s"),
            reason=(made.stderr.strip().splitlines() or ["initdb failed"])[-1],
        )
    configure(places, fresh)
    fresh.rename(places.cluster)
    sync_folder(places.state)


def server_command(places: Places) -> list[str]:
    """The command that runs the server in the foreground."""
    return as_user(places.database_user, str(binaries() / "postgres"), "-D", str(places.cluster))


def is_ready(places: Places) -> bool:
    """Whether the server answers."""
    probe = subprocess.run(
        [str(binaries() / "pg_isready"), "-q", "-h", str(places.run)], check=False
    )
    return probe.returncode == 0


def wait_until_gone(places: Places, seconds: float = 10) -> None:
    """Wait for a server whose parent was killed; it ends by itself when its parent is gone.

    Raises:
        CannotStart: it is still there.
    """
    pid_file = places.cluster / "postmaster.pid"
    deadline = time.monotonic() + seconds
    while pid_file.exists():
        try:
            pid = int(pid_file.read_text(encoding="ascii").split("\n", 1)[0])
            os.kill(pid, 0)
        except (OSError, ValueError):
            return
        if Path(f"/proc/{pid}/comm").read_text(encoding="ascii").strip() != "postgres":
            return
        if time.monotonic() > deadline:
            raise CannotStart(
                N_(
                    "Another database server (process %(pid)s) still uses this data folder. End it, then start again."
                ),
                pid=pid,
            )
        time.sleep(POLL_SECONDS)


def psql(places: Places, sql: str, database: str = "postgres") -> str:
    """Run statements as the cluster's owner; the text goes through standard input.

    Raises:
        CannotStart: a statement failed.
    """
    command = [str(binaries() / "psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", str(places.run)]
    done = subprocess.run(
        [*command, "-U", "ncen_owner", "-d", database],
        input=sql,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CannotStart(
            N_("The database could not be prepared: %(reason)s"), reason=done.stderr.strip()[:300]
        )
    return done.stdout.strip()


def prepare_database(places: Places) -> None:
    """Roles, database and extensions; each only if missing."""
    for role in ROLES[1:]:
        psql(
            places,
            f"DO $$ BEGIN CREATE ROLE {role} LOGIN INHERIT;"
            " EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        )
    if psql(places, "SELECT count(*) FROM pg_database WHERE datname = 'ncen'") == "0":
        psql(places, "CREATE DATABASE ncen OWNER ncen_migrate")
    made = "".join(f"CREATE EXTENSION IF NOT EXISTS {name};" for name in EXTENSIONS)
    psql(
        places,
        made + "REVOKE ALL ON DATABASE ncen FROM PUBLIC;"
        "GRANT CONNECT ON DATABASE ncen TO ncen_app, ncen_read;",
        "ncen",
    )
