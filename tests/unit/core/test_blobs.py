"""Blobs on their way in: kept whole, or not at all, whatever happens to who writes them."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from appliance.core.blobs import BlobWriter, FolderStore
from appliance.core.errors import TooLarge

WRITING = """
import os, pathlib, signal, sys
from appliance.core.blobs import BlobWriter, FolderStore
writer = BlobWriter(FolderStore(pathlib.Path(sys.argv[1])), 1000)
writer.write(b"half")
os.kill(os.getpid(), signal.SIGKILL)
"""


def files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file()]


def test_what_is_too_large_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        FolderStore(tmp_path).put([b"x" * 10, b"x"], 10)
    assert files(tmp_path) == []


def test_a_sweep_removes_what_a_killed_process_left(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", WRITING, str(tmp_path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(files(tmp_path / "incoming")) == 1
    store = FolderStore(tmp_path)
    digest, _ = store.put([b"whole"], 10)
    store.sweep()
    assert files(tmp_path) == [store.path(digest)]


def test_a_sweep_leaves_what_is_being_written(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    writer = BlobWriter(store, 10)
    writer.write(b"slow")
    store.sweep()
    digest, _ = writer.keep()
    assert store.path(digest).read_bytes() == b"slow"
    store.sweep()
    assert store.path(digest).read_bytes() == b"slow"
    writer.discard()


def test_a_sweep_of_a_store_that_was_never_used_finds_nothing(tmp_path: Path) -> None:
    FolderStore(tmp_path / "blobs").sweep()
    assert not (tmp_path / "blobs").exists()
