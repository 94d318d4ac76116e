"""Audit: who did, read, searched, exported or printed what, why and from where, under seals.

Not for writing entries (core.audit does, in the writer's transaction) nor for a record's own
history of versions.
"""

from __future__ import annotations

from appliance.core.i18n import N_
from appliance.core.room import Job, MenuEntry, Right, Role, Room

READERS = frozenset({Role.AUDITOR, Role.NCP})
# The application cannot choose an entry's number or transaction: the database fills them.
WRITTEN = (
    "at, actor_id, actor_name, actor_unit, address, session, request,"
    " action, room, record, label, purpose, detail"
)

ROOM = Room(
    name="audit",
    title=N_("Audit trail"),
    rights=(
        Right("audit.read", READERS, N_("Read the audit trail")),
        Right("audit.export", READERS, N_("Export the audit trail")),
        Right("audit.verify", READERS, N_("Check the audit trail")),
    ),
    grants={"entry": f"SELECT, INSERT ({WRITTEN})", "seal": "SELECT, INSERT"},
    jobs=(
        Job(kind="seal", handler="jobs:seal", every_seconds=1),
        Job(kind="verify", handler="jobs:verify", heavy=True, attempts=2),
    ),
    menu=(
        MenuEntry(
            N_("Audit trail"),
            "/audit",
            "fingerprint",
            "audit.read",
            group=N_("Oversight"),
            order=80,
        ),
    ),
)
