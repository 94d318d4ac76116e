"""A trial in odd surroundings: paths, links, languages and variables that somebody else set."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.gates.budgets import few_now
from tests.sims.trial import STOP_SECONDS, Trial, callers, wait_until_nobody

Start = Callable[..., Trial]
ODD_NAME = 'it\'s a "state" of $HOME, 100%s ü 船 🚢 \u202e;\\'
ODD_SURROUNDINGS: dict[str, Mapping[str, str | None]] = {
    "nothing set": dict.fromkeys(os.environ),
    "plain C, ASCII out": {
        "LC_ALL": "C",
        "LANG": "C",
        "PYTHONIOENCODING": "ascii",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
    },
    "unknown language and zone": {"LC_ALL": "xx_YY.ISO-8859-1", "TZ": "Nowhere/Land"},
    "another database's variables": {
        "PGHOST": "127.0.0.9",
        "PGPORT": "1",
        "PGUSER": "somebody",
        "PGDATABASE": "other",
        "PGSERVICE": "none",
        "PGSSLMODE": "verify-full",
        "PGOPTIONS": "-c nonsense=1",
        "PGDATA": "/nonexistent",
        "PICCOLO_CONF": "nonsense",
        "NCEN_DB_ROLE": "ncen_owner",
        "NCEN_CONFIG": "/nonexistent",
    },
    "another person's name": {"USER": "somebody", "LOGNAME": "somebody", "HOME": "/nonexistent"},
    "no home": {"HOME": None, "XDG_RUNTIME_DIR": None},
    "runtime folder is a word": {"XDG_RUNTIME_DIR": "nonsense"},
    "runtime folder is too long": {"XDG_RUNTIME_DIR": "/" + "x" * 200},
    "runtime folder is not ours": {"XDG_RUNTIME_DIR": "/etc"},
    "runtime folder with a comma": {"XDG_RUNTIME_DIR": "/tmp/a'b,c"},  # noqa: S108 - not to be used
}
LIKELY = ("nothing set", "plain C, ASCII out", "another database's variables", "no home")


def check_open_and_end(trial: Trial) -> None:
    """It opens, answers and ends."""
    trial.wait_until_open()
    assert trial.get("/login").status_code == 200
    assert trial.stop() < STOP_SECONDS
    assert trial.process.returncode == 0
    assert wait_until_nobody(trial.state, 0.5) == {}


@pytest.mark.parametrize("name", few_now(ODD_SURROUNDINGS, *LIKELY))
def test_odd_variables(used_state: Path, start: Start, name: str) -> None:
    check_open_and_end(start(used_state, changes=ODD_SURROUNDINGS[name]))


@pytest.mark.parametrize("user", callers())
def test_odd_name(fresh_place: Path, start: Start, user: str) -> None:
    check_open_and_end(start(fresh_place / ODD_NAME, "--no-demo", user=user))


@pytest.mark.parametrize("length", few_now([300, 780], 780))
def test_long_path(fresh_place: Path, start: Start, length: int) -> None:
    path = fresh_place
    while len(str(path)) < length - 60:
        path /= "p" * 40
    check_open_and_end(start(path / ("q" * (length - len(str(path)) - 1)), "--no-demo"))


def test_link_and_folder_are_one(used_state: Path, fresh_place: Path, start: Start) -> None:
    (fresh_place / "link").symlink_to(used_state)
    by_link = start(fresh_place / "link")
    by_link.wait_until_open()
    assert f"Data folder: {used_state}." in by_link.lines[-1]
    assert by_link.get("/login").status_code == 200
    assert f" -D {used_state}/pg" in "".join(by_link.children().values())


@pytest.mark.parametrize("user", callers())
def test_new_disk_with_its_lost_and_found(fresh_place: Path, start: Start, user: str) -> None:
    (fresh_place / "lost+found").mkdir(mode=0o700)
    check_open_and_end(start(fresh_place, "--no-demo", user=user))


@pytest.mark.parametrize("mask", few_now(["077", "000"], "077"))
def test_any_umask(fresh_place: Path, start: Start, mask: str) -> None:
    state = fresh_place / "deep" / "below" / "state"
    prefix = ["sh", "-c", f'umask {mask}; exec "$@"', "sh"]
    check_open_and_end(start(state, "--no-demo", prefix=prefix))
    secret = [state / name for name in ("blobs", "keys", "log", "settings.toml", "up.lock")]
    assert [path.name for path in secret if path.stat().st_mode & 0o077] == []
