"""How long one test may take, by the folder it lies in; pyproject.toml has the limit of all others.

A test that needs longer than its kind says so itself with pytest.mark.timeout, where it is seen. Of a fault that is
tried at many moments or in many surroundings a few are tried with each change, and the rest by `make faults`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

SECONDS_BY_FOLDER = {
    "migrations": 30,  # a database of its own is made for each
    "integration": 30,  # commands are run as processes of their own
    "browser": 60,  # a person's whole way through several pages
    "faults": 120,  # servers are killed and started again
}


def few_now(cases: Iterable[Any], *now: Any) -> list[Any]:
    """The cases of a matrix, of which only some are tried with each change."""
    return [case if case in now else pytest.param(case, marks=pytest.mark.matrix) for case in cases]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        folder = item.path.relative_to(item.config.rootpath / "tests").parts[0]
        if folder in SECONDS_BY_FOLDER and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(SECONDS_BY_FOLDER[folder]))
