"""Exact directional derivatives: a forward function over Taylor series of balls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from flint import arb, arb_series

from . import ball_namespace
from .balls import BallArray, elementwise, lift


def along(x: np.ndarray | BallArray, v: np.ndarray | BallArray) -> BallArray:
    """The line x + t v as an array of series in t. Call it inside a block with ``precision``.

    Entries along which v is 0 stay plain balls, which are faster: of the Jacobian's columns, most.
    """
    start, direction = (a if isinstance(a, BallArray) else lift(a) for a in (x, v))

    def line(a: arb, b: arb) -> Any:
        return a if b.is_zero() else arb_series([a, b])

    return BallArray(elementwise(line, start.elements, direction.elements))


def derivative(y: BallArray) -> BallArray:
    """The coefficient of t: dy/dt at t = 0; what is not a number has no derivative either."""

    def slope(element: Any) -> arb:
        if isinstance(element, arb_series):
            return element[1]
        return arb(0) if element.is_finite() else arb("nan")

    return BallArray(elementwise(slope, y.elements))


def jvp(
    function: Any,
    arguments: Mapping[str, Any],
    directions: Mapping[str, np.ndarray | BallArray],
    **static: Any,
) -> BallArray:
    """J v: the derivative of ``function(xp, **arguments)`` along the directions.

    Call it inside a block with ``precision``. Arguments without a direction stay constant.
    """
    moved = lines(arguments, directions)
    return derivative(function(ball_namespace, **moved, **static))


def second_derivative(
    function: Any, arguments: Mapping[str, Any], wrt: str, **static: Any
) -> BallArray:
    """f″ of an element-wise function, differentiated operation by operation.

    Call it inside a block with ``precision`` that keeps three terms.
    """
    moved = {**arguments, wrt: along(arguments[wrt], np.ones(arguments[wrt].shape))}
    y = function(ball_namespace, **moved, **static)
    return BallArray(elementwise(_bend, y.elements))


def _bend(element: Any) -> arb:
    return 2 * element[2] if isinstance(element, arb_series) else element * 0


def lines(
    arguments: Mapping[str, Any], directions: Mapping[str, np.ndarray | BallArray]
) -> dict[str, Any]:
    """Every argument that has a direction, as the line along it."""
    return {
        name: along(x, directions[name]) if name in directions else x
        for name, x in arguments.items()
    }
