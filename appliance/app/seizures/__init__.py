"""The national database of seizures and offences: what was found, where, how it was hidden, which way it came.

Not for persons and companies (rooms of their own, linked by id) nor for what leaves the country (icomm).
"""

from __future__ import annotations

from appliance.core.i18n import N_
from appliance.core.room import CASE_ROLES, MenuEntry, Right, Role, Room

ROOM = Room(
    name="seizures",
    title=N_("Seizures"),
    rights=(
        Right("seizures.read", CASE_ROLES, N_("Read cases")),
        Right(
            "seizures.enter",
            frozenset({Role.OFFICER, Role.SUPERVISOR, Role.INVESTIGATOR, Role.NCP}),
            N_("Enter and change cases"),
        ),
        Right(
            "seizures.validate",
            frozenset({Role.SUPERVISOR, Role.NCP}),
            N_("Validate or return cases"),
        ),
    ),
    grants={
        "case_file": "SELECT, INSERT, UPDATE",
        "commodity": "SELECT, INSERT, UPDATE, DELETE",
        "route_leg": "SELECT, INSERT, UPDATE, DELETE",
        "concealment": "SELECT, INSERT, UPDATE, DELETE",
        "case_version": "SELECT, INSERT",
        "number_counter": "SELECT, INSERT, UPDATE",
        "staged_case_file": "SELECT, INSERT, DELETE",
        "staged_commodity": "SELECT, INSERT, DELETE",
        "staged_route_leg": "SELECT, INSERT, DELETE",
        "staged_concealment": "SELECT, INSERT, DELETE",
    },
    waiting="api:waiting",
    menu=(
        MenuEntry(
            N_("Seizures"), "/seizures", "package", "seizures.read", group=N_("Cases"), order=20
        ),
        MenuEntry(
            N_("New seizure"),
            "/seizures/new",
            "plus",
            "seizures.enter",
            group=N_("Cases"),
            order=21,
        ),
    ),
)
