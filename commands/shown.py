"""The arrays of a failure, for the report and for the script that shows it again."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..laws import Trial
from ..laws.answers import answer_to
from ..laws.tally import Entry
from ..laws.trial import NoAnswer
from ..laws.value_and_gradient import value
from ..laws.verdicts import Worst
from ..oracles.machine import is_discrete
from .selection import Target


def shown(
    target: Target, entry: Entry, law: str, wrt: str | None, seconds: float
) -> dict[str, Any]:
    """Arguments, cotangent, directions; and expected, tolerance, observed, as nested lists."""
    assert entry.case is not None
    assert entry.worst is not None
    trial = Trial(target.implementation, entry.case, seconds)
    arrays: dict[str, Any] = {
        "arguments": {name: as_numbers(x) for name, x in trial.arguments.items()},
        "ybar": as_numbers(trial.ybar),
    }
    if entry.worst.sides is not None:
        names = ("observed", "expected", "tolerance")
        return arrays | dict(zip(names, map(as_numbers, entry.worst.sides), strict=True))
    answered = entry.worst.outcome not in ("error", "timeout")
    answer = answer_to(trial, law if answered else value.__name__, wrt)
    goal = answer.widest
    arrays |= {f"direction of {name}": as_numbers(v) for name, v in answer.tangents.items()}
    arrays |= {"expected": as_numbers(goal.exact), "tolerance": as_numbers(goal.tolerance)}
    if not answered:
        return arrays  # there is no answer to show, and asking again may cost the time limit again
    try:
        observed = answer.observed()
    except NoAnswer:
        return arrays
    if observed.shape == goal.low.shape:  # at a kink any value between the sides is as expected
        x = np.nan_to_num(np.asarray(observed, np.float64))
        arrays["expected"] = as_numbers(np.clip(x, goal.low, goal.high))
    return {**arrays, "observed": as_numbers(observed)}


def numbers_of(worst: Worst) -> dict[str, Any]:
    """The worst entry for the ledger; what is expected is a number, or at a kink an interval."""
    expected = worst.low if worst.low == worst.high else [worst.low, worst.high]
    return {
        "at": list(worst.at),
        "expected": expected,
        "got": worst.got,
        "tolerance": float(f"{worst.tolerance:.3g}"),
    }


def as_numbers(x: np.ndarray) -> Any:
    """Nested lists of Python numbers, exactly the array's."""
    return x.tolist() if is_discrete(x) else np.asarray(x, np.float64).tolist()
