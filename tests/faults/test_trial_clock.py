"""The clock of the machine is wrong: everything runs, says so, and nothing expires."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import pytest

from tests.conftest import form_token
from tests.integration.conftest import SEIZURE
from tests.sims.trial import Trial

Start = Callable[..., Trial]
LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
EVENT_YEAR = 2026
WARNING = "The clock of this server is not trusted."
WRONG_CLOCKS = {
    "battery empty": datetime(1970, 1, 1, 0, 0, 5, tzinfo=UTC),
    "beyond 32 bits": datetime(2038, 1, 20, tzinfo=UTC),
    "three years on": datetime.fromtimestamp(time.time() + 3 * 366 * 86400, UTC),
}


def faked(moment: datetime) -> dict[str, str]:
    """What makes every process of ours believe another time; durations stay true."""
    return {
        "LD_PRELOAD": str(LIBRARY),
        "FAKETIME": f"{moment.timestamp() - time.time():+.0f}s",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


def web_year(answer: httpx.Response) -> int:
    """The year that the application lives in."""
    return parsedate_to_datetime(answer.headers["date"]).year


def submitted_case(officer: httpx.Client) -> httpx.Response:
    """The page of a case of the day, which an officer enters and submits whatever the clock shows."""
    form = officer.get("/seizures/new")
    typed = {**SEIZURE, "event_date": f"{EVENT_YEAR}-11-20", "submit": "yes"}
    answer = officer.post("/seizures", data={**typed, "_csrf_token": form_token(form)})
    assert answer.status_code == 303, answer.text
    return officer.get(answer.headers["location"])


@pytest.mark.parametrize("moment", WRONG_CLOCKS.values(), ids=WRONG_CLOCKS)
def test_wrong_clock_on_a_house_in_use(used_state: Path, start: Start, moment: datetime) -> None:
    right = start(used_state)
    right.wait_until_open()
    visitor = right.sign_in()
    assert WARNING not in visitor.get("/").text
    floor = (used_state / "clock-floor").read_text(encoding="ascii")
    right.stop()

    wrong = start(used_state, changes=faked(moment))
    wrong.wait_until_open()
    visitor.base_url = httpx.URL(f"http://127.0.0.1:{wrong.port}")
    login = wrong.get("/login")
    assert web_year(login) == moment.year  # the clock really is wrong
    assert WARNING in login.text
    kept = visitor.get("/")
    assert kept.status_code == 200  # the session of before is still good
    assert WARNING in kept.text
    assert wrong.sign_in("supervisor").get("/seizures").status_code == 200
    assert f"PH-SEA1-{EVENT_YEAR}-" in submitted_case(wrong.sign_in()).text
    assert (used_state / "clock-floor").read_text(encoding="ascii") == floor
    wrong.stop()

    mended = start(used_state)
    mended.wait_until_open()
    visitor.base_url = httpx.URL(f"http://127.0.0.1:{mended.port}")
    after = visitor.get("/")
    assert after.status_code == 200
    assert WARNING not in after.text


def test_first_start_with_an_empty_battery(fresh_place: Path, start: Start) -> None:
    wrong = start(fresh_place / "state", changes=faked(WRONG_CLOCKS["battery empty"]))
    wrong.wait_until_open()
    login = wrong.get("/login")
    assert login.status_code == 200
    assert WARNING in login.text
    assert wrong.sign_in().get("/seizures").status_code == 200
    assert not (fresh_place / "state" / "clock-floor").exists()
