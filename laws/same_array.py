"""The same array for two arguments, and gradients that add up."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..implementations.protocol import Function
from .equality import both, equal
from .ties import tied
from .trial import Trial
from .verdicts import Verdict


def same_array_twice(trial: Trial) -> Iterator[Verdict]:
    """Two arguments in the same memory have the gradients, each its own, that two copies have."""
    law, found = "same_array_twice", tied(trial)
    if found is None:
        return
    at, backend = found.trial, trial.implementation.backend

    def place(inputs: dict[str, Any], ybar: Any) -> tuple[dict[str, Any], Any]:
        return {**inputs, found.second: backend.same_memory(inputs[found.first])}, ybar

    once, copies = at.observe_otherwise(law, place=place), at.observed
    what = f"where {found.first} and {found.second} share their memory, from that of two copies,"
    for wrt in (None, *trial.wrt):
        name = "the value" if wrt is None else f"the gradient for {wrt}"
        got, wanted = (a.value if wrt is None else a.gradients[wrt] for a in (once, copies))
        yield equal(at, law, wrt, got, wanted, both(at.expected, wrt), f"{name} {what}")


def gradients_add(trial: Trial) -> Iterator[Verdict]:
    """The gradient of x ↦ f(x, x) is the sum of the gradients for the two arguments of f."""
    law, found = "gradients_add", tied(trial)
    if found is None:
        return
    at, first, second = found.trial, found.first, found.second
    made_of = functools.partial(_for_both, first=first, second=second)
    arguments = {name: x for name, x in at.arguments.items() if name != second}
    got = at.observe_otherwise(law, arguments, (first,), made_of=made_of).gradients[first]
    gradients = at.observed.gradients
    expectations = [(at.expected, wrt) for wrt in (first, second, first, second)]
    with np.errstate(all="ignore"):
        wanted = gradients[first] + gradients[second]  # rounded, as the backend rounds it
    what = f"the gradient for {first}, which is {second} as well, from the sum of the two"
    yield equal(at, law, first, got, wanted, expectations, what)


@functools.lru_cache(maxsize=64)
def _for_both(function: Function, first: str, second: str) -> Function:
    return lambda **arguments: function(**arguments, **{second: arguments[first]})


def accumulation(trial: Trial) -> Iterator[Verdict]:
    """Two calls, with cotangents ȳ and −2ȳ, leave the sum of their gradients behind."""
    doubled = (trial.ybar * -2).astype(trial.ybar.dtype)
    left = trial.observe_otherwise(
        "accumulation", ybar=np.stack([trial.ybar, doubled]), method="accumulated_vjp"
    )
    alone = [trial.observe(ybar).gradients for ybar in (trial.ybar, doubled)]
    for wrt in trial.wrt:
        with np.errstate(all="ignore"):
            wanted = alone[0][wrt] + alone[1][wrt]
        expectations = [(trial.expected_for(y), wrt) for y in (trial.ybar, doubled)]
        what = f"what two calls leave as the gradient for {wrt}, from the sum of two gradients,"
        yield equal(trial, "accumulation", wrt, left.gradients[wrt], wanted, expectations, what)
