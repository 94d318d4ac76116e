"""What was promised survives a power cut: a file's name is synced before anybody is told of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from appliance.core.blobs import FolderStore
from appliance.core.crypto import load_key
from appliance.core.files import make_private_folder

Calls = list[tuple[str, str]]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Calls:
    """What the kernel was asked, in order: every sync by its path, every name by where it was put."""
    noted: Calls = []
    sync, link, rename = os.fsync, os.link, os.replace

    def noting_sync(handle: int) -> None:
        noted.append(("sync", str(Path(f"/proc/self/fd/{handle}").readlink())))
        sync(handle)

    def noting_link(source: Any, target: Any) -> None:
        noted.append(("name", str(target)))
        link(source, target)

    def noting_rename(source: Any, target: Any) -> None:
        noted.append(("name", str(target)))
        rename(source, target)

    monkeypatch.setattr(os, "fsync", noting_sync)
    monkeypatch.setattr(os, "link", noting_link)
    monkeypatch.setattr(os, "replace", noting_rename)
    return noted


def synced_after(calls: Calls, name: Path) -> list[str]:
    """The folders that were synced after a file got its name."""
    place = calls.index(("name", str(name)))
    return [path for what, path in calls[place:] if what == "sync"]


def test_the_first_blob_of_a_folder_is_synced_up_to_the_root_of_the_store(
    tmp_path: Path, calls: Calls
) -> None:
    store = FolderStore(tmp_path / "blobs")
    digest, _ = store.put([b"first"], 100)
    folders = synced_after(calls, store.path(digest))
    assert folders == [str(tmp_path / "blobs" / digest[:2]), str(tmp_path / "blobs")]


def test_a_new_key_is_synced_after_it_got_its_name(tmp_path: Path, calls: Calls) -> None:
    folder = tmp_path / "keys"
    key = load_key(folder, "first.key")
    assert synced_after(calls, folder / "first.key") == [str(folder)]
    assert load_key(folder, "first.key") == key


def test_each_new_folder_is_synced_into_the_one_above(tmp_path: Path, calls: Calls) -> None:
    make_private_folder(tmp_path / "a" / "b")
    assert calls == [("sync", str(tmp_path)), ("sync", str(tmp_path / "a"))]
    make_private_folder(tmp_path / "a" / "b")
    assert len(calls) == 2
