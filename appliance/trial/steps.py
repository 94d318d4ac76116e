"""Commands of this same program that a trial runs to their end, and what is said when one fails."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from appliance.core.errors import CannotStart
from appliance.core.i18n import N_, Message
from appliance.trial import logs
from appliance.trial.children import Child, bound, run
from appliance.trial.places import Places

CANNOT_START = 2  # the exit code of a command that said why in its last line
MIGRATING_ROLE = "ncen_migrate"
ORDINARY_ROLE = "ncen_app"


def say(text: str) -> None:
    """Tell the person at the terminal; one who has gone away ends nothing."""
    try:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()
    except OSError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - for the rest of this process


def ncen(*arguments: str) -> list[str]:
    """A command of this same program."""
    return [sys.executable, "-m", "appliance.cli", *arguments]


def failed(child: Child) -> CannotStart:
    """The sentence about a process that did not start."""
    return CannotStart(
        N_("%(name)s did not start (%(reason)s). More stands in %(path)s."),
        name=child.name,
        reason=child.reason() or Message(N_("it did not say why")),
        path=str(child.log),
    )


def run_step(places: Places, environment: Mapping[str, str], *arguments: str) -> str:
    """Run one command of ours to its end; return what it printed. What it logs goes to a file.

    Raises:
        CannotStart: it failed; the sentence is its own, if it had one.
        Stopped: somebody asked to end.
    """
    path = places.logs / "steps.log"
    handle = logs.open_log(path)
    since = logs.size_of(path)
    role = MIGRATING_ROLE if arguments[0] == "migrate" else ORDINARY_ROLE
    try:
        done = run(
            bound("", *ncen(*arguments)),
            environment={**environment, "NCEN_DB_ROLE": role},
            complaints=handle,
        )
    finally:
        os.close(handle)
    if done.code:
        raise refusal(path, logs.last_lines(path, since), done.code, arguments)
    return done.output


def refusal(path: Path, lines: list[str], code: int, arguments: Sequence[str]) -> CannotStart:
    """The sentence about a command that failed."""
    if code == CANNOT_START and lines:
        return CannotStart(N_("%(reason)s"), reason=lines[-1])
    return CannotStart(
        N_("“ncen %(command)s” failed (%(reason)s). More stands in %(path)s."),
        command=" ".join(arguments),
        reason=logs.reason(lines) or Message(N_("it did not say why")),
        path=str(path),
    )
