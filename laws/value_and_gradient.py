"""The value, and the gradient for each argument, are within the derived tolerance."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .trial import Trial
from .verdicts import Verdict, judge


def value(trial: Trial) -> Iterator[Verdict]:
    """The forward value is what the identity says."""
    yield _judged(trial, "value", None, trial.observed.value)


def gradient(trial: Trial) -> Iterator[Verdict]:
    """Each gradient is the documented one; at a kink, between the one-sided derivatives."""
    for name in trial.wrt:
        yield _judged(trial, "gradient", name, trial.observed.gradients[name])


def _judged(trial: Trial, law: str, wrt: str | None, observed: np.ndarray) -> Verdict:
    shape = trial.expected.shape(wrt)
    if observed.shape != shape:
        # Nothing to compare entry by entry; NumPy would broadcast and hide it.
        what = "the value" if wrt is None else f"the gradient for {wrt}"
        return Verdict(
            law,
            wrt,
            "wrong",
            digits=0.0,
            message=f"{what} has shape {observed.shape}; it must be {shape}",
        )
    found = judge(observed, wrt, trial.expected, trial.implementation.route)
    return Verdict(
        law, wrt, found.outcome, found.margin, found.digits, found.message, worst=found.worst
    )
