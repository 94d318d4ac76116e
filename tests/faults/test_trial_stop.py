"""A running or opening trial is asked to end."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.gates.budgets import few_now
from tests.sims.trial import STOP_SECONDS, Trial, free_port, refused, wait_until_nobody

Start = Callable[..., Trial]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_ends_everything(trial: Trial, number: signal.Signals) -> None:
    assert trial.stop(number) < STOP_SECONDS
    assert trial.process.returncode == 0
    assert trial.lines[-1] == "Stopping."
    assert wait_until_nobody(trial.state, 0.5) == {}


def test_ctrl_c_of_a_terminal_reaches_the_whole_group(trial: Trial) -> None:
    begun = time.monotonic()
    os.killpg(trial.process.pid, signal.SIGINT)
    assert trial.process.wait(STOP_SECONDS) == 0
    assert time.monotonic() - begun < STOP_SECONDS
    assert wait_until_nobody(trial.state, 0.5) == {}


def test_impatient_ctrl_c(trial: Trial) -> None:
    for _ in range(5):
        trial.process.send_signal(signal.SIGINT)
        time.sleep(0.02)
    assert trial.stop() < STOP_SECONDS
    assert trial.process.returncode == 0
    log = (trial.state / "log" / "postgresql.log").read_text(encoding="utf-8")
    assert log.rstrip().endswith("database system is shut down")


def test_open_pages_do_not_hold_the_end(trial: Trial) -> None:
    visitor = trial.sign_in()
    assert visitor.get("/").status_code == 200  # its connection stays open
    assert trial.stop() < STOP_SECONDS
    assert trial.process.returncode == 0


def test_process_that_does_not_listen_is_killed(trial: Trial) -> None:
    for words in (" serve ", " work"):
        os.kill(trial.child(words), signal.SIGSTOP)
    assert trial.stop() < STOP_SECONDS
    assert trial.process.returncode == 0
    assert wait_until_nobody(trial.state, 0.5) == {}


@pytest.mark.parametrize("after", few_now([0.0, 0.4, 1.0, 1.7, 2.5, 4.0, 6.0], 0.4, 1.7, 4.0))
def test_ctrl_c_while_opening_for_the_first_time(
    fresh_place: Path, start: Start, after: float
) -> None:
    opening = start(fresh_place / "state")
    opening.wait_for("Making the database.")
    time.sleep(after)
    assert opening.stop() < STOP_SECONDS
    assert opening.process.returncode == 0, opening.lines
    assert wait_until_nobody(fresh_place, 0.5) == {}


def test_second_start_finds_the_data(trial: Trial, start: Start) -> None:
    accounts = [line for line in trial.lines if "Demo-" in line]
    cases = trial.ask("SELECT count(*), max(id::text) FROM seizures.case_file")
    trial.stop()
    again = start(trial.state)
    again.wait_until_open()
    assert [line for line in again.lines if "Demo-" in line] == accounts
    assert again.ask("SELECT count(*), max(id::text) FROM seizures.case_file") == cases


def test_same_folder_twice_at_once(trial: Trial) -> None:
    refusal = refused("up", "--state", str(trial.state), "--port", str(free_port()))
    assert refusal.code == 2
    assert f"already runs on the data folder {trial.state}" in refusal.sentence
    assert f"http://127.0.0.1:{trial.port}/" in refusal.sentence
    assert trial.get().status_code == 200


@pytest.mark.parametrize("ending", ["| head -1", ">&-", "<&- >&- 2>&-", ">/dev/full 2>/dev/full"])
def test_nobody_reads_along(used_state: Path, start: Start, ending: str) -> None:
    running = start(used_state, shell_ending=ending)
    assert running.get_well().status_code == 200
    running.wait_for_children(3)
    os.killpg(running.process.pid, signal.SIGINT)
    assert running.process.wait(STOP_SECONDS) == 0
    assert wait_until_nobody(used_state, 0.5) == {}


def test_long_logs_are_set_aside(used_state: Path, start: Start) -> None:
    log = used_state / "log" / "web.log"
    log.write_bytes(b"x" * ((10 << 20) + 1))
    running = start(used_state)
    running.wait_until_open()
    assert log.stat().st_size < 1 << 20
    assert (used_state / "log" / "web.log.1").stat().st_size > 10 << 20
    running.stop()


def test_nohup_is_kept(used_state: Path, start: Start) -> None:
    running = start(used_state, prefix=["nohup"])
    running.wait_until_open()
    running.process.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        running.process.wait(0.5)
    assert running.get().status_code == 200
