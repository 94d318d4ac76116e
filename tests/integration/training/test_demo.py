from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from appliance.app.training import limits, service
from appliance.app.training.planted import LONG_PLACE, planted
from appliance.app.training.profiles import profile
from appliance.core import db
from appliance.core.errors import Refused
from appliance.core.settings import CONFIG_VARIABLE, get_settings

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]
SMALL = 300


@pytest.fixture(autouse=True)
async def nothing_loaded(database: None) -> None:  # noqa: ARG001 - after it
    """Facts outlive a test's cases, and the application may not delete them."""
    settings = get_settings()
    connection = await asyncpg.connect(
        host=settings.socket_dir, user="ncen_owner", database=settings.database
    )
    await connection.execute("DELETE FROM core.fact WHERE name LIKE 'synthetic %'")
    await connection.close()


async def counted(where: str = "true") -> int:
    found: int = await db.fetch_value(f"SELECT count(*) FROM seizures.case_file WHERE {where}")
    return found


async def test_start_loads_the_whole_demo_once() -> None:
    await service.start()
    assert await counted("origin = 'DEMO'") == limits.DEMO_CASES
    with pytest.raises(Refused):
        await service.start()
    assert await counted() == limits.DEMO_CASES


async def test_every_case_says_that_it_is_synthetic() -> None:
    await service.load(5, SMALL)
    assert await counted("operation LIKE 'SYNTHETIC%' AND origin = 'DEMO'") == SMALL


async def test_each_state_is_there_in_the_office_of_the_officer() -> None:
    await service.start()
    rows = await db.fetch("SELECT status FROM seizures.case_file WHERE office_code = 'SEA1'")
    wanted = {item.status for item in planted(profile())}
    assert {row["status"] for row in rows} == wanted


async def test_planted_cases_keep_every_character() -> None:
    wanted = {item.name: item.case for item in planted(profile())}
    await service.start()
    for name in ("emoji", "right-to-left", "canaries"):
        assert await db.fetch_value(
            "SELECT count(*) FROM seizures.case_file WHERE narrative = $1", wanted[name].narrative
        )
    assert await counted(f"place_text = '{LONG_PLACE}'") == 1
    typed = await db.fetch(
        "SELECT quantity::text FROM seizures.commodity WHERE quantity_typed <> ''"
    )
    assert {row["quantity"] for row in typed} == {"0.0004", "9999999"}


async def test_lines_belong_to_their_cases() -> None:
    await service.load(5, SMALL)
    row = await db.fetch_row(
        "SELECT sum(lines) AS told, (SELECT count(*) FROM seizures.commodity) AS stored,"
        " (SELECT count(DISTINCT case_id) FROM seizures.route_leg) AS routed FROM seizures.case_file"
    )
    assert row is not None
    assert row["told"] == row["stored"] > SMALL
    assert row["routed"] == SMALL


async def test_same_seed_twice_is_refused_and_changes_nothing() -> None:
    await service.load(5, SMALL)
    with pytest.raises(Refused):
        await service.load(5, SMALL + 10)
    assert await counted() == SMALL
    assert await db.fetch_value("SELECT count(*) FROM seizures.staged_case_file") == 0


async def test_load_that_broke_off_leaves_nothing_and_can_be_repeated() -> None:
    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await service.load(5, SMALL, stop)
    assert await counted() == 0
    assert await db.fetch_value("SELECT count(*) FROM seizures.staged_case_file") == 0
    assert await service.load(5, SMALL) == SMALL
    assert await counted() == SMALL


async def test_load_is_audited() -> None:
    await service.load(5, SMALL)
    row = await db.fetch_row("SELECT action, actor_name FROM audit.entry WHERE room = 'training'")
    assert row is not None
    assert (row["action"], row["actor_name"]) == ("IMPORT", "Synthetic data")


async def test_offices_of_the_cases_are_known() -> None:
    await service.load(5, SMALL)
    unknown = await counted("office_code NOT IN (SELECT code FROM accounts.office)")
    assert unknown == 0


def ran(settings: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "appliance.cli", "demo", *arguments],
        env={**os.environ, CONFIG_VARIABLE: settings},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.timeout(60)
async def test_start_twice_from_the_command_line() -> None:
    for _ in range(2):
        done = ran(os.environ[CONFIG_VARIABLE], "start")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert await counted() == limits.DEMO_CASES


async def test_accounts_are_printed_with_passwords(cast: dict[str, Any]) -> None:
    done = ran(os.environ[CONFIG_VARIABLE], "accounts")
    assert done.returncode == 0
    for person in cast.values():
        line = next(one for one in done.stdout.splitlines() if one.startswith(f"{person.login} "))
        assert person.password in line


@pytest.fixture
def real_settings(tmp_path: Path) -> str:
    settings = tmp_path / "settings.toml"
    text = Path(os.environ[CONFIG_VARIABLE]).read_text(encoding="utf-8")
    settings.write_text(text.replace("demo = true", "demo = false"), encoding="utf-8")
    return str(settings)


@pytest.mark.parametrize("arguments", [("load", "5"), ("start",), ("accounts",)])
async def test_real_installation_takes_nothing_of_a_trial(
    real_settings: str, arguments: tuple[str, ...]
) -> None:
    done = ran(real_settings, *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert await counted() == 0


@pytest.mark.parametrize("count", ["0", "-1", "many", "99999999"])
async def test_senseless_counts_are_wrong_usage(count: str) -> None:
    assert ran(os.environ[CONFIG_VARIABLE], "load", count).returncode == 64
