"""`ncen audit verify`: checks the whole trail against its seals.

Exit codes: 0 all well, 1 entries wait too long for a seal, 2 the trail was changed, 3 could not tell.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Mapping
from typing import Any

import asyncpg
import msgspec

from appliance.app.audit.findings import Report, Verdict
from appliance.app.audit.noted import NotedHead, parse_head
from appliance.app.audit.verify import verify
from appliance.core import db
from appliance.core.errors import AppError
from appliance.core.i18n import N_, translate

EXIT_UNKNOWN = 3
EXITS = {Verdict.OK: 0, Verdict.WARN: 1, Verdict.CRITICAL: 2}
SENTENCES = {
    Verdict.OK: N_("The audit trail is whole: %(entries)s entries under %(seals)s seals."),
    Verdict.WARN: N_(
        "%(entries)s entries under %(seals)s seals are whole, but %(unsealed)s entries wait for a"
        " seal, the oldest since %(oldest)s. Is “ncen work” running?"
    ),
    Verdict.CRITICAL: N_(
        "The audit trail was changed: %(findings)s findings. %(entries)s entries under %(seals)s"
        " seals are as they were sealed. Repair nothing before the findings have been looked into."
    ),
}


def add_commands(commands: Any) -> None:
    """Declare the commands of this room."""
    audit = commands.add_parser("audit", help="the audit trail")
    actions = audit.add_subparsers(dest="action", metavar="ACTION", required=True)
    check = actions.add_parser("verify", help="check the whole trail against its seals")
    check.add_argument("--json", action="store_true", help="the report as JSON")
    check.add_argument(
        "--head",
        type=noted_head,
        metavar="NUMBER:SHA256",
        help="a seal noted elsewhere, which must be the same here",
    )
    check.set_defaults(run=run_verify)


def noted_head(text: str) -> NotedHead:
    """A seal as written on a command line.

    Raises:
        ArgumentTypeError: it is none.
    """
    found = parse_head(text)
    if found is None:
        raise argparse.ArgumentTypeError(translate(N_("a seal is NUMBER:SHA256")))
    return found


async def discard(_: Mapping[str, Any]) -> None:
    """A command tells nothing before its end."""


async def check(noted: NotedHead | None) -> Report:
    """Check the trail over a connection of this command."""
    await db.start_pool(size=1)
    try:
        return await verify(discard, noted)
    finally:
        await db.close_pool()


def run_verify(options: argparse.Namespace) -> int:
    """Check the trail; what cannot be read cannot be judged."""
    try:
        report = asyncio.run(check(options.head))
    except (AppError, asyncpg.PostgresError, *db.CONNECTION_ERRORS) as error:
        return say_unknown(error, as_json=options.json)
    sys.stdout.write(report_json(report) if options.json else report_text(report))
    return EXITS[report.verdict]


def say_unknown(error: Exception, *, as_json: bool) -> int:
    """Nothing could be told, and why."""
    reason = error.message.text() if isinstance(error, AppError) else str(error)
    if as_json:
        sys.stdout.write(msgspec.json.encode({"verdict": "UNKNOWN", "reason": reason}).decode())
    else:
        text = translate(N_("The audit trail could not be checked: %(reason)s"), reason=reason)
        sys.stderr.write(text + "\n")
    return EXIT_UNKNOWN


def report_json(report: Report) -> str:
    """The report for a program, each finding with its sentence."""
    found = msgspec.to_builtins(report)
    for values, finding in zip(found["findings"], report.findings, strict=True):
        values["text"] = finding.message().text()
    return msgspec.json.encode(found).decode() + "\n"


def report_text(report: Report) -> str:
    """The report for a person."""
    lines = [
        translate(
            SENTENCES[report.verdict],
            entries=report.entries,
            seals=report.seals,
            unsealed=report.unsealed,
            oldest=report.oldest_unsealed,
            findings=report.findings_total,
        )
    ]
    lines += [f"  {finding.message().text()}" for finding in report.findings]
    hidden = report.findings_total - len(report.findings)
    if hidden:
        lines.append(translate(N_("%(n)s more findings are not named."), n=hidden))
    if report.head:
        lines.append(
            translate(N_("Last seal: %(seal)s"), seal=f"{report.head}:{report.head_sha256}")
        )
    return "\n".join(lines) + "\n"
