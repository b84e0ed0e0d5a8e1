"""Forward mode for a whole Jacobian: arrays of balls with their derivatives for all entries of x.

A Taylor series shows one direction at a time; a dual array shows all of them in one evaluation.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import ball_namespace, balls, float_balls
from .balls import BallArray, ball_objects, elementwise, leading
from .float_balls import FloatBalls, as_float_balls
from .taylor import along, derivative
from .truth import Truth


class DualArray:
    """A value, and its Jacobian with one more axis than the value: the entries of x.

    ``jacobian`` is None where nothing of x is in it.
    """

    __array_priority__ = 1000
    __array_ufunc__ = None
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, value: BallArray, jacobian: FloatBalls | None = None) -> None:
        self.value, self.jacobian = value, jacobian

    @property
    def shape(self) -> tuple[int, ...]:
        return self.value.shape

    @property
    def ndim(self) -> int:
        return self.value.ndim

    @property
    def T(self) -> DualArray:
        return self.rearranged(lambda a: a.transpose(*range(self.ndim)[::-1], *_rest(a, self.ndim)))

    @property
    def mT(self) -> DualArray:
        n = self.ndim
        return self.rearranged(lambda a: np.swapaxes(a, n - 2, n - 1))

    def __len__(self) -> int:
        return len(self.value)

    def rearranged(self, change: Callable[[np.ndarray], np.ndarray]) -> DualArray:
        """The same entries elsewhere: ``change`` leaves a last axis beyond the value's alone."""
        moved = None if self.jacobian is None else self.jacobian.each(change)
        return DualArray(BallArray(change(self.value.elements), self.value.terms), moved)

    def __getitem__(self, key: Any) -> DualArray:
        key = key if isinstance(key, tuple) else (key,)
        full = key if Ellipsis in [k for k in key if k is Ellipsis] else (*key, Ellipsis)
        value = self.value[key]
        moved = None if self.jacobian is None else self.jacobian[(*full, slice(None))]
        return DualArray(value, moved)

    def __add__(self, other: Any) -> DualArray:
        other = dual(other)
        return _linear(self.value + other.value, self.jacobian, other.jacobian)

    __radd__ = __add__

    def __sub__(self, other: Any) -> DualArray:
        other = dual(other)
        minus = None if other.jacobian is None else -other.jacobian
        return _linear(self.value - other.value, self.jacobian, minus)

    def __rsub__(self, other: Any) -> DualArray:
        return dual(other) - self

    def __neg__(self) -> DualArray:
        return DualArray(-self.value, None if self.jacobian is None else -self.jacobian)

    def __mul__(self, other: Any) -> DualArray:
        other = dual(other)
        return _linear(
            self.value * other.value,
            _times(self.jacobian, other.value),
            _times(other.jacobian, self.value),
        )

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> DualArray:
        other = dual(other)
        quotient = self.value / other.value
        if self.jacobian is None and other.jacobian is None:
            return DualArray(quotient)
        # (a / b)′ = (a′ − (a / b) b′) / b
        above = _linear(quotient, self.jacobian, _times(other.jacobian, -quotient)).jacobian
        assert above is not None
        return DualArray(quotient, above / as_float_balls(other.value))

    def __rtruediv__(self, other: Any) -> DualArray:
        return dual(other) / self

    def __pow__(self, exponent: float) -> DualArray:
        if not isinstance(exponent, int) or exponent < 0:
            return along_all(lambda x: x**exponent, self)
        power = DualArray(ball_namespace.ones_like(self.value))
        for _ in range(exponent):
            power = power * self
        return power

    def __matmul__(self, other: Any) -> DualArray:
        value = self.value @ dual(other).value
        a, b = factor(self), factor(dual(other))
        if (a.jacobian is None and b.jacobian is None) or not a.shape[-1]:
            return DualArray(value)
        one_row, one_column = a.ndim == 1, b.ndim == 1
        a, b = a[None, :] if one_row else a, b[:, None] if one_column else b
        total: FloatBalls | None = None
        for k in range(a.shape[-1]):  # in order, as the value is summed
            column, row = a[..., :, k : k + 1], b[..., k : k + 1, :]
            for term in (_times(column.jacobian, row.value), _times(row.jacobian, column.value)):
                if term is not None:
                    total = term if total is None else total + term
        assert total is not None
        if one_row:
            total = total[..., 0, :, :]
        if one_column:
            total = total[..., 0, :]
        return DualArray(value, total)

    def __rmatmul__(self, other: Any) -> DualArray:
        return dual(other) @ self

    def __gt__(self, other: Any) -> Truth:
        return self.value > dual(other).value

    def __lt__(self, other: Any) -> Truth:
        return self.value < dual(other).value

    def __ge__(self, other: Any) -> Truth:
        return self.value >= dual(other).value

    def __le__(self, other: Any) -> Truth:
        return self.value <= dual(other).value

    def __eq__(self, other: Any) -> Truth:  # type: ignore[override]
        return self.value == dual(other).value

    def __ne__(self, other: Any) -> Truth:  # type: ignore[override]
        return self.value != dual(other).value


def dual(x: Any) -> DualArray:
    """A dual array as it is; balls or numbers as one in which nothing of x is."""
    if isinstance(x, DualArray):
        return x
    return DualArray(x if isinstance(x, BallArray) else BallArray(ball_objects(x)))


def factor(x: DualArray) -> DualArray:
    """As ``balls.factor``; what is multiplied by a Jacobian's entry is a cotangent in reverse."""
    moved = None if x.jacobian is None else float_balls.factor(x.jacobian)
    return DualArray(balls.factor(x.value), moved)


def along_all(function: Callable[[BallArray], BallArray], x: DualArray) -> DualArray:
    """An element-wise function of balls: its slope, by a series, times the Jacobian of x."""
    if x.jacobian is None:
        return DualArray(function(x.value))
    y = function(along(x.value, np.ones(x.shape)))
    return DualArray(BallArray(elementwise(leading, y.elements)), _times(x.jacobian, derivative(y)))


def broadcast(jacobian: FloatBalls, shape: tuple[int, ...]) -> FloatBalls:
    """The Jacobian of a value that is broadcast to a shape."""

    def widened(a: np.ndarray) -> np.ndarray:
        missing = len(shape) - (a.ndim - 1)
        return np.broadcast_to(a.reshape((1,) * missing + a.shape), (*shape, a.shape[-1]))

    return jacobian.each(widened)


def _linear(value: BallArray, *parts: FloatBalls | None) -> DualArray:
    """A value whose Jacobian is the sum of parts that broadcast to it."""
    found = [broadcast(part, value.shape) for part in parts if part is not None]
    if not found:
        return DualArray(value)
    return DualArray(value, found[0] if len(found) == 1 else found[0] + found[1])


def _times(jacobian: FloatBalls | None, factor: BallArray) -> FloatBalls | None:
    """A Jacobian, each row times an entry of ``factor``; the two broadcast."""
    if jacobian is None:
        return None
    rank = max(jacobian.middle.ndim - 1, factor.ndim)
    rows = jacobian.each(lambda a: a.reshape((1,) * (rank + 1 - a.ndim) + a.shape))
    return rows * as_float_balls(factor)


def _rest(a: np.ndarray, ndim: int) -> range:
    return range(ndim, a.ndim)
