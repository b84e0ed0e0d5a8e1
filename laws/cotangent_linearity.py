"""The gradient is linear in the cotangent, and zero for a zero cotangent."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..oracles.expected import LEVELS, Expected, Target
from .trial import Trial
from .verdicts import FAILURES, Verdict, judge_against


def cotangent_linearity(trial: Trial) -> Iterator[Verdict]:
    """g(0) = 0 exactly; g(−2ȳ) = −2 g(ȳ) and g(ȳ∘m) + g(ȳ∘(1−m)) = g(ȳ), within rounding.

    The mask m takes every second entry, so that the parts add up to ȳ without rounding.
    """
    ybar = trial.ybar
    mask = (np.arange(ybar.size) % 2).reshape(ybar.shape) == 1
    parts = [np.where(mask, ybar, 0).astype(ybar.dtype), np.where(mask, 0, ybar).astype(ybar.dtype)]
    doubled = (ybar * -2).astype(ybar.dtype)
    whole, zero, twice = (trial.observe(c) for c in (ybar, np.zeros_like(ybar), doubled))
    halves = [trial.observe(part) for part in parts]
    expectations = [trial.expected, *(trial.expected_for(part) for part in parts)]
    for name in trial.wrt:
        answers = [answer.gradients[name] for answer in (whole, zero, twice, *halves)]
        shapes = {g.shape for g in answers}
        if shapes != {trial.arguments[name].shape}:
            message = f"the gradient for {name} has shapes {sorted(shapes)} for several cotangents"
            yield Verdict("cotangent_linearity", name, "wrong", digits=0.0, message=message)
            continue
        yield _zero(trial, name, zero.gradients[name])
        g = _float64(whole.gradients[name])
        # Multiplying by −2 rounds nothing, but −2ȳ may leave a range that ȳ does not.
        scaling = [trial.expected, trial.expected, trial.expected_for(doubled)]
        with np.errstate(over="ignore", invalid="ignore"):  # ∞, ∞ − ∞: for the comparison to judge
            scaled = -2 * g
            together = _float64(halves[0].gradients[name]) + _float64(halves[1].gradients[name])
        yield _close(trial, name, _float64(twice.gradients[name]), scaled, scaling, "−2ȳ")
        yield _close(trial, name, together, g, expectations, "two halves of ȳ")


def _float64(x: np.ndarray) -> np.ndarray:
    return np.asarray(x, np.float64)


def _zero(trial: Trial, name: str, g: np.ndarray) -> Verdict:
    not_zero = _float64(g) != 0
    if not not_zero.any():
        return Verdict("cotangent_linearity", name, "pass")
    wrong = np.count_nonzero(not_zero & np.isfinite(g))
    if not wrong:  # 0 · ∞ is NaN: where the formula leaves the range, nothing can be said
        target = trial.expected.target(name, LEVELS[trial.implementation.route][-1])
        told = np.isfinite(target.tolerance) if target is not None else False
        wrong = np.count_nonzero(not_zero & told)
    if not wrong:
        return Verdict("cotangent_linearity", name, "undecided")
    message = f"a zero cotangent must give a zero gradient for {name}; {wrong} entries are not zero"
    return Verdict("cotangent_linearity", name, "wrong", digits=0.0, message=message)


def _close(
    trial: Trial,
    name: str,
    got: np.ndarray,
    wanted: np.ndarray,
    expectations: list[Expected],
    what: str,
) -> Verdict:
    """Both sides within the sum of the tolerances of what they were made from."""

    def target(level: str) -> Target | None:
        targets = [e.target(name, level) for e in expectations]
        tolerances = [t.tolerance for t in targets if t is not None]
        if len(tolerances) < len(targets):
            return None
        return Target(wanted, wanted, np.sum(tolerances, axis=0))

    found = judge_against(got, target, trial.machine, LEVELS[trial.implementation.route])
    message = (
        f"the gradient for {name} from {what} is not what linearity makes of the gradient from ȳ: "
        f"{found.message}"
        if found.message
        else ""
    )
    if found.outcome not in FAILURES:  # two answers agree: no digit of either is right
        return Verdict("cotangent_linearity", name, found.outcome, found.margin, None, message)
    goal = target(LEVELS[trial.implementation.route][-1])
    sides = None if goal is None else (got, wanted, goal.tolerance)
    law = "cotangent_linearity"
    return Verdict(law, name, found.outcome, found.margin, found.digits, message, sides)
