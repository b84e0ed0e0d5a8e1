"""The chain rule itself: a linear map before the function and one after."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..implementations.protocol import Function
from .equality import both, equal
from .trial import Trial
from .verdicts import Verdict

LAW = "chain_rule"
SCALES = np.array([2.0, 0.5, -1.0])
"""The entries of the diagonals, in turn: multiplying by them rounds nothing."""
_YBAR = "ybar"


def chain_rule(trial: Trial) -> Iterator[Verdict]:
    """The gradient of x ↦ E f(D x) is Dᵀ (∂f)ᵀ Eᵀ ȳ.

    D and E multiply by powers of two and reverse the order of the entries, so that they round
    nothing. Arguments and cotangent are chosen such that f itself is asked at the case's own point,
    with its own cotangent: taking Dᵀ away must leave the gradients that f alone has.
    """
    inner = {**{name: trial.arguments[name] for name in trial.wrt}, _YBAR: trial.ybar}
    scales = {name: np.resize(SCALES, x.shape).astype(x.dtype) for name, x in inner.items()}
    with np.errstate(all="ignore"):
        outer = {name: _flip(x / scales[name]) for name, x in inner.items()}
        if any(not np.array_equal(_flip(outer[n]) * scales[n], x) for n, x in inner.items()):
            message = "dividing by powers of two leaves the range of the type"
            yield Verdict(LAW, None, "undecided", message=message)
            return
    ybar = outer.pop(_YBAR)
    chained = trial.observe_otherwise(
        LAW,
        {**trial.arguments, **outer, **{_scale_of(name): scales[name] for name in scales}},
        ybar=ybar,
        made_of=functools.partial(
            _between, namespace=trial.implementation.backend.namespace, wrt=trial.wrt
        ),
    )
    for wrt in (None, *trial.wrt):
        got, wanted = (
            a.value if wrt is None else a.gradients[wrt] for a in (chained, trial.observed)
        )
        name = "the value" if wrt is None else f"the gradient for {wrt}"
        scale = scales[wrt or _YBAR]
        if got.shape == wanted.shape == scale.shape:
            with np.errstate(all="ignore"):
                got, scaled = _flip(got) / scale, wanted * scale
            if np.any(np.isfinite(wanted) & ~np.isfinite(scaled)):
                message = f"twice {name} leaves the range of the type"
                yield Verdict(LAW, wrt, "undecided", message=message)
                continue
        what = f"{name} of E f(D x), with E and D taken away, from that of f(x),"
        yield equal(trial, LAW, wrt, got, wanted, both(trial.expected, wrt), what)


@functools.lru_cache(maxsize=64)
def _between(function: Function, namespace: Any, wrt: tuple[str, ...]) -> Function:
    def chained(**arguments: Any) -> Any:
        scale = {name: arguments.pop(_scale_of(name)) for name in (*wrt, _YBAR)}
        moved = {name: namespace.flip(arguments[name]) * scale[name] for name in wrt}
        return namespace.flip(scale[_YBAR] * function(**{**arguments, **moved}))

    return chained


def _flip(x: np.ndarray) -> np.ndarray:
    return np.asarray(np.flip(x))  # of a scalar NumPy makes no array


def _scale_of(name: str) -> str:
    return f"scale of {name}"
