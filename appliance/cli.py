"""`ncen`, the one entry: finds the command, runs it, and turns errors into one sentence and an exit code.

Exit codes: 0 done, 1 refused or failed with a sentence, 2 cannot start, 64 wrong usage.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

NAME = "ncen"
EXIT_REFUSED = 1
EXIT_CANNOT_START = 2
EXIT_USAGE = 64

# Where each part declares its commands, in this order, as a function of the list of commands.
PARTS = (
    "appliance.trial.commands:add_commands",
    "appliance.app.commands:add_commands",
    "appliance.app.commands:add_room_commands",
)


class Parser(argparse.ArgumentParser):
    """A parser whose complaint ends with the exit code of wrong usage, and whose commands all know --state."""

    def __init__(self, *, prog: str, **options: Any) -> None:
        # `up` says more about its own --state.
        super().__init__(prog=prog, conflict_handler="resolve", **options)
        if prog != NAME:
            about = "data folder of the running nCEN"
            self.add_argument("--state", metavar="FOLDER", default=argparse.SUPPRESS, help=about)

    def error(self, message: str) -> None:  # type: ignore[override]  # ends the process, like its parent
        """Say what is wrong and how the command is used."""
        self.print_usage(sys.stderr)
        self.exit(EXIT_USAGE, f"{self.prog}: {message}\n")


class Version(argparse.Action):
    """Prints the version; looked up only when somebody asks."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Print it and end."""
        from importlib.metadata import version

        sys.stdout.write(f"nCEN {version('ncen')}\n")
        parser.exit()


def build_parser(wanted: str = "") -> argparse.ArgumentParser:
    """All commands of all parts; parts after the one that has the wanted command need not be loaded."""
    parser = Parser(prog=NAME, description="The National Customs Enforcement Network appliance.")
    parser.add_argument("--version", action=Version, nargs=0, help="show the version and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for part in PARTS:
        module, function = part.split(":")
        getattr(importlib.import_module(module), function)(commands)
        if wanted in commands.choices:
            break
    return parser


def open_missing_streams() -> None:
    """Give a process that was started without its three streams something to read from and write to.

    Otherwise the next file it opens, such as a socket, takes the number of its standard output.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
        if getattr(sys, name) is None:
            mode = "w" if number else "r"
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # a text file, as made above or by Python


def complain(lines: Iterable[str]) -> None:
    """Tell the person at the terminal, if there still is one."""
    try:
        sys.stderr.write("\n".join(lines) + "\n")
        sys.stderr.flush()
    except OSError:
        return


def drop_unread_words() -> None:
    """Whoever read along may have gone; Python would complain about it at its very end, with another exit code."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def run_command(arguments: Sequence[str]) -> int:
    """Run one command; return the exit code."""
    from appliance.core.errors import AppError, CannotStart

    try:
        options = build_parser(arguments[0] if arguments else "").parse_args(arguments)
        if options.command != "up":
            importlib.import_module("appliance.trial.running").point_at_running(options)
        run: Callable[[argparse.Namespace], int] = options.run
        return run(options)
    except AppError as error:
        fields = [f"  {name}: {message.text()}" for name, message in error.fields.items()]
        complain([error.message.text(), *fields])
        return EXIT_CANNOT_START if isinstance(error, CannotStart) else EXIT_REFUSED
    except OSError as error:
        complain([describe(error)])
        return EXIT_CANNOT_START


def describe(error: OSError) -> str:
    """A refusal of the operating system as a sentence."""
    from appliance.core.i18n import N_, translate

    return translate(
        N_("The system refused something that this command needs: %(reason)s."),
        reason=": ".join(str(part) for part in (error.filename, error.strerror or error) if part),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit code."""
    open_missing_streams()
    try:
        return run_command(sys.argv[1:] if arguments is None else arguments)
    except KeyboardInterrupt:
        return EXIT_REFUSED
    finally:
        drop_unread_words()


if __name__ == "__main__":
    sys.exit(main())
