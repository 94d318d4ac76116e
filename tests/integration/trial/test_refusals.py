"""What stands in the way of a start ends in one sentence and the right exit code, never in a trace."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.trial.places import run_folder
from tests.sims.trial import Refusal, callers, free_port, ncen, refused

CANNOT_START = 2
USAGE = 64
TMPFS = "mount -t tmpfs -o mode=1777,{options} none {folder}"


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that everybody may write to."""
    folder = Path(tempfile.mkdtemp(prefix="ncen-refusal-"))
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(params=callers())
def user(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def is_one_sentence(refusal: Refusal, code: int, words: str) -> None:
    """The exit code is right, and the sentence says what happened."""
    assert refusal.code == code, refusal
    assert words in refusal.sentence
    assert "Traceback" not in refusal.sentence
    assert len(refusal.sentence.strip().splitlines()) == 1, refusal.sentence
    assert refusal.sentence.strip().endswith(".")


def up(state: Path | str, user: str = "", mounts: str = "", **changes: str | None) -> Refusal:
    """A start that should be refused."""
    arguments = ("up", "--state", str(state), "--port", str(free_port()))
    return refused(*arguments, user=user, mounts=mounts, changes=changes)


@pytest.mark.parametrize("port", ["0", "70000", "-1", "abc", "8_000", "٨٠", "9" * 5000, "", "1.5"])
def test_port_that_is_none(place: Path, port: str) -> None:
    refusal = refused("up", "--port", port, "--state", str(place / "state"))
    assert refusal.code == USAGE
    assert "a port is a number from 1 to 65535" in refusal.sentence
    assert "Traceback" not in refusal.sentence
    assert not (place / "state").exists()


def test_busy_port(place: Path, user: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refusal = refused("up", "--state", str(place / "s"), "--port", str(port), user=user)
    is_one_sentence(refusal, CANNOT_START, f"Port {port} cannot be used (Address already in use).")


def test_port_for_root_alone(place: Path) -> None:
    refusal = refused("up", "--state", str(place / "s"), "--port", "80", user=callers()[-1])
    is_one_sentence(refusal, CANNOT_START, "Port 80 may be used by root alone.")


def test_file_instead_of_a_folder(place: Path, user: str) -> None:
    (place / "file").touch()
    is_one_sentence(up(place / "file", user), CANNOT_START, "is no folder")
    is_one_sentence(up(place / "file" / "below", user), CANNOT_START, "Not a directory")


def test_folder_with_something_else(place: Path, user: str) -> None:
    (place / "letter.txt").write_text("not ours", encoding="utf-8")
    is_one_sentence(up(place, user), CANNOT_START, "holds something that is not nCEN's data")
    assert [path.name for path in place.iterdir()] == ["letter.txt"]


def test_data_of_a_newer_version(place: Path, user: str) -> None:
    (place / "ncen-state.json").write_text('{"format": 2, "more": []}', encoding="utf-8")
    is_one_sentence(up(place, user), CANNOT_START, "was made by a newer version of nCEN")
    assert [path.name for path in place.iterdir()] == ["ncen-state.json"]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"\0" * 99, b'{"format": null}', b'{"format": 1e999}', b"[" * 9000, b"\xff"],
)
def test_damaged_marker(place: Path, content: bytes) -> None:
    (place / "ncen-state.json").write_bytes(content)
    is_one_sentence(up(place), CANNOT_START, "cannot be read")
    assert (place / "ncen-state.json").read_bytes() == content


