"""What the installation decides: one TOML file, read once, a frozen struct that fails loudly.

Not for code lists, limits or anything an officer changes while the application runs.
"""

from __future__ import annotations

import functools
import os
import tomllib
from pathlib import Path

import msgspec

from appliance.core.errors import CannotStart
from appliance.core.i18n import N_

CONFIG_VARIABLE = "NCEN_CONFIG"
ROLE_VARIABLE = "NCEN_DB_ROLE"


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything a process must know before it starts; paths are absolute."""

    state_dir: str
    run_dir: str
    database: str = "ncen"
    database_host: str = ""
    database_port: int = 5432
    host: str = "127.0.0.1"
    port: int = 8600
    https: bool = False
    trusted_proxy_header: str = ""
    language: str = "en"
    country: str = "XX"
    time_zone: str = "UTC"
    log_json: bool = True
    demo: bool = False
    second_factor_roles: tuple[str, ...] = ("ADMIN", "NCP", "AUDITOR")
    session_idle_minutes: int = 60
    session_hours: int = 12
    blob_dir: str = ""

    @property
    def state(self) -> Path:
        """The data folder."""
        return Path(self.state_dir)

    @property
    def blobs(self) -> Path:
        """Where pictures, documents and uploaded files lie."""
        return Path(self.blob_dir) if self.blob_dir else self.state / "blobs"

    @property
    def keys(self) -> Path:
        """Secrets of this installation, readable by its own user only."""
        return self.state / "keys"

    @property
    def socket_dir(self) -> str:
        """Folder of PostgreSQL's unix socket, or a host name."""
        return self.database_host or self.run_dir


def read_settings(path: Path) -> Settings:
    """Read one settings file.

    Raises:
        CannotStart: the file is missing, is no TOML, or says something unknown.
    """
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Settings)
    except (OSError, ValueError) as error:
        raise CannotStart(
            N_("The settings file %(path)s cannot be used: %(reason)s."),
            path=str(path),
            reason=str(error),
        ) from error


@functools.cache
def get_settings() -> Settings:
    """The settings of this process, from the file that NCEN_CONFIG names.

    Raises:
        CannotStart: no file is named, or it cannot be used.
    """
    name = os.environ.get(CONFIG_VARIABLE)
    if not name:
        raise CannotStart(
            N_(
                "No running nCEN was found. Name its data folder with --state, or its settings file in %(variable)s."
            ),
            variable=CONFIG_VARIABLE,
        )
    return read_settings(Path(name))


def database_role() -> str:
    """The database role of this process; only the migrating command asks for another one."""
    return os.environ.get(ROLE_VARIABLE, "ncen_app")
