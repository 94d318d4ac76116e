"""What other rooms may ask of the imports."""

from __future__ import annotations

from appliance.app.imports import RUN, policy, queries
from appliance.app.web.auth import Principal
from appliance.core.i18n import N_
from appliance.core.room import Waiting


async def waiting(principal: Principal) -> list[Waiting]:
    """What waits for this person: imports with held rows about which nobody decided."""
    if not principal.may(RUN):
        return []
    viewer = policy.viewer(principal.id, principal.office, principal.roles)
    count = await queries.count_undecided(viewer)
    return [Waiting(N_("Imports with held rows"), count, "/imports", "upload")]
