"""Jobs under faults: every one ends, and ends once, whatever happens to the processes that run them."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from appliance.core.i18n import Message
from appliance.core.outbox import enqueue
from tests.faults.working import (
    job,
    traces,
    until,
    until_state,
    until_traced,
    value,
    working,
)

pytestmark = pytest.mark.usefixtures("database")


async def test_a_job_whose_worker_is_killed_is_taken_again_and_ends_once(tmp_path: Path) -> None:
    job_id = await enqueue("probe", "slow", {"number": 1, "seconds": 2})
    with working(tmp_path / "heard") as first:
        await until_traced("begin 1", first)
        first.kill()
    assert (await job(job_id)).state == "RUNNING"
    with working(tmp_path / "heard") as second:
        done = await until_state(job_id, "DONE", second)
    assert await traces() == ["begin 1", "begin 1", "end 1"]
    assert done.attempts == 2
    assert done.result == {"number": 1}


async def test_a_second_worker_takes_over_while_it_runs_beside_the_first(tmp_path: Path) -> None:
    with working(tmp_path / "heard") as first:
        job_id = await enqueue("probe", "slow", {"number": 1, "seconds": 3})
        await until_traced("begin 1", first)
        with working(tmp_path / "heard", PROBE_RECLAIM="0.2") as second:
            other = await enqueue("probe", "slow", {"number": 2})
            await until_state(other, "DONE", first, second)
            assert await traces("begin 1") == ["begin 1"]  # nobody takes what somebody holds
            first.kill()
            await until_state(job_id, "DONE", second)
    assert (await traces()).count("end 1") == 1


async def test_a_polite_stop_gives_the_job_back_and_costs_it_no_attempt(tmp_path: Path) -> None:
    job_id = await enqueue("probe", "slow", {"number": 1, "seconds": 2})
    for turn in range(1, 5):
        with working(tmp_path / "heard") as stopped:
            await until_traced("begin 1", stopped, times=turn)
            assert stopped.stop() < 3
            assert stopped.process.returncode == 0, stopped.said()
        found = await job(job_id)
        assert (found.state, found.attempts) == ("DUE", 0)
    with working(tmp_path / "heard") as last:
        done = await until_state(job_id, "DONE", last)
    assert done.attempts == 1
    assert (await traces()).count("end 1") == 1


async def test_a_job_that_always_fails_ends_failed_after_its_attempts(tmp_path: Path) -> None:
    job_id = await enqueue("probe", "failing", {"number": 1})
    with working(tmp_path / "heard") as work:
        failed = await until_state(job_id, "FAILED", work)
    assert failed.attempts == 3
    assert await traces() == ["begin 1"] * 3
    told = msgspec.json.decode(failed.error, type=Message).text("en")
    assert told == "The job failed with an error of ours; the log tells more."


async def test_a_job_that_kills_its_worker_each_time_is_given_up(tmp_path: Path) -> None:
    job_id = await enqueue("probe", "slow", {"number": 1, "seconds": 60})
    for turn in range(1, 4):
        with working(tmp_path / "heard", PROBE_RECLAIM="0.2") as work:
            await until_traced("begin 1", work, times=turn)
            work.kill()
    with working(tmp_path / "heard", PROBE_RECLAIM="0.2") as work:
        failed = await until_state(job_id, "FAILED", work)
    assert failed.attempts == 3
    assert (await traces()).count("begin 1") == 3
    assert msgspec.json.decode(failed.error, type=Message).text("en")


async def test_a_refusal_is_final_and_keeps_its_sentence(tmp_path: Path) -> None:
    job_id = await enqueue("probe", "refused", {"number": 1})
    with working(tmp_path / "heard") as work:
        failed = await until_state(job_id, "FAILED", work)
    assert failed.attempts == 1
    told = msgspec.json.decode(failed.error, type=Message).text("en")
    assert told == "The file x.csv is empty."


async def test_two_workers_run_each_job_once(tmp_path: Path) -> None:
    count = 150
    for number in range(count):
        await enqueue("probe", "slow", {"number": number})

    async def all_done() -> bool:
        open_jobs = await value(
            "SELECT count(*) FROM core.job WHERE room = 'probe' AND state <> 'DONE'"
        )
        return int(open_jobs) == 0

    changes = {"PROBE_RECLAIM": "0.01"}
    with (
        working(tmp_path / "heard", **changes) as first,
        working(tmp_path / "heard", **changes) as second,
    ):
        await until(all_done, first, second)
    assert sorted(await traces("begin")) == sorted(f"begin {number}" for number in range(count))
    assert await value("SELECT max(attempts) FROM core.job WHERE room = 'probe'") == 1


async def test_heavy_jobs_that_wait_do_not_hold_up_light_ones(tmp_path: Path) -> None:
    for _ in range(40):
        await enqueue("audit", "verify", {})
    light = await enqueue("probe", "slow", {"number": 1})
    with working(tmp_path / "heard") as work:
        await until_state(light, "DONE", work)
        waiting = "SELECT count(*) FROM core.job WHERE kind = 'verify' AND state = 'DUE'"
        assert await value(waiting) > 30


async def test_jobs_that_nobody_knows_do_not_hold_up_others(tmp_path: Path) -> None:
    for _ in range(30):
        await enqueue("gone", "forgotten", {})
    known = await enqueue("probe", "slow", {"number": 1})
    with working(tmp_path / "heard") as work:
        await until_state(known, "DONE", work)


async def test_a_heavy_job_whose_worker_is_killed_ends_once_in_another(tmp_path: Path) -> None:
    job_id = await enqueue("audit", "verify", {})
    with working(tmp_path / "heard") as first:
        await until_state(job_id, "RUNNING", first)
        first.kill()
    with working(tmp_path / "heard") as second:
        done = await until_state(job_id, "DONE", second)
    assert done.result["verdict"] == "OK"
