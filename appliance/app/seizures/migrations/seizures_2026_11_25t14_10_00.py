"""What was sent with a client id, so that the same form with other content is told from one sent twice."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from appliance.core import db

ID = "2026-11-25T14:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Digest of what was sent with a client id"

STATEMENTS = """
ALTER TABLE seizures.case_file ADD COLUMN client_digest bytea;
ALTER TABLE seizures.staged_case_file ADD COLUMN client_digest bytea;
"""


async def forwards() -> MigrationManager:
    """Add the column; cases from before have none, and are compared themselves."""
    manager = MigrationManager(migration_id=ID, app_name="seizures", description=DESCRIPTION)

    async def run() -> None:
        await db.execute(STATEMENTS)

    manager.add_raw(run)
    return manager
