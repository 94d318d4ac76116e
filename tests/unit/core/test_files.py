"""Files are whole or not there at all, and nobody else can read them."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from appliance.core.files import free_bytes, make_private_folder, write_atomically


def test_a_file_is_replaced_as_a_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"first")
    write_atomically(path, b"second")
    assert path.read_bytes() == b"second"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [item.name for item in tmp_path.iterdir()] == ["file"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"old")
    folder = tmp_path / "taken"
    folder.mkdir()
    (folder / "inside").touch()
    with pytest.raises(OSError, match="taken"):
        write_atomically(folder, b"new")
    assert path.read_bytes() == b"old"
    assert sorted(item.name for item in tmp_path.iterdir()) == ["file", "taken"]


FULL = """
import pathlib, resource, sys
from appliance.core.files import write_atomically
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_atomically(pathlib.Path(sys.argv[1]), b"n" * 5000)
except OSError as error:
    sys.exit(error.errno)
"""


def test_a_disk_that_takes_no_more_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"old")
    done = subprocess.run([sys.executable, "-c", FULL, str(path)], check=False)
    assert done.returncode == errno.EFBIG
    assert path.read_bytes() == b"old"
    assert [item.name for item in tmp_path.iterdir()] == ["file"]
    assert free_bytes(tmp_path) > 0


def test_a_link_that_somebody_laid_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"precious")
    link = tmp_path / "link"
    link.symlink_to(target)
    write_atomically(link, b"new")
    assert target.read_bytes() == b"precious"
    assert not link.is_symlink()


def test_a_private_folder_is_private_with_what_it_needs_above(tmp_path: Path) -> None:
    folder = make_private_folder(tmp_path / "a" / "b")
    assert folder.stat().st_mode & 0o077 == 0
    assert os.access(folder, os.W_OK)
