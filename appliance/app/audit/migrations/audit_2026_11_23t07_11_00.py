"""What the ORM cannot say of the trail: numbers and transactions filled by the database, and its few indexes."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from appliance.core import db

ID = "2026-11-23T07:11:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Numbering, transaction numbers, indexes"

ENTRY = """
ALTER TABLE audit.entry
    ALTER COLUMN n DROP DEFAULT,
    ALTER COLUMN n ADD GENERATED ALWAYS AS IDENTITY,
    ALTER COLUMN xid SET DEFAULT pg_current_xact_id();
SELECT setval(pg_get_serial_sequence('audit.entry', 'n'), coalesce(max(n), 0) + 1, false)
    FROM audit.entry;

CREATE INDEX entry_order ON audit.entry (xid, n);
CREATE INDEX entry_actor ON audit.entry (actor_id, n);
CREATE INDEX entry_record ON audit.entry (record, n) WHERE record <> '';
CREATE INDEX entry_at ON audit.entry USING brin (at) WITH (autosummarize = on);
"""

SEAL = """
ALTER TABLE audit.seal
    ADD CONSTRAINT seal_end UNIQUE (to_xid, last_n),
    ADD CONSTRAINT seal_digests CHECK (entries > 0 AND octet_length(row_digests) = entries * 24),
    ADD CONSTRAINT seal_links CHECK (octet_length(sha256) = 32 AND octet_length(previous) = 32);
"""


async def forwards() -> MigrationManager:
    """Finish the two tables."""
    manager = MigrationManager(migration_id=ID, app_name="audit", description=DESCRIPTION)

    async def run() -> None:
        await db.execute(ENTRY)
        await db.execute(SEAL)

    manager.add_raw(run)
    return manager
