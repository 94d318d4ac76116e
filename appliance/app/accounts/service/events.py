"""The own security log: what happened to an account, told to its owner at the next sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from appliance.app.accounts import limits
from appliance.app.accounts.schemas import Event, Origin
from appliance.core import clock, db, ids
from appliance.core.audit import current_actor
from appliance.core.i18n import N_, NN_, Message

NOWHERE = Origin(address="", agent="")
TEXTS: Mapping[str, str] = {
    "SIGN_IN": N_("Signed in"),
    "SIGN_IN_FAILED": N_("A sign-in failed"),
    "RESET": N_("The password was reset by %(by_name)s"),
    "CODE_USED": N_("Signed in with a one-time code"),
    "PASSWORD": N_("The password was changed"),
    "FACTOR_ON": N_("The second factor was set up"),
    "FACTOR_OFF": N_("The second factor was removed by %(by_name)s"),
    "CODES": N_("New recovery codes were made"),
    "CODE_SPENT": N_("A recovery code was used"),
    "TOKEN_MADE": N_("An API token was made"),
    "TOKEN_REVOKED": N_("An API token was revoked"),
    "TOKEN_ENDED": N_("An API token was ended by %(by_name)s"),
    "ROLES": N_("The roles were changed by %(by_name)s"),
    "BLOCKED": N_("The account was blocked by %(by_name)s"),
    "UNBLOCKED": N_("The account was opened again by %(by_name)s"),
    "SESSIONS": N_("Sessions and API tokens were ended by %(by_name)s"),
}
FAILED_ONCE, FAILED_OFTEN = NN_(
    "Since you last signed in, %(n)s sign-in with your name failed. See the security log.",
    "Since you last signed in, %(n)s sign-ins with your name failed. See the security log.",
)
# What the owner did in person needs no telling.
OWN_DOINGS = ("SIGN_IN", "PASSWORD", "FACTOR_ON", "CODES", "TOKEN_MADE", "TOKEN_REVOKED")
# By login, known or not: the same statement for both, so that neither answers faster.
NOTE_FAILED = """
INSERT INTO accounts.security_event (id, account, at, kind, address, agent, params)
SELECT $1, id, $2, 'SIGN_IN_FAILED', $3, $4, '{}' FROM accounts.account WHERE lower(login) = $5
"""
NOTE = """
INSERT INTO accounts.security_event
    (id, account, at, kind, by_name, address, agent, told_at, params)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '{}')
"""
TELL = """
UPDATE accounts.security_event SET told_at = $2 WHERE account = $1 AND told_at IS NULL
RETURNING kind, by_name, at
"""


def text_of(kind: str, by_name: str) -> Message:
    """An event as a sentence."""
    text = TEXTS.get(kind, kind)
    return Message(text, {"by_name": by_name} if "%(by_name)s" in text else {})


async def note(account: UUID, kind: str, origin: Origin = NOWHERE) -> None:
    """Write an event, in the open transaction."""
    now = clock.now()
    told = now if kind in OWN_DOINGS else None
    agent = origin.agent[: limits.AGENT_CHARS]
    by_name = current_actor.get().name
    await db.execute(NOTE, ids.new_id(), account, now, kind, by_name, origin.address, agent, told)


async def note_failed(login: str, origin: Origin) -> None:
    """Write a failed sign-in to the log of the account, if there is one of that name."""
    agent = origin.agent[: limits.AGENT_CHARS]
    await db.execute(NOTE_FAILED, ids.new_id(), clock.now(), origin.address, agent, login)


async def tell(account: UUID) -> Message | None:
    """What happened since the last sign-in, in one sentence; it counts as told from now on."""
    news = await db.fetch(TELL, account, clock.now())
    grave = [row for row in news if row["kind"] != "SIGN_IN_FAILED"]
    if grave:
        newest = max(grave, key=lambda row: row["at"])
        return Message(
            N_("Since you last signed in: %(what)s. If you did not expect this, report it."),
            {"what": text_of(newest["kind"], newest["by_name"])},
        )
    if news:
        return Message(FAILED_ONCE, {"n": len(news)}, FAILED_OFTEN)
    return None


async def list_events(account: UUID) -> list[Event]:
    """The newest events of an account."""
    rows = await db.fetch(
        "SELECT at, kind, by_name, address, agent, told_at FROM accounts.security_event"
        " WHERE account = $1 ORDER BY at DESC, id DESC LIMIT $2",
        account,
        limits.EVENTS_SHOWN,
    )
    return [Event(**dict(row)) for row in rows]
