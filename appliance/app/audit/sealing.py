"""Links entries into the chain, a second after they were written, never in a writer's transaction.

There a chain would make all writers wait for each other. What is not yet sealed is shown as such.
"""

from __future__ import annotations

from appliance.app.audit import limits, trail
from appliance.app.audit.chain import FIRST_PREVIOUS, make_seal, microseconds
from appliance.core import clock, db
from appliance.core.errors import Corrupt
from appliance.core.i18n import N_

LOCK_NUMBER = 0x6175646974  # "audit"


async def seal_once(limit: int = limits.SEAL_ROWS) -> int:
    """Put what has come to rest under one seal; return how many entries that were.

    Raises:
        Corrupt: the chain is ahead of the database, so that new entries could never follow it.
    """
    async with db.transaction() as connection:
        if not await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", LOCK_NUMBER):
            return 0
        head = await trail.last_seal()
        if head and head.to_xid >= await trail.next_transaction():
            raise Corrupt(
                N_(
                    "The seals of the audit trail are ahead of the database. Nothing is sealed;"
                    " run “ncen audit verify” and restore the database from a backup."
                )
            )
        entries = await trail.new_entries(trail.end_of(head), limit)
        if not entries:
            return 0
        number, previous = (head.number + 1, head.sha256) if head else (1, FIRST_PREVIOUS)
        await trail.store_seal(make_seal(number, previous, microseconds(clock.now()), entries))
        return len(entries)


async def seal_all(rounds: int = limits.SEALS_PER_ROUND) -> int:
    """Seal until nothing is left or the round is over; return how many entries that were."""
    total = 0
    for _ in range(rounds):
        sealed = await seal_once()
        total += sealed
        if sealed < limits.SEAL_ROWS:
            break
    return total
