"""Indexes for the filters of the list, each without what most cases say, so that an import pays little for them."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from appliance.core import db

ID = "2026-11-25T14:20:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Indexes for the filters of the list"

STATEMENTS = """
CREATE INDEX case_state_date ON seizures.case_file (status, event_date DESC, id DESC)
    WHERE status <> 'VALIDATED';
CREATE INDEX case_kind_date ON seizures.case_file (case_kind, event_date DESC, id DESC)
    WHERE case_kind <> 'SEIZURE';
CREATE INDEX case_subtype_date ON seizures.case_file (subtype, event_date DESC, id DESC)
    WHERE subtype <> 'NOT_RECORDED';
CREATE INDEX case_place_type_date ON seizures.case_file (place_type, event_date DESC, id DESC)
    WHERE place_type <> 'NOT_RECORDED';
CREATE INDEX case_direction_date ON seizures.case_file (direction, event_date DESC, id DESC)
    WHERE direction <> 'NOT_RECORDED';
CREATE INDEX case_procedure_date ON seizures.case_file (procedure, event_date DESC, id DESC)
    WHERE procedure <> 'NOT_RECORDED';
CREATE INDEX case_declared_date ON seizures.case_file (declared, event_date DESC, id DESC)
    WHERE declared <> 'NOT_RECORDED';
CREATE INDEX case_mode_date ON seizures.case_file (mode, event_date DESC, id DESC)
    WHERE mode <> 'NOT_RECORDED';
CREATE INDEX case_why_selected_date ON seizures.case_file (why_selected, event_date DESC, id DESC)
    WHERE why_selected <> 'NOT_RECORDED';
CREATE INDEX case_how_found_date ON seizures.case_file (how_found, event_date DESC, id DESC)
    WHERE how_found <> 'NOT_RECORDED';
CREATE INDEX case_legal_state_date ON seizures.case_file (legal_state, event_date DESC, id DESC)
    WHERE legal_state <> 'NOT_RECORDED';
CREATE INDEX case_outcome_date ON seizures.case_file (outcome, event_date DESC, id DESC)
    WHERE outcome <> 'NOT_RECORDED';
"""


async def forwards() -> MigrationManager:
    """Add them."""
    manager = MigrationManager(migration_id=ID, app_name="seizures", description=DESCRIPTION)

    async def run() -> None:
        await db.execute(STATEMENTS)

    manager.add_raw(run)
    return manager
