"""Verdicts: what a law says of one implementation on one case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from ..oracles.expected import LEVELS, Expected, Target
from ..oracles.machine import Machine

OUTCOMES: dict[str, str] = {
    "pass": "The answer is within the tolerance. The tolerance is not chosen by hand: it is what "
    "rounding in this floating-point type can explain.",
    "known": "The answer is wrong or imprecise, and the deviation is on record with a reason. It "
    "does not make the run fail.",
    "unsupported": "The library has no such function, or not for this type. It is never counted "
    "as a pass.",
    "undecided": "Nothing could be said: for these inputs rounding alone could explain any answer, "
    "or the exact result does not fit the type. It is never counted as a pass.",
    "stale": "It is on record as failing or unsupported, and it works: the record is out of date "
    "and has to be removed. It makes the run fail.",
    "imprecise": "More than half of the digits are right, but fewer than rounding explains.",
    "wrong": "At most half of the digits are right.",
    "error": "It raised an exception, or returned something that is not an array of the right "
    "shape and type.",
    "timeout": "It did not return within the time limit.",
    "crash": "The Python process that ran it died.",
}
"""What each means, from best to worst: of several verdicts on one thing, the last stands."""

SEVERITY = {outcome: rank for rank, outcome in enumerate(OUTCOMES)}
FAILURES = ("stale", "imprecise", "wrong", "error", "timeout", "crash")


@dataclass(frozen=True)
class Worst:
    """The entry of an answer that uses most of its tolerance: where it is, and its numbers.

    Anything between ``low`` and ``high`` is as expected; they differ at a kink only.
    """

    at: tuple[int, ...]
    low: float
    high: float
    got: float
    tolerance: float


@dataclass(frozen=True)
class Verdict:
    """One law's judgement: ``margin`` is error over tolerance, ``digits`` how many are right.

    ``wrt`` names the argument whose gradient was judged, or is None for the value or the whole;
    ``outcome`` is one of ``OUTCOMES``, and ``message`` says what failed, with the numbers;
    ``worst`` is the entry that came nearest to its limit, or went furthest beyond. A law that holds
    two answers against each other leaves them in ``sides``: what was seen, what it must be, and by
    how much it may be off.
    """

    law: str
    wrt: str | None
    outcome: str
    margin: float | None = None
    digits: float | None = None
    message: str = ""
    sides: tuple[np.ndarray, np.ndarray, np.ndarray] | None = field(
        default=None, compare=False, repr=False
    )
    worst: Worst | None = field(default=None, compare=False, repr=False)

    @property
    def failed(self) -> bool:
        """Whether the implementation is at fault."""
        return self.outcome in FAILURES


@dataclass(frozen=True)
class Comparison:
    """Of an array with its target: the outcome, and where and how it is worst."""

    outcome: str
    margin: float
    digits: float
    message: str = ""
    worst: Worst | None = field(default=None, compare=False)

    @property
    def failed(self) -> bool:
        """Whether the array misses its target."""
        return self.outcome in FAILURES


def judge(observed: np.ndarray, wrt: str | None, expected: Expected, route: str) -> Comparison:
    """Hold an observed value (``wrt`` None) or gradient against the expectation."""
    return judge_against(
        observed, lambda level: expected.target(wrt, level), expected.machine, LEVELS[route]
    )


def judge_against(
    observed: np.ndarray,
    target: Callable[[str], Target | None],
    machine: Machine,
    levels: Sequence[str],
) -> Comparison:
    """Hold an array against the target of each level in turn; a failure misses all of them.

    Undecided where there is no target, because the formula itself leaves the machine's range.
    """
    verdict = Comparison("undecided", 0.0, 0.0)
    for level in levels:
        goal = target(level)
        if goal is None:
            reason = f"the formula itself leaves the range of {machine.name}"
            return Comparison("undecided", verdict.margin, verdict.digits, reason)
        verdict = compare(observed, goal, machine)
        if verdict.outcome not in FAILURES:
            break
    return verdict


def compare(observed: np.ndarray, target: Target, machine: Machine) -> Comparison:
    """Hold an array against its target, entry by entry.

    Nothing is said of an entry whose target is not finite or not representable. The array is
    undecided, unless another entry fails, where there is such an entry, and where a gross fault
    (half of the largest entry) would fit in the tolerance.
    """
    if observed.size == 0:
        return Comparison("undecided", 0.0, machine.digits, "there is nothing to compare")
    x = np.asarray(observed, np.float64)
    with np.errstate(invalid="ignore", over="ignore"):
        largest = np.maximum(np.abs(target.low), np.abs(target.high))
        finite = np.isfinite(target.tolerance) & np.isfinite(largest)
        told = finite & (largest <= machine.largest)
        error = np.maximum(np.maximum(target.low - x, x - target.high), 0.0)
        error = np.where(np.isfinite(x), error, np.inf)
        margins = np.where(told, error / target.tolerance, 0.0)
    if not told.any():
        return Comparison("undecided", 0.0, 0.0, _untold(finite, machine))
    worst = np.unravel_index(int(np.argmax(margins)), x.shape)
    margin, entry = float(margins[worst]), _entry(x, target, worst)
    if margin > 1:
        digits = digits_right(float(error[worst]), float(largest[worst]), machine)
        outcome = "imprecise" if digits > machine.digits / 2 else "wrong"
        return Comparison(outcome, margin, digits, describe(x, target, worst, margin), entry)
    # Where the exact answer is zero all over, no digit of it can be wrong.
    scale = float(largest[told].max())
    digits = digits_right(float(error[told].max()), scale, machine) if scale else machine.digits
    if not told.all():
        return Comparison("undecided", margin, digits, _untold(finite, machine))
    if scale > 0 and float(target.tolerance.max()) > 0.5 * scale + 8 * machine.smallest:
        return Comparison("undecided", margin, digits, "a gross fault would fit in the tolerance")
    return Comparison("pass", margin, digits, worst=entry)


def _entry(x: np.ndarray, target: Target, at: tuple[np.intp, ...]) -> Worst:
    numbers = (float(a[at]) for a in (target.low, target.high, x, target.tolerance))
    return Worst(tuple(map(int, at)), *numbers)


def _untold(finite: np.ndarray, machine: Machine) -> str:
    """Why nothing is said of some entries."""
    if not finite.all():
        return "the tolerance is not finite"
    return f"the exact answer is too large for {machine.name}"


def digits_right(error: float, magnitude: float, machine: Machine) -> float:
    """Decimal digits that are right: −log₁₀ of the relative error, at most those of the type."""
    if error == 0:
        return machine.digits
    if magnitude == 0 or not np.isfinite(error):
        return 0.0
    relative = error / magnitude
    return float(np.clip(-np.log10(relative), 0.0, machine.digits)) if relative else machine.digits


def describe(x: np.ndarray, target: Target, worst: tuple[np.intp, ...], margin: float) -> str:
    """The worst entry in words: where, expected, got, tolerance."""
    position = f"at [{', '.join(str(int(i)) for i in worst)}]" if worst else "(a scalar)"
    low, high = float(target.low[worst]), float(target.high[worst])
    wanted = f"{low:.17g}" if low == high else f"between {low:.17g} and {high:.17g}"
    with np.errstate(invalid="ignore", over="ignore"):
        inside = (x >= target.low - target.tolerance) & (x <= target.high + target.tolerance)
    wrong = int(np.count_nonzero(~(inside | np.isinf(target.tolerance))))
    return (
        f"{position} expected {wanted}, got {float(x[worst]):.17g}; the tolerance is "
        f"{float(target.tolerance[worst]):.3g} and the error {margin:.3g} times that; "
        f"{wrong} of {x.size} entries are off"
    )
