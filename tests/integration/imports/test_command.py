"""`ncen import` as somebody at a terminal runs it, with a real `ncen work` beside it."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from appliance.core import db
from tests.conftest import SignedIn
from tests.data.unodc_like import as_csv, as_zip, rows, source_file

TABLE = rows(21, 300)
FOUND_AGAIN = 5  # places of a whole file that are looked for


def ncen(*arguments: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **changes}
    return subprocess.run(
        [sys.executable, "-m", "appliance.cli", *arguments],
        env={name: value for name, value in environment.items() if value is not None},
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )


@pytest.fixture
def working(database: None) -> Iterator[None]:  # noqa: ARG001 - the worker needs it
    """A worker that takes up what is asked for."""
    work = subprocess.Popen(
        [sys.executable, "-m", "appliance.cli", "work"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    yield
    work.terminate()
    work.wait(10)


def written(folder: Path, content: bytes, name: str = "seizures.csv") -> str:
    path = folder / name
    path.write_bytes(content)
    return str(path)


def imported(path: str, *options: str) -> tuple[int, dict[str, Any]]:
    done = ncen("import", path, "--mapping", "unodc-ids", "--json", *options)
    return done.returncode, json.loads(done.stdout)


@pytest.mark.timeout(60)
async def test_a_file_is_loaded_and_the_report_adds_up(working: None, tmp_path: Path) -> None:  # noqa: ARG001 - a worker
    path = written(tmp_path, as_zip(as_csv(TABLE)), "seizures.zip")
    code, checked = imported(path, "--dry-run")
    assert (code, checked["state"]) == (0, "CHECKED")
    code, report = imported(path)
    names = ("loaded", "held", "duplicates", "rejected")
    assert code == 0
    assert report["rows"] == 300 == sum(report[name] for name in names)
    assert [report[name] for name in names] == [checked[name] for name in names]
    assert report["seconds"] > 0
    assert report["made_by"].startswith("system (command line, ")
    plain = ncen("import", path, "--mapping", "unodc-ids", "--repeats", "load")
    assert plain.returncode == 0
    assert f"{report['loaded']:>12,}  duplicates of cases that are there" in plain.stdout
    assert await db.fetch_value("SELECT count(*) FROM seizures.case_file") == (
        report["loaded"] + report["held"]
    )


@pytest.mark.timeout(60)
async def test_a_file_that_turns_out_unreadable_ends_with_1_and_its_sentence(
    working: None,  # noqa: ARG001 - a worker
    tmp_path: Path,
) -> None:
    path = written(tmp_path, as_csv(TABLE) + b"\xff\xfe\n")
    code, report = imported(path)
    assert (code, report["state"], report["loaded"]) == (1, "FAILED", 0)
    assert "near row 302" in report["error"]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda folder: str(folder), "is not a file"),  # noqa: PLW0108 - all make a path
        (lambda folder: str(folder / "missing.csv"), "No such file or directory"),
        (lambda folder: written(folder, b""), "The file is empty"),
        (lambda folder: written(folder, b"a;b\n1;2\n"), "other columns than this mapping reads"),
        (lambda _: "/dev/zero", "is not a file"),
    ],
    ids=["folder", "missing", "empty", "other columns", "device"],
)
async def test_what_cannot_be_imported_is_refused_with_one_sentence(
    database: None,  # noqa: ARG001 - the database must be there
    tmp_path: Path,
    make: Any,
    words: str,
) -> None:
    done = ncen("import", make(tmp_path), "--mapping", "unodc-ids")
    assert done.returncode == 1
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_a_wrong_name_of_a_mapping_is_wrong_usage(tmp_path: Path) -> None:
    done = ncen("import", str(tmp_path), "--mapping", "nonsense")
    assert done.returncode == 64
    assert "known: unodc-ids" in done.stderr


def test_where_nothing_runs_the_command_says_so(tmp_path: Path) -> None:
    path = written(tmp_path, as_csv(TABLE))
    done = ncen("import", path, "--mapping", "unodc-ids", "--state", str(tmp_path / "none"))
    assert done.returncode == 2
    assert "No running nCEN was found" in done.stderr
    assert len(done.stderr.splitlines()) == 1


class Known(NamedTuple):
    """A row of a file that is easy to tell from all others."""

    place: str
    day: str


def rare_places(path: Path) -> list[Known]:
    """The places that a file names the fewest times, with the day of one of their rows; one plain word each."""
    with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as stream:
        text = io.TextIOWrapper(stream, "utf-8-sig", newline="")
        days = [(row["PLACE"], row["SEIZURE_DATE"]) for row in csv.DictReader(text, delimiter=";")]
    often = Counter(place for place, _ in days)
    plain = {place: day for place, day in days if place.isascii() and place.isalpha()}
    rarest = sorted(plain, key=lambda place: (often[place], place))
    return [Known(place, plain[place]) for place in rarest[:FOUND_AGAIN]]


async def check_found_by_place(client: httpx.AsyncClient, known: Known) -> None:
    """The list page finds a case by the words of its place, on its day and not on another."""
    asked = {"q": known.place.lower(), "from": known.day, "to": known.day}
    page = await client.get("/seizures", params=asked)
    assert page.status_code == 200
    assert known.place in page.text
    case = re.search(r'href="(/seizures/[0-9a-f-]{36})"', page.text)
    assert case is not None, known
    assert known.place in (await client.get(case[1])).text
    other = await client.get("/seizures", params={**asked, "from": "2016-01-01", "to": ""})
    assert not re.search(r'href="/seizures/[0-9a-f-]{36}"', other.text)


@pytest.mark.timeout(600)
async def test_the_file_of_this_layout_that_is_at_hand_is_imported_whole(
    working: None,  # noqa: ARG001 - a worker
    signed_in: SignedIn,
    record_property: Any,
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = source_file(Path(folder))
        record_property("source", source.kind)
        code, report = imported(str(source.path))
        places = rare_places(source.path)
    print(f"the {source.kind} file: {report['rows']} rows in {report['seconds']} seconds")
    assert (code, report["state"]) == (0, "DONE")
    counted = report["loaded"] + report["held"] + report["duplicates"] + report["rejected"]
    assert report["rows"] == counted
    assert report["rejected"] == sum(reason["count"] for reason in report["reasons"])
    assert report["rejected"] * 100 < report["rows"]
    assert await db.fetch_value("SELECT count(*) FROM seizures.case_file") == report["loaded"]
    if source.kind == "real":
        known = {"rows": 208_172, "held": 25_249}
        assert {name: report[name] for name in known} == known
    assert places
    analyst = await signed_in("analyst")
    for wanted in places:
        await check_found_by_place(analyst, wanted)
