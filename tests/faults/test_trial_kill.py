"""Somebody or something kills a process of a running trial."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from appliance.trial.cluster import binaries
from tests.sims.trial import (
    STOP_SECONDS,
    UNPRIVILEGED,
    Trial,
    as_person,
    callers,
    wait_until_nobody,
)

JOB_SECONDS = 40
AWAY = "The database does not answer at the moment."


def wait_for_other(trial: Trial, words: str, before: int) -> int:
    """The process that came in the place of a killed one."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        found = [pid for pid, command in trial.children().items() if words in command]
        if found and found != [before]:
            return found[0]
        time.sleep(0.05)
    raise AssertionError((words, before, trial.children()))


def answers_until_well(visitor: httpx.Client, seconds: float = 30) -> list[httpx.Response]:
    """What a reader sees from now on until the desk comes again, and stays for a while."""
    seen: list[httpx.Response] = []
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        seen.append(visitor.get("/"))
        if len(seen) > 20 and all(answer.status_code == 200 for answer in seen[-10:]):
            return seen
        time.sleep(0.03)
    raise AssertionError([answer.status_code for answer in seen])


def test_killed_web_is_started_again(trial: Trial) -> None:
    web = trial.child(" serve ")
    os.kill(web, signal.SIGKILL)
    assert (
        trial.get("/login", seconds=20).status_code == 200
    )  # the visitor waited, and lost nothing
    assert wait_for_other(trial, " serve ", web) != web
    trial.wait_for("web ended; it is being started again.", 5)


def wait_for_job(trial: Trial, job: str, state: str) -> str:
    """Wait until a job stands so; return how many attempts it took."""
    deadline = time.monotonic() + JOB_SECONDS
    while time.monotonic() < deadline:
        stands, attempts = trial.ask(
            f"SELECT state || ' ' || attempts FROM core.job WHERE id = '{job}'"
        ).split()
        if stands == state:
            return attempts
        time.sleep(0.02)
    raise AssertionError(job, state)


def test_killed_work_is_started_again_and_ends_what_it_did(trial: Trial) -> None:
    job = trial.ask("SELECT gen_random_uuid()")
    trial.ask(
        f"INSERT INTO core.job (id, room, kind, due_at) VALUES ('{job}', 'audit', 'verify', now())"
    )
    assert wait_for_job(trial, job, "RUNNING") == "1"
    work = trial.child(" work")
    os.kill(work, signal.SIGKILL)
    assert wait_for_other(trial, " work", work) != work
    trial.wait_for("work ended; it is being started again.", 5)
    assert wait_for_job(trial, job, "DONE") == "2"


def check_reader_through(trial: Trial, kill: Callable[[], None]) -> None:
    """A signed-in reader gets pages or a sentence while the database is away, and pages afterwards."""
    visitor = trial.sign_in()
    web = trial.child(" serve ")
    kill()
    seen = answers_until_well(visitor)
    assert {answer.status_code for answer in seen} <= {200, 503}
    assert all(AWAY in answer.text for answer in seen if answer.status_code == 503)
    assert trial.child(" serve ") == web


def test_killed_database_is_started_again(trial: Trial) -> None:
    database = trial.child("/postgres ")
    check_reader_through(trial, lambda: os.kill(database, signal.SIGKILL))
    assert wait_for_other(trial, "/postgres ", database) != database
    trial.wait_for("PostgreSQL ended; it is being started again.", 5)


def test_reader_is_told_while_the_database_is_away(trial: Trial) -> None:
    visitor = trial.sign_in()
    os.kill(trial.child("/postgres "), signal.SIGKILL)
    told = [visitor.get("/") for _ in range(5)]
    assert 503 in {answer.status_code for answer in told}
    api = visitor.get("/api/v1/seizures")
    assert api.status_code in {200, 503}
    answers_until_well(visitor)


def test_killed_backend_costs_a_moment(trial: Trial) -> None:
    database = trial.child("/postgres ")
    check_reader_through(trial, lambda: os.kill(trial.backends()[0], signal.SIGKILL))
    assert trial.child("/postgres ") == database


def test_children_end_with_the_parent(trial: Trial, start: Callable[..., Trial]) -> None:
    children = trial.children()
    assert len(children) == 3
    trial.kill()
    assert wait_until_nobody(trial.state, STOP_SECONDS) == {}
    again = start(trial.state)
    again.wait_until_open()
    assert again.get().status_code == 200
    assert again.lines[0] == "Starting nCEN."


def test_start_right_after_the_parent_was_killed(trial: Trial, start: Callable[..., Trial]) -> None:
    trial.kill()
    again = start(trial.state)
    again.wait_until_open()
    assert again.get().status_code == 200


def test_everything_killed_at_once(trial: Trial, start: Callable[..., Trial]) -> None:
    cases = trial.ask("SELECT count(*) FROM seizures.case_file")
    trial.kill_all()
    again = start(trial.state)
    again.wait_until_open()
    assert again.sign_in().get("/seizures").status_code == 200
    assert again.ask("SELECT count(*) FROM seizures.case_file") == cases


def test_left_server_is_ended(used_state: Path, start: Callable[..., Trial]) -> None:
    """A server that works on the data folder and has no parent to end it."""
    user = UNPRIVILEGED if os.geteuid() == 0 else ""
    folder = used_state / "pg"
    program = str(binaries(folder) / "postgres")
    with subprocess.Popen(
        as_person(user, [program, "-D", str(folder)]),
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    ) as left:
        while not (folder / "postmaster.pid").exists():
            time.sleep(0.05)
        again = start(used_state)
        again.wait_until_open()
        assert left.wait(1) == 0
        assert again.get().status_code == 200


@pytest.mark.parametrize("user", callers())
def test_someone_elses_number_in_the_pid_file(
    used_state: Path, start: Callable[..., Trial], user: str
) -> None:
    """The file is old, and its number belongs to a program that has nothing to do with this."""
    with subprocess.Popen(as_person(user, ["sleep", "100"])) as other:
        try:
            (used_state / "pg" / "postmaster.pid").write_text(f"{other.pid}\n", encoding="ascii")
            again = start(used_state)
            again.wait_until_open()
            assert again.get().status_code == 200
            assert other.poll() is None
        finally:
            other.kill()


@pytest.mark.parametrize("content", [b"", b"\0" * 20, b"nonsense\n"])
def test_pid_file_cut_short(used_state: Path, start: Callable[..., Trial], content: bytes) -> None:
    (used_state / "pg" / "postmaster.pid").write_bytes(content)
    again = start(used_state)
    again.wait_until_open()
    assert again.get().status_code == 200


def test_a_hanging_database_is_told_and_waited_for(trial: Trial) -> None:
    visitor = trial.sign_in()
    frozen = [trial.child("postgres"), *trial.backends()]
    for process in frozen:
        os.kill(process, signal.SIGSTOP)
    try:
        began = time.monotonic()
        health = visitor.get("/health", timeout=20)
        assert health.status_code == 503
        assert health.json() | {"version": ""} == {"alive": True, "ready": False, "version": ""}
        assert time.monotonic() - began < 10
        page = visitor.get("/seizures", timeout=90)
        assert page.status_code == 503
        assert "Nothing was changed" in page.text
    finally:
        for process in frozen:
            os.kill(process, signal.SIGCONT)
    answers_until_well(visitor)
    assert visitor.get("/health").json()["ready"] is True
