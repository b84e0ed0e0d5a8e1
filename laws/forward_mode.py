"""Forward mode: J v is within the derived tolerance, and is the adjoint of the pullback."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..oracles.directional import LEVELS
from ..oracles.expected import Target
from .trial import Trial
from .verdicts import Verdict, judge_against


def jvp(trial: Trial) -> Iterator[Verdict]:
    """J v, the derivative along a drawn direction, is what the identity's forward gives."""
    _, along = trial.observe_jvp()
    shape = trial.expected.shape(None)
    if along.shape != shape:
        message = f"J v has shape {along.shape}; it must be the value's, {shape}"
        yield Verdict("jvp", None, "wrong", digits=0.0, message=message)
        return
    found = judge_against(
        along, trial.directional().jvp, trial.machine, LEVELS[trial.implementation.route]
    )
    message = f"J v {found.message}" if found.message else ""
    yield Verdict(
        "jvp", None, found.outcome, found.margin, found.digits, message, worst=found.worst
    )


def adjointness(trial: Trial) -> Iterator[Verdict]:
    """⟨ȳ, J v⟩ = ⟨Jᵀ ȳ, v⟩, forward mode against reverse mode.

    Each side may be off by what its entries may be off.
    """
    _, along = trial.observe_jvp()
    gradients, v, ybar = trial.observed.gradients, trial.tangents(), _float64(trial.ybar)
    shapes = {name: gradients[name].shape == v[name].shape for name in trial.wrt}
    if along.shape != ybar.shape or not all(shapes.values()):
        message = "the shapes of J v and of the gradients are not those of ȳ and of the arguments"
        yield Verdict("adjointness", None, "wrong", digits=0.0, message=message)
        return
    sides = [_inner(ybar, _float64(along))]
    sides.append(sum(_inner(_float64(gradients[n]), _float64(v[n])) for n in trial.wrt))

    def target(level: str) -> Target | None:
        forward = trial.directional().jvp(level)
        backward = {n: trial.expected.target(n, _reverse(level)) for n in trial.wrt}
        if forward is None or any(t is None for t in backward.values()):
            return None
        with np.errstate(invalid="ignore"):  # 0 · ∞ where there is no bound
            allowed = np.sum(np.abs(ybar) * _either_side(forward))
            for n, t in backward.items():
                assert t is not None
                allowed += np.sum(np.abs(_float64(v[n])) * _either_side(t))
        return Target(np.asarray(sides[1]), np.asarray(sides[1]), np.asarray(allowed))

    found = judge_against(
        np.asarray(sides[0]), target, trial.machine, LEVELS[trial.implementation.route]
    )
    message = (
        f"⟨ȳ, J v⟩ by forward mode and ⟨Jᵀ ȳ, v⟩ by reverse mode differ: {found.message}"
        if found.failed
        else found.message
    )
    yield Verdict("adjointness", None, found.outcome, found.margin, None, message)


def _reverse(level: str) -> str:
    """The level of the gradient that goes with a level of J v."""
    return "differentiated" if level in ("documented", "swept") else level


def _either_side(target: Target) -> np.ndarray:
    """Tolerance, and at a kink the whole interval: each mode may choose its own side."""
    with np.errstate(invalid="ignore"):
        return target.tolerance + (target.high - target.low)


def _inner(a: np.ndarray, b: np.ndarray) -> float:
    with np.errstate(invalid="ignore", over="ignore"):
        return float(np.sum(a * b))


def _float64(x: np.ndarray) -> np.ndarray:
    return np.asarray(x, np.float64)
