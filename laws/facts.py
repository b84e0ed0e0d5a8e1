"""The identity's facts hold of the implementation's own answer, within that answer's rounding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..oracles.facts import Sides, StatedFact, levels
from ..oracles.machine import Machine
from .trial import Trial
from .verdicts import Comparison, Verdict, digits_right

Answers = tuple[dict[str | None, np.ndarray], ...]


def facts(trial: Trial) -> Iterator[Verdict]:
    """Each documented fact that speaks of the answer holds of it; ``wrt`` is the fact's name.

    A gradient of softmax sums to 0, that of log-sum-exp to its cotangent. Where an answer is
    entry by entry as good as the conditioning of the inputs allows, such a sum may still be off.
    """
    for stated in trial.facts:
        fact = stated.fact
        if not stated.looks_at_the_answer:
            continue
        if reason := _no_question(trial, stated):
            message = f"{fact.says}: {reason}"
            yield Verdict("facts", fact.name, "undecided", message=message)
            continue
        try:
            answers = _answers(trial, stated)
        except WrongShape as reason:
            yield Verdict("facts", fact.name, "wrong", digits=0.0, message=str(reason))
            continue
        found = _judged(stated, answers, trial.machine, _levels(trial))
        message = f"{fact.says}: {found.message}" if found.message else ""
        yield Verdict("facts", fact.name, found.outcome, found.margin, found.digits, message)


def _no_question(trial: Trial, stated: StatedFact) -> str:
    """Why nothing can be asked at the points of a fact; empty where it can.

    Another point than the case's own may leave the domain by its rounding: a matrix S = XᵀX may
    come out singular, and an implementation may then raise, as it may for no point of a case.
    """
    if any(point.lost for point in stated.points):
        return f"the point it is about does not fit in {trial.machine.name}"
    moved = [point for point in stated.points if point.expected is not trial.expected]
    if not all(np.isfinite(r).all() for point in moved for r in point.radius("plain").values()):
        return f"the point it is about is lost in the rounding of {trial.machine.name}"
    return ""


def sides_of(trial: Trial, name: str) -> Sides | None:
    """Both sides of one fact's relation, with the widest tolerance that is granted, to be shown.

    Raises NoAnswer where there is no answer; None where the answer has another shape.
    """
    (stated,) = (stated for stated in trial.facts if stated.fact.name == name)
    try:
        answers = _answers(trial, stated)
    except WrongShape:
        return None
    found = [
        sides for level in _levels(trial) if (sides := stated.sides(answers, level)) is not None
    ]
    return found[-1]


class WrongShape(Exception):
    """The value or a gradient has another shape than it must have; the message says which."""


def _answers(trial: Trial, stated: StatedFact) -> Answers:
    """The value and gradients at each point of a fact. Raises NoAnswer and WrongShape."""
    answers: list[dict[str | None, np.ndarray]] = []
    for point in stated.points:
        here = point.expected is trial.expected
        observed = trial.observed if here else trial.observe_at(point.expected)
        answers.append({None: observed.value})
        answers[-1].update(observed.gradients)
        for name, array in answers[-1].items():
            if array.shape != (shape := point.expected.shape(name)):
                what = "the value" if name is None else f"the gradient for {name}"
                raise WrongShape(f"{what} has shape {array.shape}; it must be {shape}")
    return tuple(answers)


def _levels(trial: Trial) -> tuple[str, ...]:
    return levels(trial.implementation.route, trial.expected.shape(None))


def _judged(
    stated: StatedFact, answers: Answers, machine: Machine, by: Sequence[str]
) -> Comparison:
    """Hold the relation against its tolerance at each level in turn; a failure misses all."""
    verdict = Comparison("undecided", 0.0, 0.0)
    finite = all(np.isfinite(found).all() for answer in answers for found in answer.values())
    for level in by:
        sides = stated.sides(answers, level)
        if sides is None:
            reason = f"the formula itself leaves the range of {machine.name}"
            return Comparison("undecided", verdict.margin, verdict.digits, reason)
        verdict = _compared(sides, stated.gross(level), machine, finite)
        if not verdict.failed:
            break
    if verdict.failed and _out_of_range(stated, answers):
        reason = f"the answer itself may leave the range of {machine.name}"
        return Comparison("undecided", verdict.margin, verdict.digits, reason)
    return verdict


def _out_of_range(stated: StatedFact, answers: Answers) -> bool:
    """Whether an answer is infinite or no number where nothing could be said of it by itself."""
    return any(
        not np.isfinite(found).all() and point.expected.target(name, "in range") is None
        for point, answer in zip(stated.points, answers, strict=True)
        for name, found in answer.items()
    )


def _compared(sides: Sides, gross: Sides, machine: Machine, finite: bool = True) -> Comparison:
    """Undecided where not even a gross fault would show.

    So it is where the rounding of a ``finite`` answer explains any difference: the exponential of
    a log-probability that is known to ±1e30 only.
    """
    if sides.left.size == 0:
        return Comparison("undecided", 0.0, machine.digits, "there is nothing to compare")
    if not np.all(np.isfinite(gross.tolerance) & np.isfinite(gross.apart)):
        return Comparison("undecided", 0.0, 0.0, "the tolerance is not finite")
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        margins = np.where(sides.apart > 0, sides.apart / sides.tolerance, 0.0)
    told = ~np.isposinf(sides.tolerance) | (not finite)
    margins = np.where(told, np.where(np.isnan(margins), np.inf, margins), 0.0)
    worst = np.unravel_index(int(np.argmax(margins)), margins.shape)
    margin, apart = float(margins[worst]), float(sides.apart[worst])
    sizes = [2 * gross.apart.max(), np.abs(sides.left[worst]), np.abs(sides.right[worst])]
    scale = float(np.nanmax(sizes))
    digits = digits_right(apart, scale, machine)
    if margin > 1:
        outcome = "imprecise" if digits > machine.digits / 2 else "wrong"
        return Comparison(outcome, margin, digits, _described(sides, worst, margin))
    if not told.all():
        return Comparison("undecided", margin, digits, "the rounding of the answer hides the fact")
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
