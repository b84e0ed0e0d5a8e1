"""TensorFlow, imported without its messages: the other modules here take ``tf`` from this one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def _without_messages() -> Iterator[None]:
    """What is written to the process's standard error in the block is dropped.

    The variable alone does not silence what is logged before TensorFlow has read it.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(nowhere)
        os.close(kept)


with _without_messages():
    import tensorflow as tf

__all__ = ["tf"]
