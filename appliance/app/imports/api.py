"""What other rooms may ask of the imports."""

from __future__ import annotations

from appliance.app.imports import RUN, queries
from appliance.app.web.auth import Principal
from appliance.core.i18n import N_
from appliance.core.room import Waiting


async def waiting(principal: Principal) -> list[Waiting]:
    """What waits for this person: imports with held rows about which nobody decided."""
    if not principal.may(RUN):
        return []
    count = await queries.count_undecided()
    return [Waiting(N_("Imports with held rows"), count, "/imports", "upload")]
