"""Two answers to one question are equal: each may be off by its own tolerance."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np

from ..oracles.expected import LEVELS, Expected, Target
from .trial import Trial
from .verdicts import Comparison, Verdict, judge_against


def equal(
    trial: Trial,
    law: str,
    wrt: str | None,
    got: np.ndarray,
    wanted: np.ndarray,
    expectations: Sequence[tuple[Expected, str | None]],
    what: str,
) -> Verdict:
    """The verdict on ``got``, which ``what`` describes: it must be ``wanted``.

    They may differ by the sum of the tolerances of what they were made from: ``expectations`` has
    an expectation for each answer that is in them, and the argument (None is the value) whose
    gradient the answer is. At a kink each may choose its own side.
    """
    if got.shape != wanted.shape:
        message = f"{what} has shape {got.shape}; it must be {wanted.shape}"
        return Verdict(law, wrt, "wrong", digits=0.0, message=message)
    found = _compared(trial, got, wanted, expectations)
    if not found.failed:
        return Verdict(law, wrt, found.outcome, found.margin, None, found.message)
    message = f"{what} differs: {found.message}"
    goal = _target(wanted, expectations, LEVELS[trial.implementation.route][-1])
    sides = None if goal is None else (got, wanted, goal.tolerance)
    return Verdict(law, wrt, found.outcome, found.margin, found.digits, message, sides)


def both(expected: Expected, wrt: str | None) -> list[tuple[Expected, str | None]]:
    """The expectations of two answers to the very same question."""
    return [(expected, wrt), (expected, wrt)]


def _compared(
    trial: Trial,
    got: np.ndarray,
    wanted: np.ndarray,
    expectations: Sequence[tuple[Expected, str | None]],
) -> Comparison:
    x, y = np.asarray(got, np.float64), np.asarray(wanted, np.float64)
    alike = (x == y) | (np.isnan(x) & np.isnan(y))
    finite = np.isfinite(y)
    if alike.all() and finite.all() and x.size:
        return Comparison("pass", 0.0, trial.machine.digits)  # whatever the tolerance may be
    if alike.all() and not finite.any():
        return Comparison("undecided", 0.0, 0.0, "no entry of either answer is finite")
    # Infinity or NaN in both is equal; whether it is right is for the law of the gradient to say.
    x, y = np.where(alike & ~finite, 0.0, x), np.where(alike & ~finite, 0.0, y)

    target = functools.partial(_target, y, expectations)
    return judge_against(x, target, trial.machine, LEVELS[trial.implementation.route])


def _target(
    wanted: np.ndarray, expectations: Sequence[tuple[Expected, str | None]], level: str
) -> Target | None:
    y = np.asarray(wanted, np.float64)
    allowed = np.zeros(y.shape)
    for expected, wrt in expectations:
        goal = expected.target(wrt, level)
        if goal is None:
            return None
        with np.errstate(invalid="ignore"):  # ∞ − ∞ where the answer is out of range
            allowed = allowed + goal.tolerance + (goal.high - goal.low)
    return Target(y, y, allowed)
