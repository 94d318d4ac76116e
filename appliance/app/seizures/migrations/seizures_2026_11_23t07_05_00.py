"""Checks, indexes, the full-text column and the staging tables: what Piccolo cannot say."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from appliance.core import db

ID = "2026-11-23T07:05:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Checks, indexes, full text, staging"

STATEMENTS = """
ALTER TABLE seizures.case_file
    ADD CONSTRAINT case_status CHECK (status IN
        ('DRAFT', 'SUBMITTED', 'RETURNED', 'VALIDATED', 'LOCKED', 'EXPUNGED')),
    ADD CONSTRAINT case_origin CHECK (origin IN ('FORM', 'API', 'IMPORT', 'DEMO')),
    ADD COLUMN search tsvector GENERATED ALWAYS AS (to_tsvector('simple', search_text)) STORED;

CREATE UNIQUE INDEX case_client ON seizures.case_file (client_uuid) WHERE client_uuid IS NOT NULL;
CREATE UNIQUE INDEX case_reference ON seizures.case_file (case_ref) WHERE case_ref <> '';
CREATE UNIQUE INDEX case_source ON seizures.case_file (source_key) WHERE source_key IS NOT NULL;
CREATE INDEX case_batch ON seizures.case_file (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX case_date ON seizures.case_file (event_date DESC, id DESC);
CREATE INDEX case_heading_date ON seizures.case_file (heading, event_date DESC, id DESC);
CREATE INDEX case_country_date ON seizures.case_file (country, event_date DESC, id DESC);
CREATE INDEX case_office_date ON seizures.case_file (office_code, event_date DESC, id DESC)
    WHERE office_code <> '';
CREATE INDEX case_open ON seizures.case_file (status, office_code, event_date DESC, id DESC)
    WHERE status IN ('DRAFT', 'SUBMITTED', 'RETURNED');
CREATE INDEX case_enterer ON seizures.case_file (entered_by, id DESC) WHERE origin = 'FORM';
CREATE INDEX case_search ON seizures.case_file USING gin (search);

CREATE UNLOGGED TABLE seizures.staged_case_file (LIKE seizures.case_file INCLUDING DEFAULTS);
CREATE UNLOGGED TABLE seizures.staged_commodity (LIKE seizures.commodity INCLUDING DEFAULTS, batch_id uuid NOT NULL);
CREATE UNLOGGED TABLE seizures.staged_route_leg (LIKE seizures.route_leg INCLUDING DEFAULTS, batch_id uuid NOT NULL);
CREATE UNLOGGED TABLE seizures.staged_concealment (LIKE seizures.concealment INCLUDING DEFAULTS, batch_id uuid NOT NULL);
CREATE INDEX staged_case_batch ON seizures.staged_case_file (batch_id, source_row);
CREATE INDEX staged_commodity_batch ON seizures.staged_commodity (batch_id);
CREATE INDEX staged_leg_batch ON seizures.staged_route_leg (batch_id);
CREATE INDEX staged_concealment_batch ON seizures.staged_concealment (batch_id);
"""


async def forwards() -> MigrationManager:
    """Add what Piccolo cannot say."""
    manager = MigrationManager(migration_id=ID, app_name="seizures", description=DESCRIPTION)

    async def run() -> None:
        await db.execute(STATEMENTS)

    manager.add_raw(run)
    return manager
