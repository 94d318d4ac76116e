"""When the wall clock is believed: a dead battery wakes in 1970, a wrong setting jumps to 2038."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance.core import clock
from appliance.core.clock import RELEASE_TIME, believable, read_floor

FLOOR = datetime(2027, 3, 1, tzinfo=UTC)
LIBRARY = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"
PROBE = (
    "import sys, pathlib; from appliance.core import clock; state = pathlib.Path(sys.argv[1]);"
    "print(clock.now().year, clock.trusted(state), clock.raise_floor(state))"
)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (FLOOR, True),
        (FLOOR - timedelta(hours=23), True),
        (FLOOR - timedelta(hours=25), False),
        (FLOOR + timedelta(days=399), True),
        (FLOOR + timedelta(days=401), False),
        (datetime(1970, 1, 1, 0, 5, tzinfo=UTC), False),
        (datetime(2038, 1, 19, 3, 14, 7, tzinfo=UTC), False),
    ],
)
def test_a_moment_is_believed_near_the_newest_one_seen(moment: datetime, *, expected: bool) -> None:
    assert believable(moment, FLOOR) is expected


@pytest.mark.parametrize(
    "content", [None, "", "nonsense", "2027-03-01T00:00:00", "1999-01-01T00:00:00+00:00"]
)
def test_without_a_good_note_the_release_is_the_floor(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / clock.FLOOR_FILE).write_text(content, encoding="ascii")
    assert read_floor(tmp_path) == RELEASE_TIME


def test_the_floor_rises_and_never_sinks(tmp_path: Path) -> None:
    assert clock.raise_floor(tmp_path)
    first = read_floor(tmp_path)
    ahead = first + timedelta(hours=5)
    (tmp_path / clock.FLOOR_FILE).write_text(ahead.isoformat(), encoding="ascii")
    assert clock.raise_floor(tmp_path)
    assert read_floor(tmp_path) == ahead


def told_at(moment: str, state: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(state)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "LD_PRELOAD": LIBRARY, "FAKETIME": f"@{moment}", "TZ": "UTC"},
    )
    return done.stdout.split()


@pytest.mark.parametrize("moment", ["1970-01-02 00:00:00", "2038-01-20 00:00:00"])
def test_a_process_with_a_dead_or_wrong_clock_knows_it(tmp_path: Path, moment: str) -> None:
    assert told_at(moment, tmp_path) == [moment[:4], "False", "False"]
    assert not (tmp_path / clock.FLOOR_FILE).exists()


def test_a_confirmed_clock_is_believed_from_there_on(tmp_path: Path) -> None:
    (tmp_path / clock.FLOOR_FILE).write_text("2037-12-31T00:00:00+00:00", encoding="ascii")
    assert not clock.trusted(tmp_path)
    assert told_at("2038-01-20 00:00:00", tmp_path) == ["2038", "True", "True"]
    clock.confirm(tmp_path)
    assert clock.trusted(tmp_path)
