"""Failed tries: counted before the secret is checked, so that many at once do not slip through."""

from __future__ import annotations

from datetime import timedelta

from appliance.app.accounts import limits
from appliance.app.accounts.policy.sessions import wait_seconds
from appliance.core import audit, clock, crypto, db, ids
from appliance.core.errors import TooMany
from appliance.core.i18n import N_

# A blocking moment further ahead than any wait was written by a clock that ran ahead: no block.
RESERVE = """
INSERT INTO accounts.attempt (key, failures, last_at, blocked_until) VALUES ($1, 1, $2, $2)
ON CONFLICT (key) DO UPDATE SET
    failures = CASE WHEN attempt.last_at < $2 - $3::interval THEN 1 ELSE attempt.failures + 1 END,
    last_at = $2
WHERE attempt.blocked_until <= $2 OR attempt.blocked_until > $2 + $4::interval
RETURNING failures
"""
NOTE_ONCE = """
UPDATE accounts.attempt SET noted_until = blocked_until
WHERE key = $1 AND noted_until IS DISTINCT FROM blocked_until RETURNING blocked_until
"""
OWNER = "SELECT id, login FROM accounts.account WHERE id = $1 OR lower(login) = $2"
FORGET = timedelta(seconds=limits.FORGET_SECONDS)
WAIT_MAX = timedelta(seconds=limits.WAIT_SECONDS_MAX)


def key_of(kind: str, value: str) -> bytes:
    """The row of a login name, an account or an address."""
    return crypto.sha256(f"{kind}:{value}".encode("utf-8", "surrogatepass"))


def keys_of(who: str, address: str) -> tuple[tuple[bytes, int], tuple[bytes, int]]:
    """What a try counts for, each with its free tries; a waiting address cannot hurt a person."""
    return (
        (key_of("address", address), limits.FREE_TRIES_ADDRESS),
        (key_of("who", who), limits.FREE_TRIES),
    )


async def reserve(who: str, address: str) -> None:
    """Count a try as failed until `forgive` says otherwise.

    Raises:
        TooMany: earlier failures are too recent; this try was not looked at.
    """
    for key, free in keys_of(who, address):
        now = clock.now()
        failures = await db.fetch_value(RESERVE, key, now, FORGET, WAIT_MAX)
        if failures is None:
            await note_lock_out(key, who, address)
            raise await too_many(key)
        wait = wait_seconds(failures, free)
        if wait:
            await db.execute(
                "UPDATE accounts.attempt SET blocked_until = $2 WHERE key = $1",
                key,
                now + timedelta(seconds=wait),
            )


async def note_lock_out(key: bytes, who: str, address: str) -> None:
    """Tell the audit of a waiting time when it turns away its first try; what was typed stays out."""
    by_address = key == key_of("address", address)
    async with db.transaction():
        until = await db.fetch_value(NOTE_ONCE, key)
        if until is None:
            return
        name = who.rpartition(" ")[2]
        account = None if by_address else await db.fetch_row(OWNER, ids.parse_id(name), name)
        await audit.record(
            audit.Action.SECURITY,
            "accounts",
            account["id"] if account else "",
            label=account["login"] if account else "",
            detail={
                "what": "LOCKED_OUT",
                "by": "address" if by_address else "name",
                "until": until,
            },
        )


async def too_many(key: bytes) -> TooMany:
    """The refusal, with the seconds that are left."""
    until = await db.fetch_value("SELECT blocked_until FROM accounts.attempt WHERE key = $1", key)
    left = int((until - clock.now()).total_seconds()) + 1 if until else 1
    return TooMany(
        N_("Too many failed tries. Wait %(retry_after)s seconds, then try again."),
        retry_after=max(1, min(left, limits.WAIT_SECONDS_MAX)),
    )


async def forgive(who: str, address: str) -> None:
    """The try was right: the person starts anew, the address is only given this one back."""
    (place, _), (person, _) = keys_of(who, address)
    await db.execute("DELETE FROM accounts.attempt WHERE key = $1", person)
    await db.execute(
        "UPDATE accounts.attempt SET failures = greatest(failures - 1, 0), blocked_until = last_at"
        " WHERE key = $1",
        place,
    )
