"""Where a trial keeps its data and its sockets, and whether these places can be used."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import pwd
import re
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from appliance.core import limits
from appliance.core.errors import CannotStart
from appliance.core.files import free_bytes, write_atomically
from appliance.core.i18n import N_
from appliance.trial.children import bound, run

SYSTEM_USER = "ncen"  # made by the set-up when it runs as root; PostgreSQL refuses to run as root
MARKER = "ncen-state.json"
MARKER_BYTES = 4096
SETTINGS = "settings.toml"
TEMPORARY = "tmp"
FORMAT = 1
FOLDERS = ("blobs", "keys", "log", TEMPORARY)
PATH_BYTES = 800  # PostgreSQL's own paths below the data folder must stay under 1024 bytes
ROOT_STATE = Path("/var/lib/ncen-trial")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# PostgreSQL reads the socket's folder from a list with commas and quotes.
SAFE_RUN_PATH = re.compile(r"/[A-Za-z0-9/._-]*")
NEW_DISK = "lost+found"  # all that a freshly made file system holds


class Marker(msgspec.Struct, frozen=True):
    """What a data folder says about itself."""

    format: int


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
        return self.state / SETTINGS

    @property
    def logs(self) -> Path:
        """Log files of this trial."""
        return self.state / "log"

    @property
    def temporary(self) -> Path:
        """Where uploads are spooled: on the disk of the data, whose room is looked at, not in memory."""
        return self.state / TEMPORARY


@contextlib.contextmanager
def usable(folder: Path) -> Iterator[None]:
    """Turn the system's complaint about a folder into a sentence.

    Raises:
        CannotStart: the folder cannot be used.
    """
    try:
        yield
    except OSError as error:
        raise CannotStart(
            N_("The folder %(path)s cannot be used: %(reason)s."),
            path=str(folder),
            reason=error.strerror or str(error),
        ) from error


def short_hash(path: Path) -> str:
    """A name for a folder that is safe in any path."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def caller() -> str:
    """The name of the user who runs this; the environment may name somebody else.

    Raises:
        CannotStart: this user has no name, which PostgreSQL insists on.
    """
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError as error:
        raise CannotStart(
            N_("The user with the number %(uid)s has no name, and PostgreSQL needs one."),
            uid=os.geteuid(),
        ) from error


def database_user() -> str:
    """The user that PostgreSQL runs as; only root needs another one.

    Raises:
        CannotStart: root, and the set-up has not made the user; or a caller without a name.
    """
    if os.geteuid() != 0:
        caller()
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


def can_enter(user: str, folder: Path) -> bool:
    """Whether a user can go through all parents of a folder."""
    existing = next(path for path in (folder, *folder.parents) if os.path.lexists(path))
    if not user:
        return os.access(existing, os.X_OK) or not existing.is_dir()
    return (
        run(bound(user, "/usr/bin/test", "-x", str(existing), "-o", "-f", str(existing))).code == 0
    )


def check_path(state: Path) -> None:
    """Refuse a path that PostgreSQL or a settings file could not carry.

    Raises:
        CannotStart: it is too long, or holds a line break or bytes that are no text.
    """
    if len(os.fsencode(state)) > PATH_BYTES:
        raise CannotStart(
            N_(
                "The path of the data folder is longer than %(limit)s bytes. Choose a shorter one with --state."
            ),
            limit=PATH_BYTES,
        )
    try:
        str(state).encode()
    except UnicodeEncodeError:
        readable = False
    else:
        readable = not CONTROL.search(str(state))
    if not readable:
        raise CannotStart(
            N_(
                "The path of the data folder holds a line break or other signs that cannot be shown. Choose another one with --state."
            )
        )


def absolute(wanted: str) -> Path:
    """The folder that a person named, without its symbolic links: one folder, one trial.

    Raises:
        CannotStart: the path leads nowhere.
    """
    path = Path(wanted)
    with contextlib.suppress(RuntimeError):  # a name such as ~nobody-here is a folder's name then
        path = path.expanduser()
    check_path(path.absolute())
    try:
        return path.resolve()
    except RuntimeError as error:
        raise CannotStart(
            N_("The symbolic links of %(path)s lead back to themselves."), path=str(path)
        ) from error


def choose_state(wanted: str | None, default: Path, user: str) -> tuple[Path, bool]:
    """The data folder, and whether it had to move because the database user cannot reach the default.

    Raises:
        CannotStart: the named folder cannot be used.
    """
    named = wanted or str(default)
    with usable(Path(named[:PATH_BYTES])):
        state = absolute(named)
        check_path(state)
        if can_enter(user, state):
            return state, False
    if wanted:
        raise CannotStart(
            N_(
                "The user %(user)s, who runs the database, cannot enter %(path)s. Choose a folder elsewhere with --state."
            ),
            user=user or caller(),
            path=str(state),
        )
    return ROOT_STATE / short_hash(default), True


