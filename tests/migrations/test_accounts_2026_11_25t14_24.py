"""Lock-outs in the audit: waiting times from before are kept, and the audit knows of none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.migrations.conftest import Scratch

MIGRATION = ("accounts", "2026-11-25T14:24:22:323037")
ATTEMPT = (
    "INSERT INTO accounts.attempt (key, failures, last_at, blocked_until)"
    " VALUES ('x', 7, now(), now())"
)


async def test_waiting_times_from_before_are_not_noted_yet(scratch: Scratch) -> None:
    await scratch.before(*MIGRATION)
    await scratch.execute(ATTEMPT)
    await scratch.run(*MIGRATION)
    assert await scratch.fetch("SELECT failures, noted_until FROM accounts.attempt") == [(7, None)]
