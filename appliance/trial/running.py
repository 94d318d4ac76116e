"""Finds the trial that runs beside a command, so that `ncen import` and its like need no settings named."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from appliance.core.settings import CONFIG_VARIABLE
from appliance.trial.commands import CLONE
from appliance.trial.places import ROOT_STATE, SETTINGS, short_hash


def settings_of(state: Path) -> Path | None:
    """The settings that the trial of a data folder wrote, if they are the caller's own."""
    path = state / SETTINGS
    try:
        return path if path.lstat().st_uid == os.geteuid() else None
    except OSError:
        return None


def find_settings(wanted: str) -> Path | None:
    """The settings of the trial that was named, or of the clone's own; its data may have moved out of the clone."""
    if wanted:
        return settings_of(Path(wanted).expanduser().absolute())
    default = CLONE / "var"
    return settings_of(default) or settings_of(ROOT_STATE / short_hash(default))


def point_at_running(options: argparse.Namespace) -> None:
    """Let a command use the trial that runs; settings that somebody named count more."""
    wanted = getattr(options, "state", None)
    if os.environ.get(CONFIG_VARIABLE) and not wanted:
        return
    found = find_settings(wanted or "")
    if found is not None:
        os.environ[CONFIG_VARIABLE] = str(found)
    elif wanted:
        os.environ.pop(CONFIG_VARIABLE, None)