def own_runtime_folder() -> Path | None:
    """The caller's folder for sockets that the session manager made, if it really is that."""
    chosen = os.environ.get("XDG_RUNTIME_DIR", "")
    if not SAFE_RUN_PATH.fullmatch(chosen):
        return None
    try:
        found = Path(chosen).lstat()
    except OSError:
        return None
    fits = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    return Path(chosen) if fits and os.access(chosen, os.W_OK | os.X_OK) else None


def run_folder(state: Path) -> Path:
    """A short folder for sockets, never under a path that somebody chose."""
    name = f"ncen-{short_hash(state)}"
    if os.geteuid() == 0 and Path("/run").is_dir():
        return Path("/run") / name
    own = own_runtime_folder()
    if own and len(os.fsencode(own)) + len(name) + 1 <= limits.RUN_PATH_BYTES:
        return own / name
    return Path("/tmp") / f"{name}-{os.geteuid()}"  # noqa: S108 - made 0700 and its owner checked


def make_run_folder(folder: Path, owner: str) -> None:
    """Make the run folder, or take it again if it is ours.

    Raises:
        CannotStart: somebody else made something of that name.
    """
    uid = pwd.getpwnam(owner).pw_uid if owner else os.geteuid()
    with usable(folder):
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), uid}:
            raise CannotStart(
                N_(
                    "%(path)s is needed for sockets and belongs to somebody else. Remove it, or choose another data folder with --state; then start again."
                ),
                path=str(folder),
            )
        os.chown(folder, uid, -1, follow_symlinks=False)
        folder.chmod(0o700)


def read_format(marker: Path) -> int:
    """The format of the data, as the marker says.

    Raises:
        CannotStart: the marker cannot be read.
    """
    try:
        with marker.open("rb") as stream:
            return msgspec.json.decode(stream.read(MARKER_BYTES), type=Marker).format
    except (ValueError, RecursionError, OSError) as error:
        raise CannotStart(
            N_(
                "%(path)s cannot be read. Nothing was changed; restore the folder or choose another one with --state."
            ),
            path=str(marker),
        ) from error


def is_leftover(name: str) -> bool:
    """Whether a file is half of a write that a kill cut short."""
    return name.startswith((f".{MARKER}.", f".{SETTINGS}.", ".clock-floor."))


def check_marker(state: Path) -> None:
    """Refuse a folder that holds something else, or data of a format made later.

    Raises:
        CannotStart: the folder is foreign or newer.
    """
    marker = state / MARKER
    if os.path.lexists(marker):
        if read_format(marker) > FORMAT:
            raise CannotStart(
                N_(
                    "The data folder %(path)s was made by a newer version of nCEN. Nothing was changed."
                ),
                path=str(state),
            )
    elif not state.exists():
        return
    elif not state.is_dir():
        raise CannotStart(
            N_("%(path)s is no folder. Choose another one with --state."), path=str(state)
        )
    elif any(not is_leftover(path.name) and path.name != NEW_DISK for path in state.iterdir()):
        raise CannotStart(
            N_(
                "The folder %(path)s holds something that is not nCEN's data. Nothing was changed; choose another one with --state."
            ),
            path=str(state),
        )


def check_space(state: Path) -> None:
    """Refuse to begin on a disk that is nearly full.

    Raises:
        CannotStart: less is left than a start may need.
    """
    if free_bytes(state) < limits.FREE_DISK_BYTES:
        raise CannotStart(
            N_(
                "The disk of %(path)s has less than %(limit)s MB left. Free some space, then start again."
            ),
            path=str(state),
            limit=limits.FREE_DISK_BYTES >> 20,
        )


def make_state(state: Path) -> None:
    """Make the data folder and mark it as ours; parents may pass through, others see nothing.

    Raises:
        CannotStart: the folder cannot be made, is foreign, or its disk is full.
    """
    with usable(state):
        check_marker(state)
        state.mkdir(parents=True, exist_ok=True)
        check_space(state)
        with contextlib.suppress(PermissionError):  # somebody else's folder, lent to us
            state.chmod(0o711)
        if not (state / MARKER).exists():
            write_atomically(state / MARKER, msgspec.json.encode(Marker(FORMAT)), 0o644)
        for name in FOLDERS:
            (state / name).mkdir(mode=0o700, exist_ok=True)
    for folder in (state, *(state / name for name in FOLDERS)):
        with usable(folder):
            if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def sweep(state: Path) -> None:
    """Remove what a kill left half written; only for the parent that holds the folder."""
    for path in state.iterdir():
        if is_leftover(path.name):
            path.unlink()
    for path in (state / TEMPORARY).iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def find_places(wanted: str | None, default: Path) -> tuple[Places, bool]:
    """The places of a trial, made and checked; true if the data moved away from the default.

    Raises:
        CannotStart: one of them cannot be used.
    """
    user = database_user()
    state, moved = choose_state(wanted, default, user)
    make_state(state)
    folder = run_folder(state)
    make_run_folder(folder, user)
    return Places(state=state, run=folder, database_user=user), moved
