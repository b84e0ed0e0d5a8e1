"""Several points at once, by the framework's own batching, give what one by one they give."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np

from ..implementations.implementation import Observed
from .equality import both, equal
from .trial import Trial
from .verdicts import Verdict

LAW = "batched_equals_looped"


def batched_equals_looped(trial: Trial) -> Iterator[Verdict]:
    """Value and gradients of two points in a batch are those of each point alone.

    The second point is the same case with another seed, so that it is in the domain. Arguments
    without a gradient (indices, masks) differ between the two as well.
    """
    other = dataclasses.replace(trial.case, seed=trial.case.seed + 1)
    points = [trial, Trial(trial.implementation, other, trial.seconds)]
    together = trial.observe_otherwise(
        LAW,
        {name: np.stack([p.arguments[name] for p in points]) for name in trial.arguments},
        ybar=np.stack([p.ybar for p in points]),
        method="batched_vjp",
    )
    for wrt in (None, *trial.wrt):
        got, name = _of(together, wrt), "the value" if wrt is None else f"the gradient for {wrt}"
        if got.shape[:1] != (len(points),):
            message = f"{name} of a batch of {len(points)} points has shape {got.shape}"
            yield Verdict(LAW, wrt, "wrong", digits=0.0, message=message)
            continue
        for place, point in enumerate(points):
            wanted, expectations = _of(point.observed, wrt), both(point.expected, wrt)
            what = f"{name} of point {place} in a batch, from that of the point alone,"
            yield equal(trial, LAW, wrt, got[place], wanted, expectations, what)


def _of(answer: Observed, wrt: str | None) -> np.ndarray:
    return answer.value if wrt is None else answer.gradients[wrt]
