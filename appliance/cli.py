"""`ncen`, the one entry: finds the command, runs it, and turns errors into one sentence and an exit code.

Exit codes: 0 done, 1 refused or failed with a sentence, 2 cannot start, 64 wrong usage.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version

from appliance.core.errors import AppError, CannotStart
from appliance.core.i18n import Message

EXIT_REFUSED = 1
EXIT_CANNOT_START = 2
EXIT_USAGE = 64

# Where each part declares its commands, as `add_commands(subparsers)`; loaded in this order.
PARTS = ("appliance.trial.commands", "appliance.app.commands")


class Parser(argparse.ArgumentParser):
    """A parser whose complaint ends with the exit code of wrong usage."""

    def error(self, message: str) -> None:  # type: ignore[override]  # ends the process, like its parent
        """Say what is wrong and how the command is used."""
        self.print_usage(sys.stderr)
        self.exit(EXIT_USAGE, f"{self.prog}: {message}\n")


def build_parser() -> argparse.ArgumentParser:
    """All commands of all parts."""
    parser = Parser(prog="ncen", description="The National Customs Enforcement Network appliance.")
    parser.add_argument("--version", action="version", version=f"nCEN {version('ncen')}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for part in PARTS:
        importlib.import_module(part).add_commands(commands)
    return parser


def describe(error: AppError) -> str:
    """An error as lines for a terminal."""
    lines = [error.message.text()]
    lines += [f"  {name}: {text_of(message)}" for name, message in error.fields.items()]
    return "\n".join(lines)


def text_of(message: Message) -> str:
    """A sentence in the terminal's language."""
    return message.text()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    options = build_parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except CannotStart as error:
        sys.stderr.write(describe(error) + "\n")
        return EXIT_CANNOT_START
    except AppError as error:
        sys.stderr.write(describe(error) + "\n")
        return EXIT_REFUSED
    except KeyboardInterrupt:
        return EXIT_REFUSED


if __name__ == "__main__":
    sys.exit(main())
