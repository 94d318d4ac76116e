"""How a job ended, in its row: well, to be tried again, given up, or cut off.

Each is bound to the attempt that it tells of: a process that was taken for dead says nothing about the next one.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec

from appliance.core import clock, db, outbox
from appliance.core.errors import AppError, Refused
from appliance.core.i18n import N_, Message
from appliance.core.room import Job

RETRY_SECONDS = 15  # doubled at each further attempt


def retry_delay(attempts: int) -> timedelta:
    """How long a failed job waits before its next attempt."""
    return timedelta(seconds=RETRY_SECONDS * 2 ** min(attempts, 8))


def failure_text(error: Exception) -> str:
    """What is stored of a failure: our own sentences as key and parameters, others as a reference to the log."""
    message = (
        error.message
        if isinstance(error, AppError)
        else Message(N_("The job failed with an error of ours; the log tells more."))
    )
    return msgspec.json.encode(message).decode()


async def note_success(row: outbox.JobRow, job: Job, result: Mapping[str, Any]) -> None:
    """A job ended well; a repeated one becomes due again."""
    moment = clock.now()
    state = "DUE" if job.every_seconds else "DONE"
    due = moment + timedelta(seconds=job.every_seconds)
    await db.execute(
        "UPDATE core.job SET state = $2, result = $3, ended_at = $4, due_at = $5, error = '',"
        " attempts = CASE WHEN $2 = 'DUE' THEN 0 ELSE attempts END"
        " WHERE id = $1 AND state = 'RUNNING' AND attempts = $6",
        row.id,
        state,
        outbox.encode(result).decode(),
        moment,
        due,
        row.attempts,
    )


async def note_failure(row: outbox.JobRow, job: Job, error: Exception) -> None:
    """A job failed: again later while attempts are left; a refusal with a reason is final at once."""
    final = isinstance(error, AppError) and error.code != "unavailable"
    again = job.every_seconds or (not final and row.attempts < job.attempts)
    moment = clock.now()
    await db.execute(
        "UPDATE core.job SET state = $2, error = $3, ended_at = $4, due_at = $5"
        " WHERE id = $1 AND state = 'RUNNING' AND attempts = $6",
        row.id,
        "DUE" if again else "FAILED",
        failure_text(error),
        moment,
        moment + retry_delay(row.attempts),
        row.attempts,
    )


async def note_left(row: outbox.JobRow, job: Job) -> None:
    """A job whose process was killed is due again at once, unless that happened at its every attempt."""
    again = job.every_seconds or row.attempts < job.attempts
    given_up = Refused(
        N_(
            "The work was cut off %(attempts)s times and was given up. Ask for it again;"
            " if it is cut off again, tell your administrator."
        ),
        attempts=row.attempts,
    )
    await db.execute(
        "UPDATE core.job SET state = $2, error = $3, ended_at = $4, due_at = $4"
        " WHERE id = $1 AND state = 'RUNNING' AND attempts = $5",
        row.id,
        "DUE" if again else "FAILED",
        failure_text(given_up) if not again else "",
        clock.now(),
        row.attempts,
    )


async def hand_back(row: outbox.JobRow) -> None:
    """A job that was cut off on purpose is due again at once, and this was no attempt."""
    with contextlib.suppress(AppError, *db.CONNECTION_ERRORS):
        await db.execute(
            "UPDATE core.job SET state = 'DUE', attempts = attempts - 1, due_at = $3, progress = '{}'"
            " WHERE id = $1 AND state = 'RUNNING' AND attempts = $2",
            row.id,
            row.attempts,
            clock.now(),
        )
