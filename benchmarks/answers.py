"""The processor time that one request costs a server: equal answers first, then interleaved rounds."""

from __future__ import annotations

import json
import random
import re
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from benchmarks import processes
from benchmarks.house import House
from benchmarks.page import plain
from benchmarks.servers import DJANGO, DJANGO_SYNC, FLOOR, OURS, Server

CASES = "/api/v1/seizures"
PAGE = "/seizures"
WARM = 60
LONE_REQUESTS = 60
MOMENT_ZEROS = re.compile(r"(T\d\d:\d\d:\d\d\.\d*?)0*(?=\+00:00)")
# What pools and drivers say to a connection between requests.
SETTLE = ("DISCARD", "UNLISTEN", "RESET", "CLOSE", "BEGIN", "COMMIT", "SET ", "SHOW ")
SETTLE_CALLS = ("pg_advisory_unlock_all", "set_config", "pg_stat_statements")
# What `ncen work` asks beside the requests.
BESIDE = ("core.job", "core.outbox", "audit.seal", "pg_current_snapshot", "_advisory_")
STILL_THERE = frozenset({"SELECT 1", "SELECT $1"})  # work looks after the connection of its locks


@dataclass(frozen=True)
class Workload:
    """A kind of request, how many make a round, and what is asked of it."""

    name: str
    paths: Sequence[str]
    requests: int
    over_floor: float
    under_django: float


@dataclass
class Outcome:
    """What each server spent per request in each round, in milliseconds."""

    workload: Workload
    spent: dict[str, list[float]] = field(default_factory=dict)
    waited: dict[str, float] = field(default_factory=dict)

    def median(self, server: str) -> float:
        return statistics.median(self.spent[server])

    def least(self, server: str) -> float:
        return min(self.spent[server])

    def over_floor(self) -> float:
        return self.median(OURS) / self.median(FLOOR)

    def under_django(self) -> float:
        """Against the better of the two worker models."""
        return min(self.median(DJANGO), self.median(DJANGO_SYNC)) / self.median(OURS)


def workloads(server: Server, scale: int) -> list[Workload]:
    """The three measured requests."""
    found = json.loads(server.client.get(CASES))["cases"]
    cases = [f"{CASES}/{item['id']}" for item in found]
    return [
        Workload("JSON, one case", cases, 600 * scale, 1.7, 3.0),
        Workload("JSON, list of 50", [CASES], 400 * scale, 1.7, 3.0),
        Workload("HTML, list of 50", [PAGE], 80 * scale, 1.5, 2.0),
    ]


def meaning(path: str, body: bytes) -> str:
    """An answer without what is allowed to differ: spaces in JSON, zeros of moments, tokens in forms."""
    if path == PAGE:
        return plain(body)
    return MOMENT_ZEROS.sub(r"\1", json.dumps(json.loads(body), ensure_ascii=False, indent=0))


def first_difference(one: str, other: str) -> str:
    """The first lines that differ, for the person who has to find out why."""
    pairs = zip_longest(one.splitlines(), other.splitlines(), fillvalue="")
    return next((f"{left}\n{right}" for left, right in pairs if left != right), "")


def check_equal(servers: Sequence[Server], work: Sequence[Workload]) -> None:
    """Every server must give the same answer to every request before it is timed."""
    for item in work:
        for path in item.paths:
            answers = {one.name: meaning(path, one.client.get(path)) for one in servers}
            wanted = answers[OURS]
            for name, answer in answers.items():
                differs = first_difference(answer, wanted)
                assert answer == wanted, f"{name} answers {path} otherwise:\n{differs}"


def psql(house: House, sql: str) -> str:
    """Ask the trial's database as its owner."""
    run_dir = house.settings["run_dir"]
    command = ["psql", "-XAtq", "-h", run_dir, "-U", "ncen_owner", "-d", "ncen", "-c", sql]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout


def statements(house: House, server: Server, paths: Sequence[str]) -> dict[str, int]:
    """The statements that a server ran for these requests, by the database's own count."""
    psql(house, "SELECT pg_stat_statements_reset()")
    for path in paths:
        server.client.get(path)
    rows = psql(
        house,
        "SELECT json_agg(json_build_object('sql', query, 'calls', calls)) FROM pg_stat_statements s"
        " JOIN pg_roles r ON r.oid = s.userid WHERE rolname = 'ncen_app'",
    )
    counted = {row["sql"]: row["calls"] for row in json.loads(rows)}
    return {sql: calls for sql, calls in counted.items() if measured(sql)}


def measured(sql: str) -> bool:
    """Whether a statement belongs to a request."""
    beside = sql in STILL_THERE or any(word in sql for word in (*SETTLE_CALLS, *BESIDE))
    return not sql.startswith(SETTLE) and not beside


def check_statements(
    house: House, servers: Sequence[Server], work: Sequence[Workload]
) -> dict[str, int]:
    """The floor must run our statements, no more and no fewer; return how many each request takes."""
    ours, floor = servers[0], servers[1]
    counted = {}
    for item in work:
        paths = list(item.paths[:5]) * (1 if len(item.paths) > 1 else 5)
        wanted, found = statements(house, ours, paths), statements(house, floor, paths)
        differs = dict(found.items() ^ wanted.items())
        assert found == wanted, f"{item.name}: only one of floor and application runs {differs}"
        counted[item.name] = sum(wanted.values()) // len(paths)
    return counted


def spent_per_request(server: Server, work: Workload) -> float:
    """Milliseconds of processor time per request in one round."""
    before = processes.processor_seconds(server.pid)
    server.client.load(work.paths, work.requests)
    return (processes.processor_seconds(server.pid) - before) / work.requests * 1000


def wait_per_request(server: Server, work: Workload) -> float:
    """Milliseconds that a lone visitor waits for an answer, the median over one connection."""
    waits = server.client.waits(work.paths, LONE_REQUESTS)
    return statistics.median(waits) * 1000


def measure(servers: Sequence[Server], work: Workload, rounds: int) -> Outcome:
    """Rounds of every server in random order."""
    outcome = Outcome(work, {server.name: [] for server in servers})
    order, source = list(servers), random.Random(work.name)
    for server in servers:
        server.client.load(work.paths, WARM)
        outcome.waited[server.name] = wait_per_request(server, work)
    for _ in range(rounds):
        source.shuffle(order)
        for server in order:
            outcome.spent[server.name].append(spent_per_request(server, work))
    return outcome
