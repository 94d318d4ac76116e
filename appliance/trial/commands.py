"""The trial's command: `ncen up`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

DEFAULT_PORT = 8600
HIGHEST_PORT = 65535
CLONE = Path(__file__).resolve().parents[2]


def port_number(text: str) -> int:
    """A port as people write it."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len("65535") else 0
    if not 0 < number <= HIGHEST_PORT:
        message = f"a port is a number from 1 to {HIGHEST_PORT}, not {text[:20]!r}"
        raise argparse.ArgumentTypeError(message)
    return number


def folder_name(text: str) -> str:
    """The name of a folder."""
    if not text:
        message = "name a folder"
        raise argparse.ArgumentTypeError(message)
    return text


def add_commands(commands: Any) -> None:
    """Declare the commands of this part."""
    parser = commands.add_parser("up", help="run a trial: database, web and work, until Ctrl-C")
    parser.add_argument(
        "--state",
        type=folder_name,
        metavar="FOLDER",
        help="where the data are kept (default: var in the clone)",
    )
    parser.add_argument(
        "--port",
        type=port_number,
        default=DEFAULT_PORT,
        help=f"port on 127.0.0.1 (default: {DEFAULT_PORT})",
    )
    parser.add_argument("--no-demo", action="store_true", help="start empty, with one-time links")
    parser.set_defaults(run=run_up)


def run_up(options: argparse.Namespace) -> int:
    """Run a trial."""
    from appliance.trial.up import up  # noqa: PLC0415 - other commands need no process supervision

    return up(options.state, options.port, demo=not options.no_demo, default_state=CLONE / "var")
