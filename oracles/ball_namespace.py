"""The array API over balls: the part of the standard that the identities use.

Two names are ours. ``constant`` is the midpoint as an exact number, for a quantity that the result
does not depend on (the largest logit that softmax subtracts); ``documented_rule`` says how an
identity that another one uses is differentiated.
"""

# The names shadow builtins because the standard's do.

from __future__ import annotations

import builtins
import functools
import itertools
from typing import Any

import numpy as np
from flint import arb, arb_series

from . import ball_linalg as linalg
from .balls import (
    BallArray,
    ball_objects,
    coefficients,
    elementwise,
    has_series,
    leading,
    library_function,
    lift,
    objects,
    wrap,
)
from .documented_rules import documented_rule
from .truth import as_truth

__all__ = [
    "abs", "arange", "argmax", "argsort", "broadcast_to", "clip", "concat", "constant",
    "documented_rule", "exp", "expm1", "eye", "linalg", "log", "log1p", "logaddexp",
    "matrix_transpose", "max", "maximum", "mean", "min", "ones", "ones_like", "permute_dims", "pi",
    "prod", "reshape", "sort", "special", "sqrt", "stack", "sum", "take", "take_along_axis",
    "tanh", "where", "zeros", "zeros_like",
]  # fmt: skip


class _Pi:
    """π to whatever precision is set when it is used."""

    def __getattr__(self, name: str) -> Any:
        return getattr(BallArray(objects(arb.pi())), name)

    def __mul__(self, other: Any) -> BallArray:
        return BallArray(objects(arb.pi())) * other

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> BallArray:
        return BallArray(objects(arb.pi())) / other

    def __rtruediv__(self, other: Any) -> BallArray:
        return other / BallArray(objects(arb.pi()))


pi = _Pi()
float64 = np.float64
int64 = np.int64


def _map(function: Any, *arrays: Any) -> BallArray:
    return library_function(elementwise(function, *(ball_objects(a) for a in arrays)))


def exp(x: BallArray) -> BallArray:
    """The derivative has the exponential as a machine holds it: what it lost to underflow, too."""
    value = _map(lambda v: leading(v).exp(), x)
    if not has_series(x):
        return value
    return wrap(elementwise(_exp_along, value.elements, x.elements))


def _exp_along(value: arb, v: Any) -> Any:
    if not isinstance(v, arb_series):
        return value
    slope = value * v[1]
    return arb_series([value, slope, value * v[2] + slope * v[1] / 2])


def log(x: BallArray) -> BallArray:
    return _map(_log, x)


def _log(v: Any) -> Any:
    return v.log() if leading(v) > 0 else arb("nan")


def sqrt(x: BallArray) -> BallArray:
    return x**0.5


def tanh(x: BallArray) -> BallArray:
    return _map(_tanh, x)


def _tanh(v: Any) -> Any:
    if isinstance(v, arb):
        return v.tanh()
    t = v[0].tanh()  # a series to first order: tanh′ = 1 − tanh²
    slope = (1 - t * t) * v[1]
    return arb_series([t, slope, (1 - t * t) * v[2] - t * slope * v[1]])


def expm1(x: BallArray) -> BallArray:
    return _map(lambda v: v.expm1() if isinstance(v, arb) else v.exp() - 1, x)


def log1p(x: BallArray) -> BallArray:
    return _map(lambda v: v.log1p() if isinstance(v, arb) else _log(v + 1), x)


def logaddexp(a: Any, b: Any) -> BallArray:
    """log(eᵃ + eᵇ) as m + log1p(e^(d)) with m the larger, d ≤ 0 the difference."""

    def one(x: Any, y: Any) -> Any:
        high, low = (x, y) if leading(x).mid() >= leading(y).mid() else (y, x)
        gap = (low - high).exp()
        return high + (gap.log1p() if isinstance(gap, arb) else _log(gap + 1))

    return _map(one, a, b)


def abs(x: BallArray) -> BallArray:
    def one(v: Any) -> Any:
        if isinstance(v, arb):
            return builtins.abs(v)
        return v if leading(v) >= 0 else -v

    return BallArray(elementwise(one, ball_objects(x)))


def constant(x: BallArray) -> BallArray:
    return BallArray(elementwise(lambda v: leading(v).mid(), ball_objects(x)))


def where(condition: Any, a: Any, b: Any) -> Any:
    """Choose elementwise; the hull of both where the condition is unknown.

    Between indices, which stay integers, the choice is NumPy's.
    """
    if all(isinstance(x, np.ndarray) for x in (condition, a, b)):
        return np.where(condition, a, b)

    def choose(truth: bool | None, x: Any, y: Any) -> Any:
        if truth is not None:
            return x if truth else y
        if not (isinstance(x, arb_series) or isinstance(y, arb_series)):
            return x.union(y)
        a, b = (v if isinstance(v, arb_series) else arb_series([v, 0]) for v in (x, y))
        return arb_series([x.union(y) for x, y in zip(*map(coefficients, (a, b)), strict=True)])

    return BallArray(
        elementwise(choose, as_truth(condition).elements, ball_objects(a), ball_objects(b))
    )


