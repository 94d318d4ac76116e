"""Records that arrive by the file: checked, counted row by row, and seen all at once or not at all.

Not for single cases (seizures has forms and an API for those) nor for what partners send (icomm).
"""

from __future__ import annotations

from appliance.core.i18n import N_
from appliance.core.room import Job, MenuEntry, Right, Role, Room

RUN = Right("imports.run", frozenset({Role.SUPERVISOR, Role.NCP}), N_("Import files"))
READ = Right(
    "imports.read",
    frozenset({Role.SUPERVISOR, Role.NCP, Role.AUDITOR}),
    N_("Read imports and their reports"),
)

ROOM = Room(
    name="imports",
    title=N_("Imports"),
    rights=(RUN, READ),
    grants={
        "batch": "SELECT, INSERT, UPDATE",
        "block": "SELECT, INSERT, DELETE",
        "row_problem": "SELECT, INSERT, DELETE",
        "seen_row": "SELECT, INSERT, UPDATE, DELETE",
    },
    jobs=(
        Job(kind="load", handler="jobs:run_import", heavy=True, attempts=10),
        Job(kind="load_held", handler="jobs:run_held", heavy=True, attempts=10),
        Job(kind="end_orphans", handler="jobs:end_orphans", every_seconds=60),
    ),
    waiting="api:waiting",
    menu=(MenuEntry(N_("Imports"), "/imports", "upload", READ.name, group=N_("Cases"), order=30),),
)
