"""What other rooms may ask of the trail. Writing is core.audit's."""

from __future__ import annotations

from uuid import UUID

from appliance.app.audit import limits, search, service
from appliance.app.audit.schemas import AuditEntry


async def entries_of(room: str, record_id: UUID) -> list[AuditEntry]:
    """The newest entries about one record; whoever shows them guards and notes it."""
    wanted = await service.wanted_of(
        {"room": room, "record": str(record_id)}, rows=limits.RECORD_ENTRIES
    )
    return (await search.find_page(wanted)).entries
