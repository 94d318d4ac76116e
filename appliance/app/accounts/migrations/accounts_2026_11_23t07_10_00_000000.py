"""What the ORM cannot say: one account per login, one open code per account, indexes of what is open."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from appliance.core import db

ID = "2026-11-23T07:10:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Checks and partial indexes of accounts"

STATEMENTS = """
CREATE UNIQUE INDEX account_login ON accounts.account (lower(login));
ALTER TABLE accounts.account ADD CONSTRAINT login_characters
    CHECK (login ~ '^[a-z0-9][a-z0-9._-]{1,39}$');
CREATE INDEX account_wanted ON accounts.account (wanted_at) WHERE wanted_roles IS NOT NULL;
CREATE INDEX session_open ON accounts.session (account) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX one_time_account ON accounts.one_time (account)
    WHERE used_at IS NULL AND account IS NOT NULL;
CREATE UNIQUE INDEX one_time_first ON accounts.one_time (kind)
    WHERE used_at IS NULL AND account IS NULL;
CREATE INDEX security_event_account ON accounts.security_event (account, at DESC);
"""


async def forwards() -> MigrationManager:
    """Add them."""
    manager = MigrationManager(migration_id=ID, app_name="accounts", description=DESCRIPTION)

    async def run() -> None:
        await db.execute(STATEMENTS)

    manager.add_raw(run)
    return manager
