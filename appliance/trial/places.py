"""Where a trial keeps its data and its sockets, and whether these places can be used."""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from appliance.core import limits
from appliance.core.errors import CannotStart
from appliance.core.files import free_bytes, write_atomically
from appliance.core.i18n import N_

SYSTEM_USER = "ncen"  # made by the set-up when it runs as root; PostgreSQL refuses to run as root
MARKER = "ncen-state.json"
FORMAT = 1
PATH_BYTES = 800  # PostgreSQL's own paths below the data folder must stay under 1024 bytes
ROOT_STATE = Path("/var/lib/ncen-trial")


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one trial and the user its database runs as (empty: the caller)."""

    state: Path
    run: Path
    database_user: str

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data folder."""
        return self.state / "pg"

    @property
    def settings(self) -> Path:
        """The settings file that the processes of this trial read."""
        return self.run / "settings.toml"

    @property
    def logs(self) -> Path:
        """Log files of this trial."""
        return self.state / "log"


def short_hash(path: Path) -> str:
    """A name for a folder that is safe in any path."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def database_user() -> str:
    """The user that PostgreSQL runs as; only root needs another one.

    Raises:
        CannotStart: root, and the set-up has not made the user.
    """
    if os.geteuid() != 0:
        return ""
    try:
        return pwd.getpwnam(SYSTEM_USER).pw_name
    except KeyError as error:
        raise CannotStart(
            N_(
                "The system user %(user)s is missing; PostgreSQL does not run as root. Run “make setup” once."
            ),
            user=SYSTEM_USER,
        ) from error


def as_user(user: str, *command: str) -> list[str]:
    """A command run as another user, that ends when its parent ends."""
    switch = ["--reuid", user, "--regid", user, "--clear-groups"] if user else []
    return ["setpriv", *switch, "--pdeathsig", "TERM", *command]


def can_enter(user: str, folder: Path) -> bool:
    """Whether a user can go through all parents of a folder."""
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if not user:
        return os.access(existing, os.X_OK)
    probe = subprocess.run(
        as_user(user, "test", "-x", str(existing)), check=False, capture_output=True
    )
    return probe.returncode == 0


def choose_state(wanted: str | None, default: Path, user: str) -> tuple[Path, bool]:
    """The data folder, and whether it had to move because the database user cannot reach the default.

    Raises:
        CannotStart: the named folder cannot be used.
    """
    state = Path(wanted).expanduser().absolute() if wanted else default
    if len(os.fsencode(state)) > PATH_BYTES:
        raise CannotStart(
            N_(
                "The path of the data folder is longer than %(limit)s bytes. Choose a shorter one with --state."
            ),
            limit=PATH_BYTES,
        )
    if can_enter(user, state):
        return state, False
    if wanted:
        raise CannotStart(
            N_(
                "The database user %(user)s cannot enter %(path)s. Choose a folder elsewhere with --state."
            ),
            user=user or "",
            path=str(state),
        )
    return ROOT_STATE / short_hash(default), True


def run_folder(state: Path) -> Path:
    """A short folder for sockets, never under a path that somebody chose."""
    name = f"ncen-{short_hash(state)}"
    if os.geteuid() == 0 and Path("/run").is_dir():
        return Path("/run") / name
    chosen = os.environ.get("XDG_RUNTIME_DIR", "")
    fits = len(os.fsencode(chosen)) + len(name) + 1 <= limits.RUN_PATH_BYTES
    if chosen.startswith("/") and fits and os.access(chosen, os.W_OK):
        return Path(chosen) / name
    return Path("/tmp") / f"{name}-{os.geteuid()}"  # noqa: S108 - made 0700 and its owner checked


def make_run_folder(folder: Path, owner: str) -> None:
    """Make the run folder, or take it again if it is ours.

    Raises:
        CannotStart: somebody else made a folder of that name.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    uid = pwd.getpwnam(owner).pw_uid if owner else os.geteuid()
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), uid}:
        raise CannotStart(
            N_("The folder %(path)s belongs to somebody else. Remove it, then start again."),
            path=str(folder),
        )
    os.chown(folder, uid, -1)
    folder.chmod(0o700)


def check_marker(state: Path) -> None:
    """Refuse a folder that holds something else, or data of a format made later.

    Raises:
        CannotStart: the folder is foreign or newer.
    """
    marker = state / MARKER
    if marker.exists():
        try:
            found = int(json.loads(marker.read_text(encoding="utf-8"))["format"])
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise CannotStart(
                N_(
                    "%(path)s cannot be read. Nothing was changed; restore the folder or choose another one with --state."
                ),
                path=str(marker),
            ) from error
        if found > FORMAT:
            raise CannotStart(
                N_(
                    "The data folder %(path)s was made by a newer version of nCEN. Nothing was changed."
                ),
                path=str(state),
            )
    elif state.exists() and any(state.iterdir()):
        raise CannotStart(
            N_(
                "The folder %(path)s holds something that is not nCEN's data. Nothing was changed; choose another one with --state."
            ),
            path=str(state),
        )


def make_state(state: Path) -> None:
    """Make the data folder and mark it as ours; parents may pass through, others see nothing.

    Raises:
        CannotStart: the folder cannot be made, is foreign, or its disk is full.
    """
    check_marker(state)
    try:
        state.mkdir(parents=True, exist_ok=True)
        state.chmod(0o711)
        if free_bytes(state) < limits.FREE_DISK_BYTES:
            raise CannotStart(
                N_(
                    "The disk of %(path)s has less than %(limit)s MB left. Free some space, then start again."
                ),
                path=str(state),
                limit=limits.FREE_DISK_BYTES >> 20,
            )
        if not (state / MARKER).exists():
            write_atomically(state / MARKER, json.dumps({"format": FORMAT}).encode(), 0o644)
        for name in ("blobs", "keys", "log"):
            (state / name).mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise CannotStart(
            N_("The data folder %(path)s cannot be used: %(reason)s."),
            path=str(state),
            reason=error.strerror or str(error),
        ) from error


def find_places(wanted: str | None, default: Path) -> tuple[Places, bool]:
    """The places of a trial, made and checked; true if the data moved away from the default.

    Raises:
        CannotStart: one of them cannot be used.
    """
    user = database_user()
    state, moved = choose_state(wanted, default, user)
    make_state(state)
    run = run_folder(state)
    make_run_folder(run, user)
    return Places(state=state, run=run, database_user=user), moved
