"""Piccolo's view of this room."""

from __future__ import annotations

from pathlib import Path

from piccolo.conf.apps import AppConfig

from appliance.app.imports.tables import TABLES

APP_CONFIG = AppConfig(
    app_name="imports",
    migrations_folder_path=str(Path(__file__).with_name("migrations")),
    table_classes=TABLES,
    migration_dependencies=[],
)
