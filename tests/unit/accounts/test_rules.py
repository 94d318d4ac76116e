"""Who makes whom, when sessions end, how long failures wait, what browsers are called."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from appliance.app.accounts.policy.people import (
    gains_cases,
    last_keeper,
    may_reset,
    needs_approval,
    roles_problem,
)
from appliance.app.accounts.policy.sessions import (
    Times,
    bounds,
    is_over,
    is_stale,
    name_browser,
    wait_seconds,
)
from appliance.core.room import CASE_ROLES, Role

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_an_administrator_holds_no_other_role() -> None:
    for role in CASE_ROLES:
        assert roles_problem({Role.ADMIN, role}) is not None
        assert roles_problem({role}) is None
    assert roles_problem(set()) is not None


def test_only_added_case_roles_need_approval() -> None:
    assert needs_approval(set(), {Role.AUDITOR})
    assert needs_approval({Role.OFFICER}, {Role.OFFICER, Role.NCP})
    assert not needs_approval({Role.OFFICER, Role.NCP}, {Role.OFFICER})
    assert not needs_approval(set(), {Role.ADMIN})


def test_only_who_had_no_cases_gains_them() -> None:
    for role in CASE_ROLES:
        assert gains_cases(set(), {role})
        assert gains_cases({Role.ADMIN}, {role})
        assert not gains_cases({role}, {role, Role.NCP})
    assert not gains_cases({Role.OFFICER}, {Role.ADMIN})
    assert not gains_cases(set(), {Role.ADMIN})


def test_administrators_reset_administrators_and_contact_points_all_others() -> None:
    for role in CASE_ROLES:
        assert may_reset({Role.NCP}, {role})
        assert not may_reset({Role.ADMIN}, {role})
    assert may_reset({Role.ADMIN}, {Role.ADMIN})
    assert not may_reset({Role.NCP}, {Role.ADMIN})
    assert not may_reset({Role.OFFICER}, {Role.OFFICER})


def test_the_last_keeper_is_found() -> None:
    assert last_keeper({Role.NCP}, set()) is Role.NCP
    assert last_keeper({Role.NCP}, {Role.NCP}) is None
    assert last_keeper({Role.NCP, Role.OFFICER}, set(), kept={Role.NCP}) is None
    assert last_keeper({Role.OFFICER}, set()) is None


@pytest.mark.parametrize(
    ("made", "seen", "ends", "over"),
    [
        (-HOUR, -HOUR / 60, HOUR, False),
        (-HOUR, -HOUR, HOUR, True),
        (-2 * HOUR, -HOUR / 60, timedelta(), True),
        (timedelta(days=2), timedelta(days=2), timedelta(days=3), True),
        (timedelta(minutes=5), timedelta(minutes=5), HOUR, False),
    ],
    ids=["in use", "idle", "too old", "made by a clock ahead", "clock set back a little"],
)
def test_sessions_end(made: timedelta, seen: timedelta, ends: timedelta, *, over: bool) -> None:
    assert is_over(Times(NOW + made, NOW + seen, NOW + ends), NOW, HOUR) is over


@pytest.mark.parametrize(
    ("made", "ends", "holds"),
    [
        (-HOUR, HOUR, True),
        (-72 * HOUR, timedelta(), False),
        (20 * HOUR, 92 * HOUR, True),
        (25 * HOUR, 50 * HOUR, False),
        (-HOUR, 97 * HOUR, False),
        (timedelta(days=4000), timedelta(days=4003), False),
    ],
    ids=[
        "in use",
        "over",
        "clock set back a little",
        "made ahead",
        "lasts too long",
        "years ahead",
    ],
)
def test_a_code_counts_within_its_bounds(made: timedelta, ends: timedelta, *, holds: bool) -> None:
    assert bounds(NOW, 72 * HOUR, believed=True).hold(NOW + made, NOW + ends) is holds
    assert bounds(NOW, 72 * HOUR, believed=False).hold(NOW + made, NOW + ends)


def test_a_session_is_written_once_a_minute() -> None:
    assert not is_stale(NOW - timedelta(seconds=60), NOW)
    assert is_stale(NOW - timedelta(seconds=61), NOW)
    assert is_stale(NOW + timedelta(seconds=61), NOW)


def test_failures_wait_twice_as_long_each_time_up_to_a_quarter_of_an_hour() -> None:
    waits = [wait_seconds(failures, 5) for failures in range(1, 18)]
    assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]
    assert wait_seconds(10_000_000, 5) == 900


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537", "Chrome · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 19) Version/19 Safari/604", "Safari · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0", "Firefox · Linux"),
        ("", ""),
        (
            "ports-scanner 1.0 with a very long name that goes on and on",
            "ports-scanner 1.0 with a very long name ",
        ),
    ],
)
def test_browsers_have_names(agent: str, name: str) -> None:
    assert name_browser(agent) == name
