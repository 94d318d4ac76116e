"""The second factor: codes by time (RFC 6238) whose replay is refused, and recovery codes."""

from __future__ import annotations

import functools
import io
import re
from typing import NamedTuple
from uuid import UUID

import pyotp
import segno

from appliance.app.accounts import limits
from appliance.app.accounts.service import attempts, events, proof, sessions
from appliance.app.accounts.service.passwords import code_hash
from appliance.app.web.auth import Principal
from appliance.core import audit, clock, crypto, db, ids
from appliance.core.errors import Conflict, Invalid
from appliance.core.i18n import N_, Message
from appliance.core.settings import get_settings

PURPOSE = "second factor"
STEP_SECONDS = 30
ISSUER = "nCEN"
NONE_YET = N_("Set up the second factor first.")
WRONG_CODE = N_("This code is not right, or it was used already. Wait for the next one.")


@functools.cache
def sealing_key() -> bytes:
    """The key that closes the secrets of second factors."""
    return crypto.load_key(get_settings().keys, "second-factor.key")


async def find_secret(account: UUID) -> tuple[str, bool] | None:
    """The secret of an account and whether it is in force yet."""
    row = await db.fetch_row(
        "SELECT totp_secret, totp_since FROM accounts.account WHERE id = $1", account
    )
    if row is None or row["totp_secret"] is None:
        return None
    secret = crypto.unseal(sealing_key(), row["totp_secret"], f"{PURPOSE} {account}")
    return secret.decode(), row["totp_since"] is not None


def matching_step(secret: str, code: str) -> int | None:
    """The 30-second step that a code belongs to; one step of difference is allowed."""
    totp, here = pyotp.TOTP(secret), int(clock.now().timestamp()) // STEP_SECONDS
    for step in (here, here - 1, here + 1):
        if step > 0 and crypto.same(totp.generate_otp(step).encode(), code.encode()):
            return step
    return None


async def spend_step(account: UUID, code: str) -> bool:
    """Use up a code by time: the same or an earlier step never counts again."""
    found = await find_secret(account)
    step = matching_step(found[0], code) if found else None
    if step is None:
        return False
    return bool(
        await db.execute(
            "UPDATE accounts.account SET totp_step = $2 WHERE id = $1 AND totp_step < $2",
            account,
            step,
        )
    )


async def spend_recovery_code(account: UUID, code: str) -> bool:
    """Use up a recovery code."""
    return bool(
        await db.execute(
            "UPDATE accounts.recovery_code SET used_at = $3"
            " WHERE account = $1 AND code_hash = $2 AND used_at IS NULL",
            account,
            code_hash(code),
            clock.now(),
        )
    )


async def spend(account: UUID, typed: str) -> str:
    """Use up what was typed; return "time", "recovery" or nothing."""
    digits = re.sub(r"[\s-]", "", typed)
    if re.fullmatch(r"[0-9]{6}", digits):
        return "time" if await spend_step(account, digits) else ""
    return "recovery" if await spend_recovery_code(account, typed) else ""


async def start(principal: Principal) -> None:
    """Make a secret that waits for its first code.

    Raises:
        Conflict: a second factor is in force already.
    """
    secret = pyotp.random_base32().encode()
    sealed = crypto.seal(sealing_key(), secret, f"{PURPOSE} {principal.id}")
    changed = await db.execute(
        "UPDATE accounts.account SET totp_secret = $2, totp_step = 0"
        " WHERE id = $1 AND totp_since IS NULL",
        principal.id,
        sealed,
    )
    if not changed:
        raise Conflict(N_("Your second factor is set up already. Remove it first."))


async def waiting_secret(account: UUID) -> str | None:
    """The secret that waits for its first code."""
    found = await find_secret(account)
    return found[0] if found and not found[1] else None


