"""The gradient of an array has that array's shape and type."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .trial import Trial
from .verdicts import Verdict


def shape_and_dtype(trial: Trial) -> Iterator[Verdict]:
    """Each gradient has its argument's shape and type; the value has the output's.

    Source: rules-1.
    """
    output = trial.expected.shape(None)
    yield _verdict(None, trial.observed.value, output, trial.machine.dtype)
    for name in trial.wrt:
        x = trial.arguments[name]
        yield _verdict(name, trial.observed.gradients[name], x.shape, x.dtype)


def _verdict(wrt: str | None, got: np.ndarray, shape: tuple[int, ...], dtype: np.dtype) -> Verdict:
    if got.shape == shape and got.dtype == dtype:
        return Verdict("shape_and_dtype", wrt, "pass")
    what = "the value" if wrt is None else f"the gradient for {wrt}"
    message = (
        f"{what} has shape {got.shape} and type {got.dtype}; it must have shape {shape} and type "
        f"{dtype}"
    )
    return Verdict("shape_and_dtype", wrt, "wrong", message=message)
