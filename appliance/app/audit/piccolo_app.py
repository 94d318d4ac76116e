"""The audit room's tables and migrations, as Piccolo asks for them."""

from __future__ import annotations

from pathlib import Path

from piccolo.conf.apps import AppConfig

from appliance.app.audit.tables import Entry, Seal

APP_CONFIG = AppConfig(
    app_name="audit",
    migrations_folder_path=str(Path(__file__).with_name("migrations")),
    table_classes=[Entry, Seal],
    migration_dependencies=["appliance.core.piccolo_app"],
)
