"""Balls in plain float64: a midpoint and a radius for each entry, for derivatives in bulk.

They follow one machine's rounding as ``balls`` do, thousands at once; the midpoints themselves are
known to float64's own precision only, so they are for what a machine may lose, not for answers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import ctx

from .balls import BallArray, mid, rad
from .machine_range import RangeExceeded, followed
from .precision import factor_bits


class FloatBalls:
    """Intervals ``middle`` ± ``radius``, two arrays of one shape.

    Call the operators inside a block that follows a machine: they round to the precision that
    is set, and raise RangeExceeded.
    """

    def __init__(self, middle: np.ndarray, radius: np.ndarray) -> None:
        self.middle, self.radius = middle, radius

    @property
    def shape(self) -> tuple[int, ...]:
        return self.middle.shape

    def each(self, change: Any) -> FloatBalls:
        """Both arrays as ``change`` makes them: another shape, or another order."""
        return FloatBalls(change(self.middle), change(self.radius))

    def __getitem__(self, key: Any) -> FloatBalls:
        return self.each(lambda a: a[key])

    def __neg__(self) -> FloatBalls:
        return FloatBalls(-self.middle, self.radius)

    def __add__(self, other: FloatBalls) -> FloatBalls:
        exact = (self.middle == 0) | (other.middle == 0)
        return _rounded(self.middle + other.middle, self.radius + other.radius, exact)

    def __sub__(self, other: FloatBalls) -> FloatBalls:
        return self + -other

    def __mul__(self, other: FloatBalls) -> FloatBalls:
        size, others = np.abs(self.middle), np.abs(other.middle)
        with np.errstate(over="ignore", invalid="ignore"):
            radius = size * other.radius + (others + other.radius) * self.radius
            exact = _unit_or_zero(self) | _unit_or_zero(other)
            return _rounded(self.middle * other.middle, radius, exact)

    def __truediv__(self, other: FloatBalls) -> FloatBalls:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            quotient = self.middle / other.middle
            least = np.abs(other.middle) - other.radius
            radius = (self.radius + np.abs(quotient) * other.radius) / least
            exact = (self.middle == 0) | _unit_or_zero(other)
            # Not a number where the divisor may be 0: that is out of range.
            return _rounded(np.where(least > 0, quotient, np.nan), radius, exact)

    def sum(self, axis: int) -> FloatBalls:
        """The sum along an axis, added in order; the axis stays, with one entry."""
        total = self[(slice(None),) * axis + (slice(0, 1),)]
        for k in range(1, self.shape[axis]):
            total = total + self[(slice(None),) * axis + (slice(k, k + 1),)]
        return total


def factor(x: FloatBalls) -> FloatBalls:
    """As ``balls.factor``: entries as a machine rounds them for a matrix product, if it does."""
    bits = factor_bits()
    if bits is None:
        return x
    return FloatBalls(x.middle, x.radius + 2.0**-bits * (np.abs(x.middle) + x.radius))


def _unit_or_zero(x: FloatBalls) -> np.ndarray:
    """0 and ±1: multiplying a midpoint by them is exact."""
    exact: np.ndarray = (x.middle == 0) | (np.abs(x.middle) == 1)
    return exact


def hull(a: FloatBalls, b: FloatBalls) -> FloatBalls:
    """The smallest intervals that hold both."""
    low = np.minimum(a.middle - a.radius, b.middle - b.radius)
    high = np.maximum(a.middle + a.radius, b.middle + b.radius)
    return FloatBalls(low / 2 + high / 2, high / 2 - low / 2)


def as_float_balls(x: BallArray) -> FloatBalls:
    """Balls, or what of each is left in float64, with a last axis of one entry."""
    return FloatBalls(mid(x)[..., None], rad(x)[..., None])


def _rounded(middle: np.ndarray, radius: np.ndarray, exact: Any) -> FloatBalls:
    """A result as the machine that is followed stores it."""
    machine = followed[-1].machine
    with np.errstate(over="ignore", invalid="ignore"):
        # As balls round: to a neighbour, not to the nearest.
        spacing = np.ldexp(1.0, np.frexp(middle)[1] - ctx.prec)
        widened = radius + np.where(exact, 0.0, np.where(middle != 0, spacing, 0.0))
        widened += np.where(widened > 0, machine.smallest, 0.0)  # it may underflow
        if not np.all(np.abs(middle) + widened <= machine.largest):
            raise RangeExceeded(f"a derivative leaves the range of {machine.name}")
    return FloatBalls(middle, widened)
