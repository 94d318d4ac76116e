"""Files that survive a power cut: whole or not at all, synced before anybody is told."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from appliance.core.errors import Refused
from appliance.core.i18n import N_


def sync_folder(folder: Path) -> None:
    """Make renames and new names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_atomically(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Replace a file by new content: a reader sees the old or the new one, never a part.

    Raises:
        OSError: the disk is full or the folder cannot be written; the old file is untouched.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def make_private_folder(path: Path) -> Path:
    """Make a folder that only its owner can enter, with its parents; its name survives a power cut."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    for folder in reversed(missing):
        sync_folder(folder.parent)
    return path


def free_bytes(path: Path) -> int:
    """Bytes that an ordinary user can still write on the disk of this path."""
    return shutil.disk_usage(path).free


def no_room() -> Refused:
    """What is said when the disk cannot take a file."""
    return Refused(
        N_(
            "The disk of this server has no room for the file. Nothing was stored; free some space and try again."
        )
    )
