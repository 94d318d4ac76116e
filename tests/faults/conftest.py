"""A trial's data folder that was opened once, and trials on it or on a fresh one."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sims.trial import Trial

Open = Callable[..., Trial]


@pytest.fixture(scope="session")
def used_state() -> Iterator[Path]:
    """A data folder with demo data; whoever uses it leaves it whole."""
    place = Path(tempfile.mkdtemp(prefix="ncen-fault-"))
    place.chmod(0o755)
    trial = Trial(place / "state")
    try:
        trial.wait_until_open()
        trial.stop()
        yield place / "state"
    finally:
        trial.close()
        shutil.rmtree(place)


@pytest.fixture
def fresh_place() -> Iterator[Path]:
    """A folder that everybody may write to."""
    place = Path(tempfile.mkdtemp(prefix="ncen-fault-"))
    place.chmod(0o777)
    yield place
    shutil.rmtree(place)


@pytest.fixture
def start() -> Iterator[Open]:
    """Starts trials that do not outlive the test."""
    started: list[Trial] = []

    def start_one(state: Path, *arguments: str, **options: Any) -> Trial:
        started.append(Trial(state, *arguments, **options))
        return started[-1]

    yield start_one
    for trial in started:
        trial.close()


@pytest.fixture
def trial(used_state: Path, start: Open) -> Trial:
    """A running trial."""
    running = start(used_state)
    running.wait_until_open()
    return running
