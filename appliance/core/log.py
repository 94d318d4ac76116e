"""Logs: one JSON object per line on a server, readable lines in a terminal. Never a secret, never case content."""

from __future__ import annotations

import json
import logging
import re
import sys
from contextvars import ContextVar
from typing import Any

from appliance.core import clock

request_id: ContextVar[str] = ContextVar("request_id", default="")

SECRET = re.compile(
    r"(?i)(password|passwd|secret|token|cookie|authorization|otp|code)(['\"]?\s*[:=]\s*['\"]?)(?:(?:bearer|basic)\s+)?[^\s'\"&,;]+"
)
STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "color_message"}


def redact(text: str) -> str:
    """Replace the value of anything that is named like a secret."""
    return SECRET.sub(r"\1\2***", text)


def extra_fields(record: logging.LogRecord) -> dict[str, Any]:
    """What the caller added beside the message."""
    return {key: value for key, value in record.__dict__.items() if key not in STANDARD}


class JsonFormatter(logging.Formatter):
    """One JSON object per line."""

    def format(self, record: logging.LogRecord) -> str:
        """Render a record."""
        entry: dict[str, Any] = {
            "at": clock.now().isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "text": redact(record.getMessage()),
        }
        if request_id.get():
            entry["request"] = request_id.get()
        entry |= {key: redact(str(value)) for key, value in extra_fields(record).items()}
        if record.exc_info:
            entry["trace"] = redact(self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=False)


class TerminalFormatter(logging.Formatter):
    """A line for a person: time, level when it matters, text."""

    def format(self, record: logging.LogRecord) -> str:
        """Render a record."""
        level = "" if record.levelno <= logging.INFO else f"{record.levelname.lower()}: "
        extra = "".join(f" {key}={value}" for key, value in extra_fields(record).items())
        text = f"{clock.now():%H:%M:%S} {level}{redact(record.getMessage() + extra)}"
        if record.exc_info:
            text += "\n" + redact(self.formatException(record.exc_info))
        return text


def set_up(*, as_json: bool, level: int = logging.INFO) -> None:
    """Send all logs of this process to standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if as_json else TerminalFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("uvicorn.access", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
