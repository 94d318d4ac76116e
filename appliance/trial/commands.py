"""The trial's command: `ncen up`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

DEFAULT_PORT = 8600
CLONE = Path(__file__).resolve().parents[2]


def add_commands(commands: Any) -> None:
    """Declare the commands of this part."""
    parser = commands.add_parser("up", help="run a trial: database, web and work, until Ctrl-C")
    parser.add_argument("--state", help="folder for the data (default: var in the clone)")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="port on 127.0.0.1")
    parser.add_argument("--no-demo", action="store_true", help="start empty, with one-time links")
    parser.set_defaults(run=run_up)


def run_up(options: argparse.Namespace) -> int:
    """Run a trial."""
    from appliance.trial.up import up  # noqa: PLC0415 - other commands need no process supervision

    return up(options.state, options.port, demo=not options.no_demo, default_state=CLONE / "var")
