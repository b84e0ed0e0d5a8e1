"""A time limit for a block of code: an adapter that hangs must not take the run with it."""

from __future__ import annotations

import faulthandler
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TextIO


class TimeLimit(BaseException):
    """The block did not end in time. A BaseException, so that no adapter's ``except`` eats it."""


_watchdog: list[tuple[float, TextIO]] = []


def end_process_after(grace: float, trace: TextIO) -> None:
    """From now on, end this process where a block goes on for so many seconds after its limit.

    For code that no signal interrupts; where it was goes into ``trace``.
    """
    _watchdog[:] = [(grace, trace)]


def end_no_process() -> None:
    """Take back ``end_process_after``: its file may be closed."""
    _watchdog.clear()


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeLimit in the block after so many seconds, and again each second from then on.

    It uses the interval timer of POSIX, in the main thread; elsewhere there is no limit. Code that
    never returns to the interpreter is not interrupted: it ends the process, where
    ``end_process_after`` was called, and hangs where not.
    """
    available = hasattr(signal, "setitimer") and (
        threading.current_thread() is threading.main_thread()
    )
    if not available:
        yield
        return

    def expire(number: int, frame: FrameType | None) -> None:
        raise TimeLimit(f"no answer within {seconds:g} s")

    before = signal.signal(signal.SIGALRM, expire)
    outer, interval = signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    start = time.monotonic()
    for grace, trace in _watchdog:
        faulthandler.dump_traceback_later(seconds + grace, exit=True, file=trace)
    try:
        yield
    finally:
        if _watchdog:
            faulthandler.cancel_dump_traceback_later()
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if outer:  # somebody's timer was running: it goes on, or is due at once
            left = outer - (time.monotonic() - start)
            signal.setitimer(signal.ITIMER_REAL, max(left, 1e-6), interval)
