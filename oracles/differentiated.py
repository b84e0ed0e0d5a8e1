"""What differentiating the forward itself, operation by operation, may lose.

The documented gradient may be better conditioned than what a framework makes of the forward's
operations one by one (the slope of z / (1 + |z|) is a difference of two terms). Each term is
rounded, by way of the direction, also where they cancel: ȳ is multiplied into them before they are
added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..identities.declaration import Identity
from . import dual_namespace
from .balls import BallArray, lift, mid, rad
from .dual_arrays import DualArray, dual
from .float_balls import FloatBalls
from .machine import Machine
from .machine_range import RangeExceeded
from .taylor import jvp


@dataclass(frozen=True)
class Slopes:
    """∂y/∂x at a machine's precision, as midpoints and radii; they hold for every cotangent.

    A row for each entry of x, a column for each of y; of an element-wise function, whose Jacobian
    is diagonal, one column, and a row for each entry.
    """

    middle: np.ndarray
    radius: np.ndarray
    diagonal: bool

    def pulled_back(self, ybar: np.ndarray, machine: Machine) -> np.ndarray:
        """Radius of Σⱼ ȳⱼ ∂yⱼ/∂xᵢ for each row. Raises RangeExceeded where a term is too large."""
        if not self.middle.size:
            return np.zeros(len(self.middle))
        ulp = 2 * machine.u  # as balls round: to a neighbour, not to the nearest
        cotangent = ybar.reshape(-1, 1) if self.diagonal else ybar.reshape(1, -1)
        with np.errstate(invalid="ignore", over="ignore"):
            terms = cotangent * self.middle
            radii = np.abs(cotangent) * self.radius + ulp * np.abs(terms)
            radii += np.where(radii > 0, machine.smallest, 0.0)  # a term may underflow
            if not np.all(np.abs(terms) + radii <= machine.largest):
                raise RangeExceeded(f"the cotangent times a slope leaves {machine.name}")
            sums = ulp * np.abs(np.cumsum(terms, axis=1))[:, 1:]
            sums *= (radii[:, 1:] > 0) & (np.cumsum(radii, axis=1)[:, :-1] > 0)  # x + 0 is exact
        lost: np.ndarray = radii.sum(axis=1) + sums.sum(axis=1)
        return lost


def slopes_of(
    identity: Identity, balls: Mapping[str, Any], wrt: str, static: Mapping[str, Any], u: float
) -> Slopes:
    """The slopes of an identity's forward, which is differentiated; u is the unit roundoff.

    Call it inside a block with ``precision`` that keeps two terms. Raises RangeExceeded.
    """
    shape = balls[wrt].shape
    if identity.elementwise:  # one direction shows the whole diagonal
        ones = {wrt: lift(np.ones(shape), np.full(shape, u))}
        column = jvp(identity.forward, balls, ones, **static)
        return Slopes(mid(column).reshape(-1, 1), rad(column).reshape(-1, 1), diagonal=True)
    n = balls[wrt].elements.size
    if not n:
        return Slopes(np.zeros((0, 0)), np.zeros((0, 0)), diagonal=False)
    unit = np.eye(n).reshape(*shape, n)  # along each entry by itself, known to one rounding
    moved = {**balls, wrt: DualArray(balls[wrt], FloatBalls(unit, u * unit))}
    given = {k: dual(x) if isinstance(x, BallArray) else x for k, x in moved.items()}
    y = dual(identity.forward(dual_namespace, **given, **static))
    rows = y.value.elements.size
    found = y.jacobian or FloatBalls(*np.zeros((2, rows, n)))
    table = found.each(lambda a: a.reshape(rows, n).T)
    return Slopes(table.middle, table.radius, diagonal=False)
