"""Hashing of passwords (argon2id) beside the event loop; keyed hashes of short codes."""

from __future__ import annotations

import asyncio
import functools
import hashlib
import hmac
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from appliance.app.accounts import limits
from appliance.app.accounts.policy.passwords import normalise
from appliance.core import crypto
from appliance.core.errors import Unavailable
from appliance.core.i18n import N_
from appliance.core.settings import get_settings

KEY = "accounts.key"
P = ParamSpec("P")
T = TypeVar("T")

# About 80 ms and 64 MiB for one hash: two at once leave a small server room to breathe.
hasher = PasswordHasher(time_cost=2, memory_cost=64 << 10, parallelism=1)
pool = ThreadPoolExecutor(limits.HASHES_AT_ONCE, thread_name_prefix="password")


async def beside_the_loop(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run slow work in one of the few threads for it.

    Raises:
        Unavailable: too many people wait already.
    """
    if pool._work_queue.qsize() >= limits.HASHES_WAITING:  # noqa: SLF001 - the pool tells no other way
        raise Unavailable(
            N_("Too many people sign in at this moment. Nothing was changed; try again shortly.")
        )
    call = functools.partial(work, *args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(pool, call)


def verify_now(stored: str, password: str) -> bool:
    """Whether a password belongs to a stored hash."""
    try:
        return hasher.verify(stored, normalise(password))
    except (VerificationError, InvalidHashError):
        return False


@functools.cache
def nobodys_hash() -> str:
    """What an unknown name is checked against, so that the answer takes as long."""
    return hasher.hash(hashlib.sha256(installation_key()).hexdigest())


def verify_or_pretend(stored: str, password: str) -> bool:
    """Whether a password is right; without a stored hash the same work is done for nothing."""
    right = verify_now(stored or nobodys_hash(), password)
    return right and bool(stored)


async def verify(stored: str, password: str) -> bool:
    """Whether a password is right.

    Raises:
        Unavailable: too many people wait already.
    """
    return await beside_the_loop(verify_or_pretend, stored, password[: limits.PASSWORD_CHARS * 2])


async def make_hash(password: str) -> str:
    """The stored form of a password.

    Raises:
        Unavailable: too many people wait already.
    """
    return await beside_the_loop(hasher.hash, normalise(password))


@functools.cache
def installation_key() -> bytes:
    """The key that short codes are hashed with; it never lies in the database."""
    return crypto.load_key(get_settings().keys, KEY)


def fold_code(code: str) -> str:
    """A dictated code without what people put between its groups."""
    return re.sub(r"[^A-Z0-9]", "", code.upper())


def code_hash(code: str) -> bytes:
    """The stored form of a one-time or recovery code: useless without the key."""
    return hmac.digest(installation_key(), fold_code(code).encode(), "sha256")
