"""Pictures, documents and uploaded files: immutable, named by their SHA-256, behind one small interface.

A blob is written and synced before the row that names it commits, so a row never points at nothing.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import secrets
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import BinaryIO, Protocol

from appliance.core.errors import NotFound, TooLarge
from appliance.core.files import make_private_folder, sync_folder
from appliance.core.i18n import N_

DIGEST = re.compile(r"[0-9a-f]{64}")
CHUNK_BYTES = 1 << 18


class BlobStore(Protocol):
    """What a room needs of a store; a nation that outgrows one machine gives another one."""

    def put(self, chunks: Iterable[bytes], limit: int) -> tuple[str, int]: ...
    def open(self, digest: str) -> BinaryIO: ...


class FolderStore:
    """Blobs in a local folder, fanned out by the first two digits of their digest."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, digest: str) -> Path:
        """Where a blob lies.

        Raises:
            NotFound: this is no digest.
        """
        if not DIGEST.fullmatch(digest):
            raise NotFound(N_("There is no such file."))
        return self.root / digest[:2] / digest

    def put(self, chunks: Iterable[bytes], limit: int) -> tuple[str, int]:
        """Store bytes; return their digest and length.

        Raises:
            TooLarge: more than `limit` bytes came; nothing is kept.
            OSError: the disk is full; nothing is kept.
        """
        writer = BlobWriter(self, limit)
        try:
            for chunk in chunks:
                writer.write(chunk)
            return writer.keep()
        finally:
            writer.discard()

    async def put_stream(self, chunks: AsyncIterator[bytes], limit: int) -> tuple[str, int]:
        """Store bytes as they arrive from the network; see `put`."""
        writer = BlobWriter(self, limit)
        try:
            async for chunk in chunks:
                writer.write(chunk)
            return writer.keep()
        finally:
            writer.discard()

    def open(self, digest: str) -> BinaryIO:
        """Open a blob for reading.

        Raises:
            NotFound: the store has no such blob.
        """
        try:
            return self.path(digest).open("rb")
        except FileNotFoundError as error:
            raise NotFound(N_("There is no such file.")) from error

    def sweep(self) -> None:
        """Remove what killed processes left half written; what a living one writes stays."""
        with contextlib.suppress(FileNotFoundError):
            for path in (self.root / "incoming").iterdir():
                remove_left(path)


def remove_left(path: Path) -> None:
    """Remove a file that nobody writes: its writer holds a lock that vanishes with the process."""
    with contextlib.suppress(FileNotFoundError, BlockingIOError):
        handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
        finally:
            os.close(handle)


def open_locked(folder: Path) -> tuple[Path, BinaryIO]:
    """A new file that this process holds; if a sweep came between making and holding it, another one."""
    while True:
        path = folder / secrets.token_hex(8)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        stream = os.fdopen(os.open(path, flags, 0o600), "wb")
        fcntl.flock(stream.fileno(), fcntl.LOCK_EX)
        if os.fstat(stream.fileno()).st_nlink:
            return path, stream
        stream.close()


class BlobWriter:
    """One blob on its way in: a temporary file that becomes the blob or disappears."""

    def __init__(self, store: FolderStore, limit: int) -> None:
        incoming = make_private_folder(store.root / "incoming")
        self.store = store
        self.limit = limit
        self.length = 0
        self.digest = hashlib.sha256()
        self.path, self.stream = open_locked(incoming)

    def write(self, chunk: bytes) -> None:
        """Add bytes; refuse beyond the limit."""
        self.length += len(chunk)
        if self.length > self.limit:
            raise TooLarge(
                N_(
                    "The file is larger than %(limit)s MB, which is the limit here. Nothing was stored."
                ),
                limit=self.limit >> 20,
            )
        self.digest.update(chunk)
        self.stream.write(chunk)

    def keep(self) -> tuple[str, int]:
        """Sync the bytes and give them their name."""
        self.stream.flush()
        os.fsync(self.stream.fileno())
        name = self.digest.hexdigest()
        target = self.store.path(name)
        make_private_folder(target.parent)
        self.path.replace(target)
        sync_folder(target.parent)
        # Another process may have made the folder a moment ago and not synced its name yet.
        sync_folder(self.store.root)
        return name, self.length

    def discard(self) -> None:
        """Close, and remove what was not kept."""
        self.stream.close()
        self.path.unlink(missing_ok=True)
