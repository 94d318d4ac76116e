"""An index over the parts of case numbers, by which a part of a number finds its case."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from appliance.core import db

ID = "2026-11-25T14:40:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Parts of case numbers"

# Imported cases have none, so that it stays small beside them.
STATEMENT = """
CREATE INDEX case_number_words ON seizures.case_file
    USING gin (to_tsvector('simple', replace(case_ref, '-', ' '))) WHERE case_ref <> ''
"""


async def forwards() -> MigrationManager:
    """Add the index."""
    manager = MigrationManager(migration_id=ID, app_name="seizures", description=DESCRIPTION)

    async def run() -> None:
        await db.execute(STATEMENT)

    manager.add_raw(run)
    return manager
