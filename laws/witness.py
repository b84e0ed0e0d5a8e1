"""The third vote on a failure: finite differences of the backend's own forward, in float64.

They know nothing of derivatives, so that they tell whether the forward, the derivative or only the
precision is at fault. They are asked after a verdict has failed, and judge nothing themselves.
"""

from __future__ import annotations

import warnings

import numpy as np

from ..oracles.differences import (
    Difference,
    directional_difference,
    power_of_two_above,
    rounding,
)
from ..oracles.expected import Target
from .time_limit import TimeLimit, time_limit
from .trial import NoAnswer, Trial
from .verdicts import Verdict

FORWARD = "its own value is off: the forward is at fault"
VALUE_PRECISION = "most digits of its own value are right: only the precision is at fault"
DERIVATIVE = (
    "finite differences of its own forward agree with the exact gradient: the derivative is at "
    "fault"
)
FOLLOWS = (
    "finite differences of its own forward agree with its gradient, not with the exact one: the "
    "forward is at fault"
)
PRECISION = (
    "finite differences of its own forward cannot tell its gradient from the exact one: only the "
    "precision is at fault"
)
NEITHER = (
    "finite differences of its own forward agree neither with its gradient nor with the exact one: "
    "forward and derivative are at fault"
)
NOT_SETTLED = (
    "finite differences of its own forward do not settle at this point: they cannot tell whether "
    "the forward or the derivative is at fault"
)
NO_ANSWER = (
    "its forward gives no answer a step away from this point: finite differences cannot tell "
    "whether the forward or the derivative is at fault"
)
NOT_HERE = "whether the forward or the derivative is at fault can be told in float64 only"
VOTES = (
    FORWARD, VALUE_PRECISION, DERIVATIVE, FOLLOWS, PRECISION, NEITHER, NOT_SETTLED, NO_ANSWER,
    NOT_HERE,
)  # fmt: skip
"""All that the third vote may say. A message ends with it, after a semicolon."""


def witness(trial: Trial, verdict: Verdict) -> str:
    """What finite differences say about a failed verdict on the value or a gradient, in words.

    Empty for a verdict of another law, and for one that no comparison of numbers led to. They are
    taken at the entry that is furthest off, within the trial's time limit.
    """
    if verdict.law not in ("value", "gradient") or verdict.outcome not in ("wrong", "imprecise"):
        return ""
    if verdict.law == "value":
        return FORWARD if verdict.outcome == "wrong" else VALUE_PRECISION
    if trial.case.dtype != "float64":
        return NOT_HERE
    assert verdict.wrt is not None
    target = trial.expected.plain(verdict.wrt)
    try:
        observed = np.asarray(trial.observed.gradients[verdict.wrt], np.float64)
        if observed.shape != target.low.shape:
            return ""
        at = _furthest_off(observed, target)
        return _in_words(_difference(trial, verdict.wrt, at), float(observed[at]), target, at)
    except (NoAnswer, TimeLimit):
        return NO_ANSWER


def _furthest_off(observed: np.ndarray, target: Target) -> tuple[int, ...]:
    with np.errstate(invalid="ignore", over="ignore"):
        error = np.maximum(target.low - observed, observed - target.high) / target.tolerance
    flat = int(np.argmax(np.where(np.isfinite(error), error, np.inf)))
    return tuple(int(i) for i in np.unravel_index(flat, observed.shape))


def _difference(trial: Trial, wrt: str, at: tuple[int, ...]) -> Difference:
    """⟨ȳ, ∂f/∂x⟩ for one entry of an argument, from values of the backend's forward."""
    static = trial.case.parameters

    def forward(**arguments: np.ndarray) -> np.ndarray:
        try:
            return trial.implementation.vjp(arguments, trial.wrt, trial.ybar, static).value
        except (TimeLimit, KeyboardInterrupt):
            raise
        except BaseException as raised:
            raise NoAnswer("error", str(raised)) from None

    step = np.zeros(trial.arguments[wrt].shape)
    step[at] = power_of_two_above(trial.arguments[wrt][at])
    with time_limit(trial.seconds), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = directional_difference(
            forward, trial.arguments, {wrt: step}, trial.ybar, rounding(trial.identity, static)
        )
    return Difference(found.value / step[at], found.error / step[at])


def _in_words(difference: Difference, observed: float, target: Target, at: tuple[int, ...]) -> str:
    if not difference.decided:
        return NOT_SETTLED
    nearest = float(np.clip(difference.value, target.low[at], target.high[at]))
    exact, own = difference.admits(nearest), difference.admits(observed)
    if exact:
        return PRECISION if own else DERIVATIVE
    return FOLLOWS if own else NEITHER
