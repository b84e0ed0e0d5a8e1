"""The array API over dual arrays: the part of the standard that the identities use."""

# The names shadow builtins because the standard's do.

from __future__ import annotations

import builtins
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from . import ball_namespace as balls
from . import dual_linalg as linalg  # noqa: F401
from .ball_namespace import arange, float64, int64  # noqa: F401  indices stay integers
from .balls import BallArray
from .dual_arrays import DualArray, along_all, broadcast, dual
from .float_balls import FloatBalls, hull
from .truth import as_truth


def __getattr__(name: str) -> DualArray:
    if name == "pi":  # to whatever precision is set when it is used
        return DualArray(1 * balls.pi)
    raise AttributeError(name)


def documented_rule(
    identity: Any, xp: Any, arguments: Sequence[Any], parameters: Mapping[str, Any]
) -> DualArray:
    """The forward function of an identity that another one uses, differentiated as it stands."""
    value: DualArray = identity.forward(xp, *arguments, **parameters)
    return value


def exp(x: Any) -> DualArray:
    return along_all(balls.exp, dual(x))


def log(x: Any) -> DualArray:
    return along_all(balls.log, dual(x))


def sqrt(x: Any) -> DualArray:
    return along_all(balls.sqrt, dual(x))


def tanh(x: Any) -> DualArray:
    return along_all(balls.tanh, dual(x))


def expm1(x: Any) -> DualArray:
    return along_all(balls.expm1, dual(x))


def log1p(x: Any) -> DualArray:
    return along_all(balls.log1p, dual(x))


def abs(x: Any) -> DualArray:
    return along_all(balls.abs, dual(x))


def logaddexp(a: Any, b: Any) -> DualArray:
    """log(eᵃ + eᵇ) as m + log(e^(d) + 1) with m the larger, d ≤ 0 the difference."""
    a, b = dual(a), dual(b)
    larger = balls.constant(a.value) >= balls.constant(b.value)
    high, low = where(larger, a, b), where(larger, b, a)
    return high + log(exp(low - high) + 1)


def constant(x: Any) -> DualArray:
    """No constant: what differentiates operation by operation differentiates the maximum, too.

    To the entry that it is, log-sum-exp owes 1 − Σp then, which is 0 but for the rounding of a sum.
    """
    return dual(x)


def where(condition: Any, a: Any, b: Any) -> Any:
    """Choose elementwise; the hull of both where the condition is unknown."""
    if all(isinstance(x, np.ndarray) for x in (condition, a, b)):
        return np.where(condition, a, b)
    a, b, truth = dual(a), dual(b), as_truth(condition)
    value = balls.where(truth, a.value, b.value)
    if a.jacobian is None and b.jacobian is None:
        return DualArray(value)
    first, second = (broadcast(x, value.shape) for x in _jacobians([a, b]))
    chosen = np.broadcast_to(truth.elements, value.shape)[..., None]
    unknown = chosen == np.array(None)  # elementwise
    yes, either = chosen.astype(bool), hull(first, second)

    def pick(part: Callable[[FloatBalls], np.ndarray]) -> np.ndarray:
        return np.where(unknown, part(either), np.where(yes, part(first), part(second)))

    return DualArray(value, FloatBalls(pick(lambda x: x.middle), pick(lambda x: x.radius)))


def sum(x: Any, axis: Any = None, keepdims: bool = False) -> DualArray:
    x = dual(x)
    value, jacobian = balls.sum(x.value, axis=axis, keepdims=keepdims), x.jacobian
    if jacobian is None or not x.value.elements.size:
        return DualArray(value, None)
    for position in _axes(x, axis):
        jacobian = jacobian.sum(position)
    return DualArray(value, jacobian.each(lambda a: a.reshape((*value.shape, a.shape[-1]))))


def prod(x: Any, axis: Any = None, keepdims: bool = False) -> DualArray:
    x = dual(x)
    for position in _axes(x, axis):
        at = (slice(None),) * position
        total = DualArray(balls.ones_like(x.value[(*at, slice(0, 1))])) if x.shape[position] else x
        for k in range(x.shape[position]):
            total = total * x[(*at, slice(k, k + 1))]
        x = total
    value = balls.prod(x.value, axis=axis, keepdims=keepdims)
    return reshape(x, value.shape) if x.value.elements.size else DualArray(value)


