"""All implementations of an identity agree with one another on the same case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from ..implementations.declared import framework
from ..oracles.expected import LEVELS, Target
from .trial import NoAnswer, Trial
from .verdicts import FAILURES, Comparison, Verdict, judge_against


def agreement(trials: Sequence[Trial]) -> Iterator[tuple[Trial, Verdict]]:
    """Each trial's verdict on whether it agrees with the others, for the value and each gradient.

    Two answers agree where they differ by no more than the sum of their tolerances. Each framework
    has one vote, that of most of its paths and routes, and none on itself, unless it is alone. One
    that more than half of the votes are against fails; so of two that disagree both fail, and of
    several the odd one out.
    """
    answered = [t for t in trials if _answers(t)]
    for trial in trials:
        if trial not in answered:
            yield trial, Verdict("agreement", None, "undecided", message="it gave no answer")
    for trial in answered:
        others = [t for t in answered if t is not trial]
        for wrt in (None, *trial.wrt):
            yield trial, _with_others(trial, others, wrt)


def _with_others(trial: Trial, others: list[Trial], wrt: str | None) -> Verdict:
    if not others:
        return Verdict("agreement", wrt, "undecided", message="there is nothing to agree with")
    found = [(other, _compared(trial, other, wrt)) for other in others]
    apart = [(other, v) for other, v in found if v.outcome in FAILURES]
    if _outvoted(trial, [(other, v.outcome in FAILURES) for other, v in found]):
        other, worst = max(apart, key=lambda pair: pair[1].margin)
        names = ", ".join(_name(o) for o, _ in apart)
        return Verdict(
            "agreement",
            wrt,
            worst.outcome,
            worst.margin,
            worst.digits,
            f"it disagrees with {names}; with {_name(other)}: {worst.message}",
        )
    decided = [v for _, v in found if v.outcome == "pass"]
    if not decided:
        return Verdict("agreement", wrt, "undecided")
    return Verdict("agreement", wrt, "pass", max(v.margin for v in decided))


def _outvoted(trial: Trial, against: list[tuple[Trial, bool]]) -> bool:
    """Whether more votes are against than for; a framework whose own are even abstains."""
    votes: dict[str, int] = {}
    for other, disagrees in against:
        name = framework(other.implementation.backend)
        votes[name] = votes.get(name, 0) + (1 if disagrees else -1)
    if len(votes) > 1:
        votes.pop(framework(trial.implementation.backend), None)
    return sum(map(np.sign, votes.values())) > 0


def _compared(trial: Trial, other: Trial, wrt: str | None) -> Comparison:
    mine, theirs = (
        np.asarray(t.observed.value if wrt is None else t.observed.gradients[wrt], np.float64)
        for t in (trial, other)
    )
    if mine.shape != theirs.shape:
        return Comparison("wrong", np.inf, 0.0, f"shapes {mine.shape} and {theirs.shape} differ")

    def target(level: str) -> Target | None:
        found, others = (t.expected.target(wrt, level) for t in (trial, other))
        if found is None or others is None:
            return None
        with np.errstate(invalid="ignore"):  # ∞ − ∞ where the answer is out of range
            either_side = found.high - found.low  # at a kink each backend may choose its own
        allowed = found.tolerance + others.tolerance
        return Target(theirs, theirs, allowed + either_side)

    return judge_against(mine, target, trial.machine, LEVELS[_looser(trial, other)])


def _looser(trial: Trial, other: Trial) -> str:
    """The route of the two that is allowed more."""
    routes = {trial.implementation.route, other.implementation.route}
    return max(routes, key=lambda route: len(LEVELS[route]))


def _answers(trial: Trial) -> bool:
    try:
        return trial.observed is not None
    except NoAnswer:
        return False


def _name(trial: Trial) -> str:
    return f"{trial.implementation.backend.name} ({trial.implementation.route})"
