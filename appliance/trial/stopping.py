"""Whether somebody asked this process to end. Signals belong to the whole process, hence one flag for all of it."""

from __future__ import annotations

import select
import signal
from types import FrameType

TICK_SECONDS = 0.05


class Stopped(Exception):
    """Somebody asked to end while the trial was still opening."""


class StopRequest:
    """Set by the signals that end a trial."""

    def __init__(self) -> None:
        self.asked = False

    def note(self, _number: int, _frame: FrameType | None) -> None:
        """The signal handler."""
        self.asked = True


request = StopRequest()


def listen() -> None:
    """Let Ctrl-C, a polite end and a closed terminal end the trial in order.

    A shell that starts a program in the background makes it deaf to Ctrl-C; it still has to end when told so.
    Only nohup's wish is kept: a closed terminal then ends nothing.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, request.note)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, request.note)


def check() -> None:
    """Go on, unless somebody asked to end.

    Raises:
        Stopped: somebody did.
    """
    if request.asked:
        raise Stopped


def pause(seconds: float = TICK_SECONDS) -> None:
    """Wait for a moment.

    Raises:
        Stopped: somebody asked to end.
    """
    check()
    rest(seconds)
    check()


def rest(seconds: float) -> None:
    """Wait for a moment, whatever was asked. Measured by the kernel: no clock that somebody sets counts here."""
    select.select([], [], [], seconds)
