"""Imports the real file, or a synthetic one of its layout: rows per second to the published end, and peak memory.

usage: python -m benchmarks.import_real [--rows N]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import house, processes
from tests.data.unodc_like import SourceFile, source_file

TARGET_ROWS, TARGET_MEGABYTES = 3_000, 300
LOOK_SECONDS = 0.1
START_SECONDS = 30


class Watched:
    """The highest memory that the process of the import reached, and the processor time it took."""

    def __init__(self) -> None:
        self.peak = 0
        self.seconds = 0.0

    def look(self, work: int) -> None:
        """Look at the child that `ncen work` started for the import, if it has one."""
        for pid in processes.children(work):
            with contextlib.suppress(OSError):
                status = (processes.PROC / str(pid) / "status").read_text(encoding="ascii")
                # One that has ended but was not yet waited for has no memory any more.
                peaks = [line for line in status.splitlines() if line.startswith("VmHWM")]
                self.peak = max([self.peak, *(int(line.split()[1]) * 1024 for line in peaks)])
                self.seconds = max(self.seconds, processes.processor_seconds(pid))


def worker(running: house.House) -> int:
    """The process of `ncen work`, which starts after the first page is served."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            return running.child("work")
        except RuntimeError:
            if time.monotonic() > deadline:
                raise
            time.sleep(LOOK_SECONDS)


def carry_out(
    running: house.House, source: SourceFile, *options: str
) -> tuple[dict[str, Any], Watched]:
    """Run one import and watch it."""
    work = worker(running)
    watched = Watched()
    command = [sys.executable, "-m", "appliance.cli", "import", str(source.path)]
    command += ["--mapping", "unodc-ids", "--json", *options]
    with subprocess.Popen(
        command, env=running.environment, stdout=subprocess.PIPE, text=True
    ) as importing:
        while importing.poll() is None:
            watched.look(work)
            time.sleep(LOOK_SECONDS)
        assert importing.stdout is not None
        report: dict[str, Any] = json.loads(importing.stdout.read())
    assert importing.returncode == 0, report
    return report, watched


def describe(title: str, report: dict[str, Any], watched: Watched) -> str:
    """One import as a line."""
    counts = ", ".join(f"{report[n]:,} {n}" for n in ("loaded", "held", "duplicates", "rejected"))
    rate = report["rows"] / report["seconds"]
    return (
        f"{title}: {report['rows']:,} rows = {counts}; {report['seconds']} s, {rate:,.0f} rows/s"
        f" (target {TARGET_ROWS:,}); peak {watched.peak >> 20} MB resident (target {TARGET_MEGABYTES});"
        f" {watched.seconds:.1f} s of its own processor time"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000, help="rows of the synthetic file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place, house.folder() as state:
        source = source_file(Path(place), options.rows)
        print(f"The {source.kind} file; all indexes in place, staged, published, audited.")
        with house.running(state) as running:
            for title, wanted in (
                ("Check only", ["--dry-run"]),
                ("Import", []),
                ("The same again", []),
            ):
                print(describe(title, *carry_out(running, source, *wanted)), flush=True)


if __name__ == "__main__":
    main()
