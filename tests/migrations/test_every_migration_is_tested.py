"""No migration without a test of its own: a national database is changed once and for all."""

from __future__ import annotations

import re
from pathlib import Path

from appliance.app import ROOM_NAMES
from appliance.core.migrate import known_migrations

NAMED = re.compile(r'^MIGRATION = \("(\w+)", "([^"]+)"\)$', re.MULTILINE)


def named_by_tests() -> list[tuple[str, str]]:
    return [
        (found[1], found[2])
        for path in Path(__file__).parent.glob("test_*.py")
        for found in NAMED.finditer(path.read_text(encoding="utf-8"))
    ]


def test_every_migration_has_a_test_module() -> None:
    assert sorted(known_migrations(ROOM_NAMES).keys() - set(named_by_tests())) == []


def test_every_test_module_names_a_migration_that_exists() -> None:
    assert sorted(set(named_by_tests()) - known_migrations(ROOM_NAMES).keys()) == []


def test_no_migration_is_claimed_twice() -> None:
    assert len(named_by_tests()) == len(set(named_by_tests()))
