"""What a worker was trying when it died: it writes that down before it tries, and can still hang.

The controller of pytest-xdist hands each worker a folder. A worker notes its test and case there
before each trial. A call that hangs where no signal of Python reaches it is ended, with the whole
worker, by a watchdog that leaves its trace beside the note.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from ..laws.time_limit import end_no_process, end_process_after

GRACE = 10.0
"""Seconds beyond the time limit of a call after which the worker itself is ended."""

_note: list[Path] = []
_trace: list[TextIO] = []


@dataclass(frozen=True)
class LastWords:
    """The case that a worker was trying, and whether it hung (or else died by itself)."""

    case: str
    hung: bool


def write_into(folder: Path, worker: str) -> None:
    """In a worker: from now on note what is tried, and end this process where it hangs.

    Until ``write_no_more``.
    """
    write_no_more()
    _note[:] = [folder / f"{worker}.json"]
    _trace[:] = [(folder / f"{worker}.hung").open("w", encoding="utf-8")]
    end_process_after(GRACE, _trace[0])


def write_no_more() -> None:
    """In a worker that ends by itself: note nothing any more, and close what was open."""
    end_no_process()
    for trace in _trace:
        trace.close()
    _note.clear()
    _trace.clear()


def trying(test: str, case: str) -> None:
    """Note what is tried next; nothing where nobody listens."""
    for path in _note:
        path.write_text(json.dumps([test, case]), encoding="utf-8")


def last_words(folder: Path, worker: str, test: str) -> LastWords | None:
    """In the controller: what a worker noted last, if it was about this test."""
    note, trace = folder / f"{worker}.json", folder / f"{worker}.hung"
    if not note.exists():
        return None
    noted, case = json.loads(note.read_text(encoding="utf-8"))
    if noted != test:
        return None
    return LastWords(case, hung=trace.exists() and trace.stat().st_size > 0)
