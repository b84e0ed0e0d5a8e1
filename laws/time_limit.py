"""A time limit for a block of code: an adapter that hangs must not take the run with it."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TimeLimit(BaseException):
    """The block did not end in time. A BaseException, so that no adapter's ``except`` eats it."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeLimit in the block after so many seconds, and again each second from then on.

    It uses the interval timer of POSIX, in the main thread; elsewhere there is no limit. Code that
    never returns to the interpreter is not interrupted.
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
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if outer:  # somebody's timer was running: it goes on, or is due at once
            left = outer - (time.monotonic() - start)
            signal.setitimer(signal.ITIMER_REAL, max(left, 1e-6), interval)
