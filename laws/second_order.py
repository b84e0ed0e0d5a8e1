"""Second order: H v by every nesting of forward and reverse mode, and the symmetry of H.

H is the Hessian of ⟨ȳ, f⟩ with respect to all arguments that have a gradient, v a drawn direction.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator

import numpy as np

from ..implementations.protocol import NESTINGS
from ..oracles.directional import LEVELS
from ..oracles.expected import Target
from .trial import Trial
from .verdicts import Verdict, judge_against

FORWARD_OVER_FORWARD = NESTINGS[-1]
MANY = 64
"""Forward over forward mode costs a call for every entry: cases of more entries are left out."""

Law = Callable[[Trial], Iterator[Verdict]]


def law_name(nesting: str) -> str:
    """``"forward over reverse"`` → ``"hvp_forward_over_reverse"``."""
    return f"hvp_{nesting.replace(' ', '_')}"


def _product(nesting: str) -> Law:
    name = law_name(nesting)

    def law(trial: Trial) -> Iterator[Verdict]:
        if (
            nesting == FORWARD_OVER_FORWARD
            and sum(v.size for v in trial.tangents().values()) > MANY
        ):
            return
        products = trial.observe_hvp(nesting)
        for wrt in trial.wrt:
            got, shape = products[wrt], trial.arguments[wrt].shape
            if got.shape != shape:
                message = f"H v for {wrt} has shape {got.shape}; it must be {wrt}'s, {shape}"
                yield Verdict(name, wrt, "wrong", digits=0.0, message=message)
                continue
            goal = functools.partial(trial.directional().hvp, wrt)
            found = judge_against(got, goal, trial.machine, LEVELS[trial.implementation.route])
            message = f"H v for {wrt} {found.message}" if found.message else ""
            yield Verdict(
                name, wrt, found.outcome, found.margin, found.digits, message, worst=found.worst
            )

    law.__name__ = name
    law.__doc__ = f"H v by {nesting} mode is what the documented gradient's derivative gives."
    return law


HVP_LAWS: dict[str, Law] = {law_name(nesting): _product(nesting) for nesting in NESTINGS}
"""A law for each nesting."""


def hessian_symmetry(trial: Trial) -> Iterator[Verdict]:
    """wᵀ H v = vᵀ H w for two drawn directions, by the first nesting that the backend has."""
    nesting = (*trial.implementation.backend.nestings, *NESTINGS)[0]
    other = "other tangent"
    v, w = trial.tangents(), trial.tangents(other)
    along_v, along_w = trial.observe_hvp(nesting), trial.observe_hvp(nesting, other)
    if any(along[n].shape != v[n].shape for along in (along_v, along_w) for n in trial.wrt):
        message = "H v has another shape than its argument"
        yield Verdict("hessian_symmetry", None, "wrong", digits=0.0, message=message)
        return
    left, right = _inner(w, along_v), _inner(v, along_w)

    def target(level: str) -> Target | None:
        allowed = 0.0
        for directional, across in ((trial.directional(), w), (trial.directional(other), v)):
            for n in trial.wrt:
                goal = directional.hvp(n, level)
                if goal is None:
                    return None
                with np.errstate(invalid="ignore"):
                    slack = goal.tolerance + (goal.high - goal.low)
                    allowed += float(np.sum(np.abs(np.asarray(across[n], np.float64)) * slack))
        return Target(np.asarray(right), np.asarray(right), np.asarray(allowed))

    found = judge_against(
        np.asarray(left), target, trial.machine, LEVELS[trial.implementation.route]
    )
    message = f"wᵀ H v and vᵀ H w differ: {found.message}" if found.message else ""
    yield Verdict("hessian_symmetry", None, found.outcome, found.margin, None, message)


def _inner(a: dict[str, np.ndarray], b: dict[str, np.ndarray]) -> float:
    with np.errstate(invalid="ignore", over="ignore"):
        return float(
            sum(np.sum(np.asarray(a[n], np.float64) * np.asarray(b[n], np.float64)) for n in a)
        )
