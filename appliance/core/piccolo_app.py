"""The kernel's own tables: outbox, jobs, facts, and the functions that backup reads figures through."""

from __future__ import annotations

from pathlib import Path

from piccolo.conf.apps import AppConfig

APP_CONFIG = AppConfig(
    app_name="core",
    migrations_folder_path=str(Path(__file__).with_name("migrations")),
    table_classes=[],
    migration_dependencies=[],
)