def address_of(secret: str, login: str) -> str:
    """What the QR code says to the authenticator."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def picture_of(secret: str, login: str) -> bytes:
    """The QR code as a drawing, without style or script."""
    out = io.BytesIO()
    segno.make(address_of(secret, login), error="m").save(
        out, kind="svg", scale=5, border=3, light="#fff", dark="#000", xmldecl=False
    )
    return out.getvalue()


async def turn_on(principal: Principal, session: UUID, typed: str) -> tuple[list[str], str]:
    """Put the waiting secret into force; return recovery codes and the session's new secret.

    Raises:
        Invalid: the code is not right.
    """
    wrong = Invalid(WRONG_CODE, fields={"code": Message(WRONG_CODE)})
    if await waiting_secret(principal.id) is None:
        raise Conflict(N_("Your second factor is set up already. Remove it first."))
    async with db.transaction():
        if await spend(principal.id, typed) != "time":
            raise wrong
        await db.execute(
            "UPDATE accounts.account SET totp_since = $2 WHERE id = $1 AND totp_since IS NULL",
            principal.id,
            clock.now(),
        )
        codes = await write_recovery_codes(principal.id)
        await sessions.end_all(principal.id, but=session)
        await note(principal.id, "FACTOR_ON")
        return codes, await sessions.renew(session)


async def forget(account: UUID) -> None:
    """Forget secret and recovery codes, in force or not, in the open transaction."""
    await db.execute(
        "UPDATE accounts.account SET totp_secret = NULL, totp_since = NULL, totp_step = 0"
        " WHERE id = $1",
        account,
    )
    await db.execute("DELETE FROM accounts.recovery_code WHERE account = $1", account)


async def turn_off(account: UUID) -> None:
    """Forget the second factor and tell about it, in the open transaction."""
    await forget(account)
    await note(account, "FACTOR_OFF")


class Proofs(NamedTuple):
    """What somebody typed to show that it is still the same person, and from where."""

    password: str
    code: str
    address: str


async def remove(principal: Principal, session: UUID, proofs: Proofs) -> str:
    """Remove the own second factor; return the session's new secret.

    Raises:
        Conflict: there is none.
        Invalid: the password or the code is not right.
        TooMany: earlier failures are too recent.
    """
    found = await find_secret(principal.id)
    if found is None or not found[1]:
        raise Conflict(NONE_YET)
    await proof.prove(principal, proofs.password, proofs.address)
    who = f"factor {principal.id}"
    await attempts.reserve(who, proofs.address)
    async with db.transaction():
        if await spend(principal.id, proofs.code):
            await attempts.forgive(who, proofs.address)
            await turn_off(principal.id)
            await sessions.end_all(principal.id, but=session)
            return await sessions.renew(session)
    await proof.note_wrong(principal, "second factor")
    raise Invalid(WRONG_CODE, fields={"code": Message(WRONG_CODE)})


async def write_recovery_codes(account: UUID) -> list[str]:
    """New recovery codes instead of all earlier ones, in the open transaction."""
    codes = [ids.spoken_code() for _ in range(limits.RECOVERY_CODES)]
    await db.execute("DELETE FROM accounts.recovery_code WHERE account = $1", account)
    await db.execute_many(
        "INSERT INTO accounts.recovery_code (id, account, code_hash) VALUES ($1, $2, $3)",
        [(ids.new_id(), account, code_hash(code)) for code in codes],
    )
    return codes


async def renew_codes(principal: Principal) -> list[str]:
    """Make new recovery codes.

    Raises:
        Conflict: there is no second factor that they could stand in for.
    """
    found = await find_secret(principal.id)
    if found is None or not found[1]:
        raise Conflict(NONE_YET)
    async with db.transaction():
        codes = await write_recovery_codes(principal.id)
        await note(principal.id, "CODES")
    return codes


async def codes_left(account: UUID) -> int:
    """How many recovery codes are unused."""
    return int(
        await db.fetch_value(
            "SELECT count(*) FROM accounts.recovery_code WHERE account = $1 AND used_at IS NULL",
            account,
        )
    )


async def note(account: UUID, kind: str) -> None:
    """Tell the owner and the audit."""
    await events.note(account, kind)
    await audit.record(audit.Action.SECURITY, "accounts", account, detail={"what": kind})
