"""Checks, indexes and the unlogged table of rows seen: what Piccolo cannot say."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from appliance.core import db

ID = "2026-11-23T07:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Checks, indexes, rows seen"

STATEMENTS = """
ALTER TABLE imports.batch
    ADD CONSTRAINT batch_state CHECK (state IN
        ('UPLOADED', 'READING', 'PUBLISHING', 'DONE', 'CHECKED', 'FAILED', 'CANCELLED')),
    ADD CONSTRAINT batch_repeats CHECK (repeats IN ('hold', 'load')),
    ADD CONSTRAINT batch_held_state CHECK (held_state IN
        ('NONE', 'WAITING', 'LOADING', 'LOADED', 'KEPT_OUT')),
    ADD CONSTRAINT batch_not_negative CHECK
        (least(rows, loaded, held, duplicates, rejected, rounded, other_values, last_row) >= 0),
    ADD CONSTRAINT batch_adds_up CHECK
        (state NOT IN ('DONE', 'CHECKED') OR rows = loaded + held + duplicates + rejected);
ALTER TABLE imports.row_problem
    ADD CONSTRAINT row_problem_kind CHECK (kind IN ('REJECTED', 'HELD'));

CREATE INDEX batch_newest ON imports.batch (made_at DESC, id DESC);
CREATE INDEX batch_open ON imports.batch (id) WHERE state IN ('UPLOADED', 'READING', 'PUBLISHING')
    OR held_state = 'LOADING';
CREATE INDEX row_problem_order ON imports.row_problem (batch_id, id);
CREATE INDEX row_problem_held ON imports.row_problem (source_key) WHERE kind = 'HELD';

CREATE UNLOGGED TABLE imports.seen_row (
    batch_id uuid NOT NULL,
    digest bytea NOT NULL,
    first_row bigint NOT NULL,
    times bigint NOT NULL,
    PRIMARY KEY (batch_id, digest)
);

INSERT INTO core.blob_column VALUES ('imports', 'batch', 'blob') ON CONFLICT DO NOTHING;
"""


async def forwards() -> MigrationManager:
    """Add what Piccolo cannot say."""
    manager = MigrationManager(migration_id=ID, app_name="imports", description=DESCRIPTION)

    async def run() -> None:
        await db.execute(STATEMENTS)

    manager.add_raw(run)
    return manager
