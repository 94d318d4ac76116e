"""Nothing of a case can leave the country by being forgotten: each column is a declared field, or internal.

A new column fails here until somebody declares a Field with a sharing level for it, or adds it to
the internal columns, which are never shared.
"""

from __future__ import annotations

import pytest
from piccolo.table import Table

from appliance.app.seizures import fields
from appliance.app.seizures.tables import CaseFile, CommodityLine, HidingPlace, RouteLeg
from appliance.core.fields import FieldSet, Sharing

# Columns that no envelope ever carries: keys, workflow, copies kept for speed, and what was typed.
INTERNAL = {
    CaseFile: {
        "id",
        "client_uuid",
        "client_digest",
        "export_id",
        "origin",
        "status",
        "version",
        "language",
        "typed",
        "heading",
        "subtype",
        "quantity",
        "unit",
        "lines",
        "search_text",
        "batch_id",
        "source_row",
        "source_key",
        "lists_edition",
        "entered_by",
        "entered_by_name",
        "entered_at",
        "submitted_at",
        "validated_by",
        "validated_by_name",
        "validated_at",
    },
    CommodityLine: {
        "id",
        "case_id",
        "seq",
        "quantity_typed",
        "unit_typed",
        "attributes",
        "typed",
    },
    RouteLeg: {"id", "case_id", "seq", "typed"},
    HidingPlace: {"id", "case_id", "seq", "typed"},
}
DECLARED: dict[type[Table], FieldSet] = {
    CaseFile: fields.CASE,
    CommodityLine: fields.COMMODITY,
    RouteLeg: fields.LEG,
    HidingPlace: fields.CONCEALMENT,
}
# What can tell who somebody is, or decides a trial, never leaves by itself.
NEVER = {"case_ref", "event_time", "operation", "legal_basis", "legal_state", "outcome"}


def columns_of(table: type[Table]) -> set[str]:
    return {column._meta.name for column in table._meta.columns}


@pytest.mark.parametrize("table", DECLARED, ids=lambda table: table._meta.tablename)
def test_each_column_is_a_field_or_internal(table: type[Table]) -> None:
    declared = {field.name for field in DECLARED[table]}
    assert columns_of(table) - INTERNAL[table] - declared == set()


@pytest.mark.parametrize("table", DECLARED, ids=lambda table: table._meta.tablename)
def test_no_column_is_both(table: type[Table]) -> None:
    assert {field.name for field in DECLARED[table]} & INTERNAL[table] == set()


@pytest.mark.parametrize("table", DECLARED, ids=lambda table: table._meta.tablename)
def test_no_field_and_no_exception_is_left_over(table: type[Table]) -> None:
    named = {field.name for field in DECLARED[table]} | INTERNAL[table]
    assert named - columns_of(table) == set()


def test_who_forgets_the_level_shares_nothing() -> None:
    from appliance.core.fields import Field

    assert Field(name="x", label="x").sharing is Sharing.NEVER


def test_what_stays_at_home_is_declared_so() -> None:
    assert {field.name for field in fields.CASE if field.sharing is Sharing.NEVER} >= NEVER


@pytest.mark.parametrize("name", ["narrative", "modus_operandi"])
def test_free_text_leaves_by_policy_only(name: str) -> None:
    assert fields.CASE[name].sharing is Sharing.POLICY
