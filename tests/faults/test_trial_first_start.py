"""The very first start is cut short at any moment; the next one is clean and complete."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.gates.budgets import few_now
from tests.sims.trial import STOP_SECONDS, Trial, wait_until_nobody

Start = Callable[..., Trial]
SEEDS = range(int(os.environ.get("NCEN_FAULT_SEEDS", "4")))
ROLES = 9
WHOLE = """
SELECT (SELECT count(*) FROM accounts.account),
       (SELECT count(*) FROM seizures.case_file WHERE origin = 'DEMO'),
       (SELECT count(*) FROM reference.entry), (SELECT count(*) FROM public.migration)
"""


@pytest.fixture(scope="module")
def whole(used_state: Path) -> str:
    """What a first start that nobody disturbed leaves."""
    undisturbed = Trial(used_state)
    try:
        undisturbed.wait_until_open()
        return undisturbed.ask(WHOLE)
    finally:
        undisturbed.close()


@pytest.mark.parametrize("seed", few_now(SEEDS, 0))
def test_first_start_is_killed(fresh_place: Path, start: Start, whole: str, seed: int) -> None:
    chance = random.Random(seed)
    state = fresh_place / "state"
    first = start(state)
    first.wait_for("Making the database.")
    # Most of the work lies in the first seconds; three kills in a row find what one does not.
    for _ in range(3):
        time.sleep(chance.uniform(0.0, 2.0) + chance.choice([0.0, 0.0, 2.0, 4.0]))
        first.kill_all() if chance.random() < 0.5 else first.kill()
        assert wait_until_nobody(state, STOP_SECONDS) == {}
        first = start(state)
    first.wait_until_open()
    assert first.ask(WHOLE) == whole
    assert first.sign_in("officer").get("/seizures").status_code == 200
    assert len([line for line in first.lines if "Demo-" in line]) == ROLES
    first.stop()
    assert sorted(path.name for path in state.iterdir() if path.name.startswith(("pg.", "."))) == []