def mean(x: Any, axis: Any = None, keepdims: bool = False) -> DualArray:
    total = sum(x, axis=axis, keepdims=keepdims)
    return total / (dual(x).value.elements.size // builtins.max(total.value.elements.size, 1))


def max(x: Any, axis: Any = None, keepdims: bool = False) -> DualArray:
    """The entry with the largest midpoint, of equal ones the first."""
    x = dual(x)
    value = balls.max(x.value, axis=axis, keepdims=keepdims)
    for position in _axes(x, axis):
        first = np.expand_dims(balls.argmax(x.value, axis=position), position)
        x = take_along_axis(x, first, axis=position)
    return DualArray(value, reshape(x, value.shape).jacobian)


def min(x: Any, axis: Any = None, keepdims: bool = False) -> DualArray:
    return -max(-dual(x), axis=axis, keepdims=keepdims)


def maximum(x: Any, y: Any) -> Any:
    return where(dual(x) >= y, x, y)


def clip(x: Any, low: float, high: float) -> Any:
    x = dual(x)
    return where(x < low, low, where(x > high, high, x))


def argsort(x: Any, axis: int = -1) -> np.ndarray:
    return balls.argsort(x.value if isinstance(x, DualArray) else x, axis=axis)


def argmax(x: Any, axis: int = -1) -> np.ndarray:
    return balls.argmax(x.value if isinstance(x, DualArray) else x, axis=axis)


def sort(x: Any, axis: int = -1) -> DualArray:
    return take_along_axis(x, argsort(x, axis=axis), axis=axis)


def zeros(shape: Any) -> DualArray:
    return DualArray(balls.zeros(shape))


def ones(shape: Any) -> DualArray:
    return DualArray(balls.ones(shape))


def zeros_like(x: Any) -> Any:
    return np.zeros_like(x) if isinstance(x, np.ndarray) else DualArray(balls.zeros_like(x))


def ones_like(x: Any) -> DualArray:
    return DualArray(balls.ones_like(x))


def eye(n: int) -> DualArray:
    return DualArray(balls.eye(n))


def stack(arrays: Any, axis: int = 0) -> DualArray:
    return concat([_with_axis(dual(a), axis) for a in arrays], axis=axis)


def concat(arrays: Any, axis: int = 0) -> DualArray:
    given = [dual(a) for a in arrays]
    position = axis % given[0].ndim
    value = balls.concat([a.value for a in given], axis=position)
    if all(a.jacobian is None for a in given):
        return DualArray(value)
    found = _jacobians(given)
    middle, radius = (
        np.concatenate(part, axis=position)
        for part in ([a.middle for a in found], [a.radius for a in found])
    )
    return DualArray(value, FloatBalls(middle, radius))


def reshape(x: Any, shape: Any) -> DualArray:
    x = dual(x)
    target = x.value.elements.reshape(shape).shape
    return x.rearranged(lambda a: a.reshape((*target, *a.shape[x.ndim :])))


def broadcast_to(x: Any, shape: Any) -> DualArray:
    x = dual(x)
    moved = None if x.jacobian is None else broadcast(x.jacobian, tuple(shape))
    return DualArray(balls.broadcast_to(x.value, shape), moved)


def permute_dims(x: Any, axes: Any) -> DualArray:
    x = dual(x)
    places = [a % x.ndim for a in axes]
    return x.rearranged(lambda a: a.transpose(*places, *range(x.ndim, a.ndim)))


def matrix_transpose(x: Any) -> DualArray:
    return dual(x).mT


def take(x: Any, indices: np.ndarray, axis: int = 0) -> DualArray:
    x = dual(x)
    return x.rearranged(lambda a: np.take(a, np.asarray(indices), axis=axis % x.ndim))


def take_along_axis(x: Any, indices: np.ndarray, axis: int = -1) -> DualArray:
    x, at = dual(x), np.asarray(indices)

    def taken(a: np.ndarray) -> np.ndarray:
        places = at.reshape(at.shape + (1,) * (a.ndim - x.ndim))
        return np.take_along_axis(a, places, axis=axis % x.ndim)

    return x.rearranged(taken)


class special:
    """Special functions, beside the standard."""

    @staticmethod
    def erf(x: Any) -> DualArray:
        return along_all(balls.special.erf, dual(x))


def _axes(x: DualArray, axis: Any) -> list[int]:
    given = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    return sorted({a % x.ndim for a in given})


def _with_axis(x: DualArray, axis: int) -> DualArray:
    position = axis % (x.ndim + 1)
    return reshape(x, (*x.shape[:position], 1, *x.shape[position:]))


def _jacobians(given: Sequence[DualArray]) -> list[FloatBalls]:
    """The Jacobians, of zeros where an array has none; one of the arrays has one."""
    n = next(a.jacobian.shape[-1] for a in given if a.jacobian is not None)

    def nothing(x: BallArray) -> FloatBalls:
        return FloatBalls(np.zeros((*x.shape, n)), np.zeros((*x.shape, n)))

    return [nothing(a.value) if a.jacobian is None else a.jacobian for a in given]
