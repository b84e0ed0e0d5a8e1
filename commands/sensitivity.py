"""``gradient-conformance teeth --sensitivity``: how small an error is still found."""

from __future__ import annotations

import argparse
import dataclasses
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from ..faults.sensitivity import Sensitivity, sensitivity
from ..laws.strategies import PROFILES
from ..oracles.machine import MACHINES
from ..reports.teeth import FILE, head, read_teeth, write_sensitivity
from .environment import environment
from .processes import one_thread_each
from .selection import BadChoice, select


def measure(choice: argparse.Namespace) -> int:
    """Measure it for the chosen identities and types, and put it into ``teeth.json``.

    What a hunt wrote there stays. Raises BadChoice before anything runs.
    """
    if choice.sensitivity < 1:
        raise BadChoice(f"--sensitivity {choice.sensitivity} is not a number of runs")
    if not choice.workers.isdecimal():
        raise BadChoice(f"-n {choice.workers!r} is not a number of workers")
    dtypes = tuple(choice.dtype) or tuple(MACHINES)
    file = Path(choice.out) / FILE
    if file.is_file():
        try:
            read_teeth(file)
        except ValueError as reason:
            raise BadChoice(f"{reason}; --out names another folder") from None
    selection = select(identities=choice.identity, dtypes=dtypes, profile=choice.profile)
    tasks = [
        (i, d, choice.profile, choice.sensitivity) for i in selection.identities for d in dtypes
    ]
    clock = time.monotonic()
    rows: list[dict[str, Any]] = []
    for found in _worked_off(tasks, int(choice.workers)):
        rows.append(dataclasses.asdict(found))
        if len(rows) % 20 == 0 or len(rows) == len(tasks):
            left = (time.monotonic() - clock) / len(rows) * (len(tasks) - len(rows))
            print(
                f"{len(rows)} of {len(tasks)} measured, {left / 60:.0f} min left", file=sys.stderr
            )
    fresh = {
        **head(),
        "environment": {**environment(selection, ()), "seeds": [], "complete": True},
        "faults": {},
        "rows": [],
        "controls": [],
    }
    about = {
        "runs": choice.sensitivity,
        "profile": choice.profile,
        "seconds": round(time.monotonic() - clock, 1),
    }
    print(write_sensitivity(file, fresh, rows, about))
    return 0


def _worked_off(tasks: list[tuple[str, str, str, int]], workers: int) -> Any:
    if workers < 1:
        yield from map(_one, tasks)
        return
    context = multiprocessing.get_context("spawn")
    one_thread_each()
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        yield from pool.map(_one, tasks)


def _one(task: tuple[str, str, str, int]) -> Sensitivity:
    identity, dtype, profile, runs = task
    return sensitivity(identity, dtype, PROFILES[profile], range(runs))
