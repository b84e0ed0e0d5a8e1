"""The identity's facts hold of the implementation's own answer, within that answer's rounding."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..implementations.implementation import Observed
from ..oracles.facts import LEVELS, Point, Sides, StatedFact
from ..oracles.machine import Machine
from .trial import Trial
from .verdicts import Comparison, Verdict, digits_right

Answers = tuple[dict[str | None, np.ndarray], ...]


def facts(trial: Trial) -> Iterator[Verdict]:
    """Each documented fact that speaks of the answer holds of it; ``wrt`` is the fact's name.

    A gradient of softmax sums to 0, that of log-sum-exp to its cotangent. Where an answer is
    entry by entry as good as the conditioning of the inputs allows, such a sum may still be off.
    """
    for fact in trial.identity.facts:
        stated = trial.stated(fact)
        if not stated.looks_at_the_answer:
            continue
        observed = [_observed(trial, point) for point in stated.points]
        if (shapes := _wrong_shapes(stated, observed)) is not None:
            yield Verdict("facts", fact.name, "wrong", digits=0.0, message=shapes)
            continue
        answers = tuple({None: o.value, **o.gradients} for o in observed)
        found = _judged(stated, answers, trial.machine, trial.implementation.route)
        message = f"{fact.says}: {found.message}" if found.message else ""
        yield Verdict("facts", fact.name, found.outcome, found.margin, found.digits, message)


def _observed(trial: Trial, point: Point) -> Observed:
    here = point.expected is trial.expected
    return trial.observed if here else trial.observe_at(point.expected)


def _wrong_shapes(stated: StatedFact, observed: list[Observed]) -> str | None:
    for point, answer in zip(stated.points, observed, strict=True):
        for name in point.names:
            got = answer.value if name is None else answer.gradients[name]
            if got.shape != point.expected.shape(name):
                what = "the value" if name is None else f"the gradient for {name}"
                return f"{what} has shape {got.shape}; it must be {point.expected.shape(name)}"
    return None


def _judged(stated: StatedFact, answers: Answers, machine: Machine, route: str) -> Comparison:
    """Hold the relation against its tolerance at each level in turn; a failure misses all."""
    verdict = Comparison("undecided", 0.0, 0.0)
    for level in LEVELS[route]:
        sides = stated.sides(answers, level)
        if sides is None:
            reason = f"the formula itself leaves the range of {machine.name}"
            return Comparison("undecided", verdict.margin, verdict.digits, reason)
        verdict = _compared(sides, stated.gross(level), machine)
        if not verdict.failed:
            break
    return verdict


def _compared(sides: Sides, gross: Sides, machine: Machine) -> Comparison:
    """Undecided where not even a gross fault would show."""
    if sides.left.size == 0:
        return Comparison("undecided", 0.0, machine.digits, "there is nothing to compare")
    if not np.all(np.isfinite(gross.tolerance) & np.isfinite(gross.apart)):
        return Comparison("undecided", 0.0, 0.0, "the tolerance is not finite")
    with np.errstate(divide="ignore", invalid="ignore"):
        margins = np.where(sides.apart > 0, sides.apart / sides.tolerance, 0.0)
    margins = np.where(np.isnan(margins), np.inf, margins)
    worst = np.unravel_index(int(np.argmax(margins)), margins.shape)
    margin, apart = float(margins[worst]), float(sides.apart[worst])
    scale = 2 * float(gross.apart.max())
    digits = digits_right(apart, scale, machine)
    if margin > 1:
        outcome = "imprecise" if digits > machine.digits / 2 else "wrong"
        return Comparison(outcome, margin, digits, _described(sides, worst, margin))
    if not np.any(gross.apart > gross.tolerance):
        return Comparison("undecided", margin, digits, "a gross fault would fit in the tolerance")
    return Comparison("pass", margin, digits)


def _described(sides: Sides, worst: tuple[np.intp, ...], margin: float) -> str:
    """Where the sides differ most, in words."""
    position = f"at [{', '.join(str(int(i)) for i in worst)}]" if worst else "(a scalar)"
    left, right = float(sides.left[worst]), float(sides.right[worst])
    return (
        f"{position} the answer gives {left:.17g} where it should be "
        f"{'at most ' if sides.relation == '<=' else ''}{right:.17g}; rounding of the answer "
        f"explains {float(sides.tolerance[worst]):.3g}, and the error is {margin:.3g} times that"
    )
