"""Which waiting jobs a wrong clock put off, and what the clock makes of odd moments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from appliance.core import clock, ids, outbox

YEAR_9999 = "9999-12-31T23:59:59+00:00"


def test_job_asked_for_at_once() -> None:
    job = ids.new_id()
    made = datetime.fromtimestamp(ids.made_at(job), UTC)
    assert abs(made - clock.now()) < timedelta(seconds=5)
    assert outbox.put_off_by_clock(job, made)
    assert outbox.put_off_by_clock(job, made + timedelta(minutes=64))


def test_job_planned_for_later() -> None:
    job = ids.new_id()
    assert not outbox.put_off_by_clock(job, clock.now() + timedelta(days=30))


def test_repeated_job_has_an_id_without_a_time() -> None:
    assert not outbox.put_off_by_clock(UUID(int=(1 << 128) - 1), clock.now() + timedelta(days=1))


def test_absurd_floor_is_only_not_trusted(tmp_path: Path) -> None:
    (tmp_path / clock.FLOOR_FILE).write_text(YEAR_9999, encoding="ascii")
    assert not clock.trusted(tmp_path)
    assert not clock.raise_floor(tmp_path)
    clock.confirm(tmp_path)
    assert clock.trusted(tmp_path)


def test_damaged_floor_counts_as_none(tmp_path: Path) -> None:
    for content in (b"", b"\xff\xfe", b"yesterday", b"2026-11-23T07:00:00"):
        (tmp_path / clock.FLOOR_FILE).write_bytes(content)
        assert clock.read_floor(tmp_path) == clock.RELEASE_TIME
