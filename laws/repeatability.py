"""A call leaves its inputs as they were, and a second one gives the same answer."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .trial import NoAnswer, Trial
from .verdicts import Verdict


def inputs_intact(trial: Trial) -> Iterator[Verdict]:
    """No argument and no cotangent was changed by the call, to the last bit."""
    before = {**trial.arguments, "ybar": trial.ybar}
    changed = [
        name for name, x in trial.observed.inputs_after.items() if not identical(x, before[name])
    ]
    yield Verdict(
        "inputs_intact",
        None,
        "wrong" if changed else "pass",
        message=f"the call changed its input {', '.join(changed)} in place" if changed else "",
    )


def same_answer_twice(trial: Trial) -> Iterator[Verdict]:
    """Asked again with the same arrays, the backend gives the same bits."""
    first = trial.observed
    second = trial.observe_again(trial.ybar)
    if isinstance(second, NoAnswer):
        raise second
    pairs = {"the value": (first.value, second.value)}
    for name in trial.wrt:
        pairs[f"the gradient for {name}"] = (first.gradients[name], second.gradients[name])
    different = [what for what, (a, b) in pairs.items() if not identical(a, b)]
    yield Verdict(
        "same_answer_twice",
        None,
        "wrong" if different else "pass",
        message=f"the second call on the same arrays gave another answer for {different[0]}"
        if different
        else "",
    )


def identical(a: np.ndarray, b: np.ndarray) -> bool:
    """The same shape, type and bits."""
    return a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes()
