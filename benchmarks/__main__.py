"""`make bench`: measures what the design promises and writes benchmarks/results.md.

usage: python -m benchmarks [--size small|full] [--only answers|visitor|audit|import]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks import house, report
from benchmarks.house import ROOT

PARTS = ("answers", "visitor", "audit", "import")
BESIDE = {
    "audit": ("What the audit entry costs a writer", "audit_cost"),
    "import": ("Import", "import_real"),
}


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    cases: int
    rounds: int
    scale: int


SIZES = {"small": Size(5_000, 5, 1), "full": Size(100_000, 9, 3)}


def say(text: str) -> None:
    print(text, flush=True)


def measure_answers(running: house.House, size: Size) -> str:
    # Settings are read when these are imported, and only now it is known which.
    os.environ["NCEN_CONFIG"] = running.environment["NCEN_CONFIG"]
    from benchmarks import answers, servers

    running.run("demo", "load", str(size.cases), "--seed", "2")
    with servers.side_by_side(running) as found:
        work = answers.workloads(found[0], size.scale)
        answers.check_equal(found, work)
        counted = answers.check_statements(running, found, work)
        say("All answers are equal and the floor runs our statements.")
        outcomes = []
        for item in work:
            outcomes.append(answers.measure(found, item, size.rounds))
            spent = {name: f"{outcomes[-1].median(name):.2f} ms" for name in outcomes[-1].spent}
            say(f"{item.name}: {spent}")
    return report.answers(outcomes, counted, size.cases)


def measure_visitor(state: Path) -> str:
    from benchmarks import footprint

    with house.running(state) as running:
        pages = footprint.first_page(running)
        memory = footprint.at_rest(running)
    return report.visitor(pages, memory, footprint.starts(state))


def measure_beside(name: str) -> str:
    """A measurement that stands in a file of its own and prints its figures."""
    title, module = BESIDE[name]
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{module}"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return report.quoted(title, done.stdout)


def measured(wanted: list[str], size: Size) -> list[str]:
    parts = []
    with house.folder() as state:
        if "answers" in wanted:
            say("Processor time per request.")
            with house.running(state) as running:
                parts.append(measure_answers(running, size))
        if "visitor" in wanted:
            say("Bytes, starts and memory.")
            parts.append(measure_visitor(state))
    for name in BESIDE:
        if name in wanted and (ROOT / "benchmarks" / f"{BESIDE[name][1]}.py").exists():
            say(BESIDE[name][0] + ".")
            parts.append(measure_beside(name))
    return parts


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--only", choices=PARTS, action="append", help="may be given several times")
    options = parser.parse_args()
    parts = measured(options.only or list(PARTS), SIZES[options.size])
    if options.only:
        say("\n".join(parts))
        return
    report.write(parts)
    say(f"Written: {report.PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