@pytest.mark.parametrize(("length", "words"), [(900, "longer than 800"), (5000, "longer than 800")])
def test_long_path(place: Path, length: int, words: str) -> None:
    path = str(place) + "/" + "/".join(["x" * 99] * (length // 100))
    is_one_sentence(up(path), CANNOT_START, words)


def test_long_name(place: Path) -> None:
    is_one_sentence(up(place / ("x" * 300)), CANNOT_START, "File name too long")


@pytest.mark.parametrize("name", [b"two\nlines", b"bell\a", b"not \xff text", b"\x7f"])
def test_name_that_cannot_be_shown(place: Path, name: bytes) -> None:
    is_one_sentence(up(place / os.fsdecode(name)), CANNOT_START, "signs that cannot be shown")


def test_links_in_a_circle(place: Path) -> None:
    (place / "a").symlink_to(place / "b")
    (place / "b").symlink_to(place / "a")
    is_one_sentence(up(place / "a"), CANNOT_START, "lead back to themselves")


def test_folder_that_the_database_cannot_enter(place: Path, user: str) -> None:
    (place / "closed").mkdir(mode=0o000)
    refusal = up(place / "closed" / "state", user)
    (place / "closed").chmod(0o700)
    who = user or callers()[-1] or pwd.getpwuid(os.geteuid()).pw_name
    is_one_sentence(refusal, CANNOT_START, f"The user {who}, who runs the database, cannot enter")


def test_small_disk(place: Path, user: str) -> None:
    mounts = TMPFS.format(options="size=20m", folder=place)
    is_one_sentence(up(place / "s", user, mounts), CANNOT_START, "has less than 256 MB left")


def test_disk_without_room_for_more_files(place: Path, user: str) -> None:
    mounts = TMPFS.format(options="size=900m,nr_inodes=40", folder=place)
    is_one_sentence(up(place / "s", user, mounts), CANNOT_START, "The database could not be made")
    mounts = TMPFS.format(options="size=900m,nr_inodes=4", folder=place)
    is_one_sentence(up(place / "s", user, mounts), CANNOT_START, "No space left on device")


def test_disk_that_is_read_only(place: Path, user: str) -> None:
    mounts = TMPFS.format(options="ro,size=900m", folder=place)
    is_one_sentence(up(place / "s", user, mounts), CANNOT_START, "Read-only file system")


def test_postgresql_is_not_installed(place: Path, user: str) -> None:
    mounts = TMPFS.format(options="ro", folder="/usr/lib/postgresql")
    refusal = up(place / "s", user, mounts)
    is_one_sentence(refusal, CANNOT_START, "PostgreSQL is not installed. Run “make setup”")
    assert refusal.output == ""


def test_setpriv_is_not_installed(place: Path) -> None:
    refusal = up(place / "s", mounts="mount --bind /dev/null /usr/bin/setpriv")
    is_one_sentence(refusal, CANNOT_START, "The program setpriv is missing")


@pytest.mark.parametrize("version", ["13\n", "99\n", "", "abc", None])
def test_cluster_of_another_postgresql(place: Path, version: str | None) -> None:
    (place / "ncen-state.json").write_text('{"format": 1}', encoding="utf-8")
    (place / "pg").mkdir()
    if version is not None:
        (place / "pg" / "PG_VERSION").write_text(version, encoding="utf-8")
    words = "The database was made by PostgreSQL" if (version or "").strip().isdigit() else "is not"
    is_one_sentence(up(place), CANNOT_START, words)


@pytest.mark.parametrize("kind", ["link", "file", "folder"][: 3 if os.geteuid() == 0 else 2])
def test_run_folder_is_taken(place: Path, kind: str) -> None:
    taken = run_folder(place / "s")
    if kind == "link":
        taken.symlink_to("/etc")
    elif kind == "file":
        taken.touch()
    else:  # only root can make a folder that belongs to somebody else
        taken.mkdir()
        os.chown(taken, 4321, 4321)
    refusal = up(place / "s")
    taken.rmdir() if kind == "folder" else taken.unlink()
    is_one_sentence(refusal, CANNOT_START, "belongs to somebody else")


def test_keys_that_cannot_be_read(place: Path) -> None:
    (place / "ncen-state.json").write_text('{"format": 1}', encoding="utf-8")
    (place / "keys").mkdir(mode=0o000)
    refusal = up(place, callers()[-1])
    (place / "keys").chmod(0o700)
    is_one_sentence(refusal, CANNOT_START, "keys cannot be used: Permission denied")


@pytest.mark.parametrize(
    "content",
    [b"x", b"state_dir = 1", b'state_dir = "/x"\nrun_dir = "/y"\nnonsense = 1', b"\xff", b"\0"],
)
def test_damaged_settings(place: Path, content: bytes) -> None:
    settings = place / "settings.toml"
    settings.write_bytes(content)
    for command in ("serve", "work", "migrate"):
        refusal = refused(command, changes={"NCEN_CONFIG": str(settings)})
        is_one_sentence(refusal, CANNOT_START, "cannot be used")


def test_database_that_is_not_there(place: Path) -> None:
    settings = place / "settings.toml"
    settings.write_text(f'state_dir = "{place}"\nrun_dir = "{place}"\n', encoding="utf-8")
    for command in (["migrate"], ["migrate", "--quick"], ["demo", "accounts"]):
        refusal = refused(*command, changes={"NCEN_CONFIG": str(settings)})
        is_one_sentence(refusal, 1, "The database does not answer at the moment.")


@pytest.mark.parametrize(
    "command",
    [
        ["audit", "verify"],
        ["user", "list"],
        ["user", "--state", "/nonexistent", "list"],
        ["time"],
        ["demo", "accounts"],
    ],
)
def test_every_command_takes_the_folder_that_it_concerns(command: list[str], place: Path) -> None:
    named = [] if "--state" in command else ["--state", str(place / "nothing")]
    refusal = refused(*command, *named)
    assert "No running nCEN was found. Name its data folder with --state" in refusal.sentence


def test_wrong_usage() -> None:
    for arguments in ([], ["frobnicate"], ["up", "--state", ""], ["up", "--frobnicate"]):
        refusal = refused(*arguments)
        assert refusal.code == USAGE
        assert refusal.sentence.startswith("usage: ncen")


@pytest.mark.parametrize("ending", [">/dev/full", ">&-", "| head -1"])
def test_nobody_reads_the_help(ending: str) -> None:
    script = f'set -o pipefail; "$@" {ending}'
    done = subprocess.run(
        ["bash", "-c", script, "bash", *ncen("up", "--help")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 2}
    assert "Traceback" not in done.stderr