def _reduce(x: BallArray, axis: Any, keepdims: bool, ufunc: Any) -> BallArray:
    axis = tuple(range(x.ndim)) if axis is None else axis
    axes = {a % x.ndim for a in (axis if isinstance(axis, tuple) else (axis,))}
    result = x.elements
    for position in axes:
        result = ufunc.reduce(result, axis=position, keepdims=True)
    if not keepdims:
        result = result.reshape([n for i, n in enumerate(x.shape) if i not in axes])
    if not x.elements.size:  # NumPy's sum of nothing is an integer
        result = elementwise(lambda v: arb(v) if isinstance(v, int) else v, result)
    return wrap(result)


def sum(x: BallArray, axis: Any = None, keepdims: bool = False) -> BallArray:
    # A reduction is finished before anything is added to it: its terms are not counted on.
    return _reduce(x, axis, keepdims, np.add)


def prod(x: BallArray, axis: Any = None, keepdims: bool = False) -> BallArray:
    return _reduce(x, axis, keepdims, np.multiply)


def mean(x: BallArray, axis: Any = None, keepdims: bool = False) -> BallArray:
    total = sum(x, axis=axis, keepdims=keepdims)
    count = x.elements.size // builtins.max(total.elements.size, 1)
    return total / count


_larger = np.frompyfunc(
    lambda a, b: (
        a.max(b)
        if isinstance(a, arb) and isinstance(b, arb)
        else (a if leading(a).mid() >= leading(b).mid() else b)
    ),
    2,
    1,
)


def max(x: BallArray, axis: Any = None, keepdims: bool = False) -> BallArray:
    axis = tuple(range(x.ndim)) if axis is None else axis
    axes = {a % x.ndim for a in (axis if isinstance(axis, tuple) else (axis,))}
    result = x.elements
    for position in axes:
        result = _larger.reduce(result, axis=position, keepdims=True)
    if not keepdims:
        result = result.reshape([n for i, n in enumerate(x.shape) if i not in axes])
    return BallArray(result)


def min(x: BallArray, axis: Any = None, keepdims: bool = False) -> BallArray:
    return -max(-x, axis=axis, keepdims=keepdims)


def maximum(x: BallArray, y: BallArray) -> BallArray:
    return where(x >= y, x, y)


def clip(x: BallArray, low: float, high: float) -> BallArray:
    return where(x < low, low, where(x > high, high, x))


def argsort(x: BallArray | np.ndarray, axis: int = -1) -> np.ndarray:
    """Indices, integers: the order of the midpoints (or indices), of equal ones the first first."""
    return np.argsort(_ranks(x), axis=axis, kind="stable")


def argmax(x: BallArray, axis: int = -1) -> np.ndarray:
    """Indices, integers: the largest midpoint, of equal ones the first."""
    return np.argmax(_ranks(x), axis=axis)


def sort(x: BallArray, axis: int = -1) -> BallArray:
    return take_along_axis(x, argsort(x, axis=axis), axis=axis)


def _ranks(x: BallArray | np.ndarray) -> np.ndarray:
    """Whole numbers that are in the order of the midpoints, which a float64 could not tell."""
    if isinstance(x, np.ndarray):
        return x
    middles = [leading(v).mid() for v in x.elements.flat]
    order = sorted(range(len(middles)), key=functools.cmp_to_key(_by_size(middles)))
    ranks = np.zeros(len(middles), np.int64)
    for before, after in itertools.pairwise(order):
        ranks[after] = ranks[before] + bool(middles[after] > middles[before])
    return ranks.reshape(x.shape)


def _by_size(numbers: list[Any]) -> Any:
    return lambda i, j: (numbers[i] > numbers[j]) - (numbers[i] < numbers[j])


def zeros(shape: Any) -> BallArray:
    return lift(np.zeros(shape))


def ones(shape: Any) -> BallArray:
    return lift(np.ones(shape))


def zeros_like(x: Any) -> Any:
    return np.zeros_like(x) if isinstance(x, np.ndarray) else lift(np.zeros(x.shape))


def ones_like(x: BallArray) -> BallArray:
    return lift(np.ones(x.shape))


def eye(n: int) -> BallArray:
    return lift(np.eye(n))


def arange(n: int) -> np.ndarray:
    """Indices stay integers."""
    return np.arange(n)


def stack(arrays: Any, axis: int = 0) -> BallArray:
    return BallArray(np.stack([ball_objects(a) for a in arrays], axis=axis))


def concat(arrays: Any, axis: int = 0) -> BallArray:
    return BallArray(np.concatenate([ball_objects(a) for a in arrays], axis=axis))


def reshape(x: BallArray, shape: Any) -> BallArray:
    return BallArray(x.elements.reshape(shape), x.terms)


def broadcast_to(x: BallArray, shape: Any) -> BallArray:
    return BallArray(np.broadcast_to(x.elements, shape), x.terms)


def permute_dims(x: BallArray, axes: Any) -> BallArray:
    return BallArray(x.elements.transpose(axes), x.terms)


def matrix_transpose(x: BallArray) -> BallArray:
    return x.mT


def take(x: BallArray, indices: np.ndarray, axis: int = 0) -> BallArray:
    return BallArray(np.take(x.elements, np.asarray(indices), axis=axis))


def take_along_axis(x: BallArray, indices: np.ndarray, axis: int = -1) -> BallArray:
    return BallArray(np.take_along_axis(x.elements, np.asarray(indices), axis=axis))


class special:
    """Special functions, beside the standard."""

    @staticmethod
    def erf(x: BallArray) -> BallArray:
        return _map(lambda v: v.erf(), x)
