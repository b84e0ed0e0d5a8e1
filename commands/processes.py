"""Several processes at once: none of them has threads of its own for arrays that are small."""

from __future__ import annotations

import os


def one_thread_each() -> None:
    """Let the processes that are started from now on compute with one thread each.

    Threads of several processes that wait for one another on few cores take many times as long.
    What the caller has set stays.
    """
    os.environ.setdefault("OMP_NUM_THREADS", "1")
