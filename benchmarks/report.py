"""Writes what was measured as a page of the repository: ratios first, for times belong to one machine."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks import footprint
from benchmarks.answers import Outcome
from benchmarks.servers import OURS

PAGE = Path(__file__).with_name("results.md")
HEAD = """\
# Measurements

Written by `make bench`. Ratios of one run on one machine; the times below them belong to that machine and
mean nothing elsewhere. Processor time is user and system time of the server process (children included) per
request, PostgreSQL not counted; rounds of all servers are interleaved in random order.

"""
SERVERS = """\
* **nCEN**: the trial's web process as shipped, with session cookie, rights, audit entry and all headers.
* **floor**: one ASGI callable by hand on the same uvicorn, uvloop and httptools with asyncpg and msgspec. It runs
  our statements word for word (the database's own statistics are compared), one connection per request, and for the
  page the same Jinja2 template and row formatting with menu and frame worked out beforehand.
* **Django**: current long-term release on gunicorn, one worker with 4 threads or one synchronous worker, persistent
  connections, models, querysets and JsonResponse as its manual teaches; its page uses the same template and row
  formatting. Session look-up, rights check and audit entry are done there too. The better of the two is compared.

All answers were compared before timing: equal JSON, equal HTML but for the form tokens.
"""


def machine() -> str:
    """The machine in words."""
    gigabytes = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return (
        f"Machine: {os.cpu_count()} cores shared with other work, {gigabytes:.0f} GB of memory, a virtual machine;"
        f" Python {platform.python_version()}, {platform.system()} {platform.machine()}.\n\n"
    )


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [titles, ["---"] * len(titles), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines) + "\n"


def verdict(*, met: bool) -> str:
    return "met" if met else "**missed**"


def ratios(outcomes: Sequence[Outcome]) -> str:
    rows = []
    for outcome in outcomes:
        work = outcome.workload
        over, under = outcome.over_floor(), outcome.under_django()
        rows.append(
            (
                work.name,
                f"{over:.2f}x, at most {work.over_floor}x",
                verdict(met=over <= work.over_floor),
                f"{under:.2f}x less, at least {work.under_django}x",
                verdict(met=under >= work.under_django),
            )
        )
    return table(("request", "nCEN over floor", "", "nCEN under Django", ""), rows)


def times(outcomes: Sequence[Outcome], counted: dict[str, int]) -> str:
    names = list(outcomes[0].spent)
    rows = [
        (
            outcome.workload.name,
            str(counted[outcome.workload.name]),
            *(f"{outcome.median(name):.2f} ({outcome.least(name):.2f})" for name in names),
        )
        for outcome in outcomes
    ]
    return table(("ms per request: median (least)", "statements", *names), rows)


def waits(outcomes: Sequence[Outcome]) -> str:
    names = list(outcomes[0].spent)
    rows = [
        (outcome.workload.name, *(f"{outcome.waited[name]:.1f}" for name in names))
        for outcome in outcomes
    ]
    return table(("ms that a lone visitor waits, median", *names), rows)


def answers(outcomes: Sequence[Outcome], counted: dict[str, int], cases: int) -> str:
    """The part about requests."""
    rounds = len(outcomes[0].spent[OURS])
    return (
        "## Processor time per request\n\n"
        + SERVERS
        + f"\n{cases:,} synthetic cases, {rounds} rounds. Ratios are of medians.\n\n"
        + ratios(outcomes)
        + times(outcomes, counted)
        + waits(outcomes)
    )


def visitor(pages: tuple[int, int], memory: footprint.Memory, seconds: Sequence[float]) -> str:
    """The part about bytes, memory and starts."""
    first, following = pages
    start = statistics.median(seconds)
    rows = [
        (
            "first page after login, new browser, as transferred",
            f"{first / 1000:.0f} kB",
            f"{footprint.FIRST_PAGE_BYTES / 1000:.0f} kB",
            verdict(met=first < footprint.FIRST_PAGE_BYTES),
        ),
        ("the list after it, with what the browser kept", f"{following / 1000:.0f} kB", "", ""),
        (
            "second `make run` to a served page, median",
            f"{start:.1f} s",
            f"{footprint.START_SECONDS:.0f} s",
            verdict(met=start < footprint.START_SECONDS),
        ),
        (
            "web and work at rest, resident together",
            f"{memory.resident / 1e6:.0f} MB",
            f"{footprint.MEMORY_BYTES / 1e6:.0f} MB",
            verdict(met=memory.resident < footprint.MEMORY_BYTES),
        ),
        ("the same, shared pages counted once", f"{memory.proportional / 1e6:.0f} MB", "", ""),
    ]
    return "## What a visitor and a machine notice\n\n" + table(
        ("what", "measured", "limit", ""), rows
    )


def quoted(title: str, text: str) -> str:
    """The words of another measurement."""
    return f"## {title}\n\n```\n{text.strip()}\n```\n\n"


def write(parts: Sequence[str]) -> None:
    PAGE.write_text(HEAD + machine() + "".join(parts).rstrip() + "\n", encoding="utf-8")
