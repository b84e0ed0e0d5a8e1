"""The gradient of an array has that array's shape and type (rules-1)."""

from __future__ import annotations

from collections.abc import Iterator

from .trial import Trial
from .verdicts import Verdict


def shape_and_dtype(trial: Trial) -> Iterator[Verdict]:
    """Each gradient has its argument's shape and type; the value has the output's."""
    expected_shape = trial.expected.target(None).low.shape
    wanted = {None: (expected_shape, trial.machine.dtype)}
    got = {None: trial.observed.value}
    for name in trial.wrt:
        wanted[name] = (trial.arguments[name].shape, trial.arguments[name].dtype)
        got[name] = trial.observed.gradients[name]
    for name, (shape, dtype) in wanted.items():
        what = "the value" if name is None else f"the gradient for {name}"
        right = got[name].shape == shape and got[name].dtype == dtype
        yield Verdict(
            "shape_and_dtype",
            name,
            "pass" if right else "wrong",
            message=""
            if right
            else f"{what} has shape {got[name].shape} and type {got[name].dtype}; it must have "
            f"shape {shape} and type {dtype}",
        )
