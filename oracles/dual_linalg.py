"""Linear algebra over dual arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from . import ball_linalg
from .balls import leading, mid
from .dual_arrays import DualArray, dual, factor


def outer(a: Any, b: Any) -> DualArray:
    return factor(dual(a))[:, None] * factor(dual(b))[None, :]


def matrix_transpose(x: Any) -> DualArray:
    return dual(x).mT


def trace(x: Any) -> DualArray:
    x = dual(x)
    value, n = ball_linalg.trace(x.value), min(x.shape[-2:])
    if x.jacobian is None or not n:
        return DualArray(value)
    places = np.arange(n)
    return DualArray(value, x.jacobian[..., places, places, :].sum(x.ndim - 2)[..., 0, :])


def inv(x: Any) -> DualArray:
    """(X⁻¹)′ = −X⁻¹ X′ X⁻¹."""
    x = dual(x)
    inverse = ball_linalg.inv(x.value)
    if x.jacobian is None:
        return DualArray(inverse)
    constant = DualArray(inverse)
    slope = constant @ DualArray(0 * x.value, x.jacobian) @ constant
    return DualArray(inverse, None if slope.jacobian is None else -slope.jacobian)


def det(x: Any) -> DualArray:
    """By elimination with row pivots; by cofactors where a pivot's ball holds 0."""
    x = dual(x)
    if x.jacobian is None:
        return DualArray(ball_linalg.det(x.value))
    determinant: Any = 1.0
    rest = x
    while len(rest):
        k = int(np.argmax(np.abs(mid(rest.value[:, 0]))))
        row, others = rest[k], rest[[i for i in range(len(rest)) if i != k]]
        pivot = row[0]
        if leading(pivot.value.elements.item()).contains(0):
            return _by_cofactors(x)
        determinant = determinant * pivot * (-1.0) ** k
        factors = others[:, 0] / pivot
        rest = others[:, 1:] - factors[:, None] * row[None, 1:]
    return dual(determinant)


def _by_cofactors(x: DualArray) -> DualArray:
    """Laplace expansion: no division, so it holds at a singular matrix too."""
    if not len(x):
        return dual(1.0)
    total: Any = 0.0
    for j in range(len(x)):
        minor = x[1:][:, [k for k in range(len(x)) if k != j]]
        total = total + (-1.0) ** j * x[0, j] * _by_cofactors(minor)
    return dual(total)
