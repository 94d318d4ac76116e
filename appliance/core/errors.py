"""Errors as values for people: what happened, what was kept, what to do.

Services raise these; HTTP status and page are chosen in one place of app/web, exit codes in cli.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from appliance.core.i18n import Message


class AppError(Exception):
    """A failure with a translatable sentence; `fields` holds one sentence per wrong field.

    `advice` says what to do where that is something else than what one does about others of the family.
    """

    code = "error"

    def __init__(
        self,
        message: str,
        /,
        *,
        fields: Mapping[str, Message] | None = None,
        advice: str = "",
        **params: Any,
    ) -> None:
        self.message = Message(message, params)
        self.fields = dict(fields or {})
        self.advice = Message(advice)
        super().__init__(self.message.text("en"))


class Invalid(AppError):
    """What was sent breaks a rule; the sender can mend it."""

    code = "invalid"


class NotSignedIn(AppError):
    """Nobody is signed in, or the session has ended."""

    code = "not_signed_in"


class Forbidden(AppError):
    """The person is known and may not do this."""

    code = "forbidden"


class NotFound(AppError):
    """There is no such record, or this person may not know of it."""

    code = "not_found"


class Conflict(AppError):
    """Somebody else changed the record first, or it already exists."""

    code = "conflict"


class TooLarge(AppError):
    """What was sent is larger than the limit."""

    code = "too_large"


class TooMany(AppError):
    """Too many tries; `retry_after` seconds tell when the next one counts."""

    code = "too_many"

    def __init__(self, message: str, /, *, retry_after: int, **params: Any) -> None:
        super().__init__(message, retry_after=retry_after, **params)
        self.retry_after = retry_after


class Unavailable(AppError):
    """A part of the appliance does not answer now; nothing was changed."""

    code = "unavailable"


class Corrupt(AppError):
    """Stored data do not match their checksum."""

    code = "corrupt"


class Refused(AppError):
    """A command will not do this; exit code 1."""

    code = "refused"


class CannotStart(AppError):
    """A process cannot start: port, disk, data folder, missing package; exit code 2."""

    code = "cannot_start"
