"""The password once more, before weighty acts: wrong ones wait, the same for every page that asks."""

from __future__ import annotations

from appliance.app.accounts.service import attempts, passwords
from appliance.app.web.auth import Principal
from appliance.core import audit, db
from appliance.core.errors import Invalid
from appliance.core.i18n import N_, Message

WRONG = N_("The password is not right.")


async def prove(principal: Principal, password: str, address: str, wrong: str = WRONG) -> None:
    """Check the own password of somebody who is signed in.

    Raises:
        Invalid: it is not right.
        TooMany: earlier failures are too recent.
    """
    who = f"confirm {principal.id}"
    await attempts.reserve(who, address)
    stored = await db.fetch_value(
        "SELECT password_hash FROM accounts.account WHERE id = $1", principal.id
    )
    right = await passwords.verify(stored or "", password)
    if principal.session_id is None or not right:
        await note_wrong(principal, "confirm")
        raise Invalid(wrong, fields={"password": Message(wrong)})
    async with db.transaction():
        await attempts.forgive(who, address)
        await audit.record(
            audit.Action.SECURITY, "accounts", principal.id, detail={"what": "CONFIRMED"}
        )


async def note_wrong(principal: Principal, why: str) -> None:
    """Tell the audit that somebody who is signed in could not prove who it is."""
    await audit.record(audit.Action.SIGN_IN_FAILED, "accounts", principal.id, detail={"why": why})
