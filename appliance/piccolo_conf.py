"""What Piccolo asks for: the engine and the apps, one per room."""

from __future__ import annotations

from piccolo.conf.apps import AppRegistry

from appliance.app import ROOM_NAMES
from appliance.core.db import engine
from appliance.core.room import has_migrations

DB = engine()
APP_REGISTRY = AppRegistry(
    apps=[
        "appliance.core.piccolo_app",
        *(f"appliance.app.{name}.piccolo_app" for name in ROOM_NAMES if has_migrations(name)),
    ]
)
