"""Outbox, jobs, facts, the registry of blob columns, and the figures a backup is proven with."""

from __future__ import annotations

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from appliance.core import db

ID = "2026-11-23T07:00:00:000000"
VERSION = "1.38.0"
DESCRIPTION = "Outbox, jobs, facts, figures"

TABLES = """
CREATE SCHEMA core;
CREATE SCHEMA ncen;

CREATE TABLE core.fact (
    name text PRIMARY KEY,
    value text NOT NULL,
    noted_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE core.outbox (
    id uuid PRIMARY KEY,
    room text NOT NULL,
    event text NOT NULL,
    payload jsonb NOT NULL,
    made_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'NEW' CHECK (state IN ('NEW', 'DONE', 'FAILED')),
    attempts int NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT now(),
    error text NOT NULL DEFAULT ''
);
CREATE INDEX outbox_new ON core.outbox (due_at) WHERE state = 'NEW';

CREATE TABLE core.job (
    id uuid PRIMARY KEY,
    room text NOT NULL,
    kind text NOT NULL,
    state text NOT NULL DEFAULT 'DUE' CHECK (state IN ('DUE', 'RUNNING', 'DONE', 'FAILED')),
    payload jsonb NOT NULL DEFAULT '{}',
    progress jsonb NOT NULL DEFAULT '{}',
    result jsonb NOT NULL DEFAULT '{}',
    error text NOT NULL DEFAULT '',
    attempts int NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL,
    started_at timestamptz,
    ended_at timestamptz
);
CREATE INDEX job_due ON core.job (due_at) WHERE state = 'DUE';
CREATE INDEX job_running ON core.job (id) WHERE state = 'RUNNING';

CREATE TABLE core.blob_column (
    schema_name text NOT NULL,
    table_name text NOT NULL,
    column_name text NOT NULL,
    PRIMARY KEY (schema_name, table_name, column_name)
);
"""

FUNCTIONS = """
CREATE FUNCTION ncen.figures() RETURNS TABLE (relation text, rows bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE found record;
BEGIN
    FOR found IN
        SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND pg_get_userbyid(c.relowner) = current_user ORDER BY 1, 2
    LOOP
        relation := found.nspname || '.' || found.relname;
        EXECUTE format('SELECT count(*) FROM %I.%I', found.nspname, found.relname) INTO rows;
        RETURN NEXT;
    END LOOP;
END $$;

CREATE FUNCTION ncen.blobs() RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE found record;
BEGIN
    FOR found IN SELECT * FROM core.blob_column ORDER BY 1, 2, 3 LOOP
        RETURN QUERY EXECUTE format(
            'SELECT DISTINCT %1$I::text FROM %2$I.%3$I WHERE %1$I <> ''''',
            found.column_name, found.schema_name, found.table_name);
    END LOOP;
END $$;

CREATE FUNCTION ncen.audit_head() RETURNS TABLE (number bigint, digest text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
    RETURN QUERY EXECUTE
        'SELECT number, encode(sha256, ''hex'') FROM audit.seal ORDER BY number DESC LIMIT 1';
END $$;

REVOKE ALL ON FUNCTION ncen.figures(), ncen.blobs(), ncen.audit_head() FROM PUBLIC;
"""


async def forwards() -> MigrationManager:
    """Make the kernel's tables and functions."""
    manager = MigrationManager(migration_id=ID, app_name="core", description=DESCRIPTION)

    async def run() -> None:
        await db.execute(TABLES)
        await db.execute(FUNCTIONS)

    manager.add_raw(run)
    return manager
