"""What the trial decides without touching anything: pauses, log lines, ports."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from appliance.core.settings import read_settings
from appliance.trial import children, logs
from appliance.trial.commands import port_number
from appliance.trial.places import Places, is_leftover, make_state, short_hash, sweep
from appliance.trial.up import Trial, service_environment, write_settings


def test_pauses_grow_while_a_process_dies_at_once() -> None:
    pauses = [0.0]
    for _ in range(8):
        pauses.append(children.next_pause(pauses[-1], ran_seconds=0.2))
    assert pauses[1:] == [0.5, 1.0, 2.0, 4.0, 8.0, 10.0, 10.0, 10.0]


def test_pause_is_short_again_after_a_steady_run() -> None:
    assert children.next_pause(10.0, children.STEADY_SECONDS) == children.FIRST_PAUSE_SECONDS


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("8600", 8600), ("65535", 65535)])
def test_port(text: str, number: int) -> None:
    assert port_number(text) == number


@pytest.mark.parametrize("text", ["0", "65536", "-1", "+1", " 1", "1_0", "٣", "", "1.0", "1" * 99])
def test_no_port(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError):
        port_number(text)


def test_log_is_set_aside_when_too_long(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    for content in (b"a" * 11, b"b" * 11, b"c"):
        logs.rotate(log, limit=10)
        log.write_bytes(content)
    logs.rotate(log, limit=10)
    assert log.read_bytes() == b"c"
    assert (tmp_path / "web.log.1").read_bytes() == b"b" * 11
    assert len(list(tmp_path.iterdir())) == 2


def test_last_lines_are_those_of_this_start(tmp_path: Path) -> None:
    log = tmp_path / "web.log"
    log.write_bytes(b"old\n" + b"x" * 9000 + b"\n\xff new\n\n" + b"y" * 900 + b"\n")
    since = log.stat().st_size
    assert logs.last_lines(log)[-1] == "y" * logs.LINE_CHARS
    assert logs.last_lines(log, since) == []
    with log.open("ab") as stream:
        stream.write(b"  why\n")
    assert logs.last_lines(log, since) == ["why"]
    assert logs.last_lines(tmp_path / "none.log") == []


def test_reason_is_found_among_advice() -> None:
    said = [
        "2026-11-23 07:00:00 UTC [1] FATAL:  database files are incompatible with server",
        "2026-11-23 07:00:00 UTC [1] HINT:  It looks like you need to initdb.",
    ]
    assert logs.reason(said) == "database files are incompatible with server"
    assert logs.reason(["one", "ValueError: two"]) == "ValueError: two"
    assert logs.reason([]) == ""
    full = [*said, "DETAIL:  Could not write to file: No space left on device."]
    assert logs.reason(full) == "No space left on device"


def test_command_leaves_nothing_when_the_parent_is_another() -> None:
    """As if this process had ended between the fork and the kernel's promise to tell of it."""
    command = children.bound("", "/bin/echo", "alive")
    assert children.run(command).output == "alive"
    orphaned = ["1" if part.isdecimal() else part for part in command]
    ended = children.run(orphaned)
    assert (ended.code, ended.output) == (1, "")


def test_output_and_complaint_of_a_program() -> None:
    script = "cat; echo oh >&2; exit 3"
    given = "ü" * 200_000
    assert children.run(["/bin/sh", "-c", script], given) == (3, given, "oh")


def test_leftovers_of_a_kill() -> None:
    assert is_leftover(".ncen-state.json.0a1b2c3d4e5f")
    assert is_leftover(".settings.toml.0a1b2c3d4e5f")
    assert not is_leftover("ncen-state.json")
    assert not is_leftover(".bashrc")


def test_a_start_empties_the_folder_of_uploads_and_services_use_it(tmp_path: Path) -> None:
    make_state(tmp_path)
    places = Places(tmp_path, tmp_path, "")
    (places.temporary / "half an upload").touch()
    (places.temporary / "folder").mkdir()
    (places.temporary / "folder" / "file").touch()
    sweep(tmp_path)
    assert list(places.temporary.iterdir()) == []
    assert service_environment(places)["TMPDIR"] == str(tmp_path / "tmp")


def test_short_hash_is_safe_in_any_path() -> None:
    names = {short_hash(Path(name)) for name in ("/a", "/a b", "/ü", "/\udcff")}
    assert len(names) == 4
    assert all(name.isalnum() and len(name) == 12 for name in names)


@pytest.mark.parametrize(("demo", "demanded"), [(True, ()), (False, ("ADMIN", "NCP", "AUDITOR"))])
def test_only_a_demo_forces_nobody_to_a_second_factor(
    tmp_path: Path, demanded: tuple[str, ...], *, demo: bool
) -> None:
    trial = Trial(Places(tmp_path, tmp_path, ""), 8600, demo)
    write_settings(trial)
    assert read_settings(trial.places.settings).second_factor_roles == demanded
