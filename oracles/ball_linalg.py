"""Linear algebra over balls: by python-flint's matrices, by elimination for Taylor series."""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import acb_mat, arb, arb_mat, arb_series

from .balls import BallArray, elementwise, factor, has_series, leading, lift, objects, once, wrap
from .precision import factor_bits


def _matrix(x: BallArray) -> arb_mat:
    rows, columns = x.shape
    return arb_mat(rows, columns, list(x.elements.flat))


def outer(a: BallArray, b: BallArray) -> BallArray:
    """A matrix product of a column and a row, and rounded like one where a machine does that."""
    return factor(a)[:, None] * factor(b)[None, :]


def matrix_transpose(x: BallArray) -> BallArray:
    return x.mT


def trace(x: BallArray) -> BallArray:
    diagonal = np.diagonal(x.elements, axis1=-2, axis2=-1)
    if diagonal.shape[-1] == 0:
        return lift(np.zeros(x.shape[:-2]))
    return wrap(np.add.reduce(diagonal, axis=-1))


def det(x: BallArray) -> BallArray:
    n = x.shape[-1]
    if n == 0:
        return lift(1.0)
    if not has_series(x):
        return wrap(objects(_matrix(x).det()))
    a, sign = x.elements.copy(), 1
    determinant: Any = arb(1)
    for k in range(n):
        pivot = k + int(np.argmax([float(abs(leading(v)).mid()) for v in a[k:, k]]))
        if pivot != k:
            a[[k, pivot]], sign = a[[pivot, k]], -sign
        if leading(a[k, k]).contains(0):
            return BallArray(objects(_det_by_cofactors(x.elements)))
        determinant = determinant * a[k, k]
        for i in range(k + 1, n):
            factor = a[i, k] / a[k, k]
            for j in range(k + 1, n):
                a[i, j] = a[i, j] - factor * a[k, j]
    return wrap(objects(sign * determinant))


def _det_by_cofactors(a: np.ndarray) -> Any:
    """Laplace expansion: no division, so it holds at a singular matrix too."""
    if a.shape[0] == 0:
        return arb(1)
    total: Any = arb(0)
    for j in range(a.shape[0]):
        minor = np.delete(a[1:], j, axis=1)
        total = total + (-1) ** j * a[0, j] * _det_by_cofactors(minor)
    return total


def inv(x: BallArray) -> BallArray:
    """Inverse; every entry is not a number where the balls admit a singular matrix."""
    n = x.shape[-1]
    if n == 0:
        return x
    if has_series(x):
        return _inverse_of_series(x)
    return _of_factors(once("inv", x, lambda: _inverse(x)))


def _of_factors(inverse: BallArray) -> BallArray:
    """An inverse as the matrix product of the inverses of two factors (Cholesky's, say).

    Where factors are rounded for a product, each of its entries, and so the inverse, moves by that
    part of the product of norms, which for L⁻ᵀL⁻¹ is the largest entry of the inverse.
    """
    bits = factor_bits()
    if bits is None or not all(v.is_finite() for v in inverse.elements.flat):
        return inverse
    largest = max(float(abs(v).upper()) for v in inverse.elements.flat)
    rounding = arb(0, 2 * largest) * arb(2) ** -bits
    return BallArray(elementwise(lambda v: v + rounding, inverse.elements))


def _inverse(x: BallArray) -> BallArray:
    n = x.shape[-1]
    try:
        inverse = _matrix(x).inv()
    except ZeroDivisionError:
        return BallArray(objects(arb("nan"), x.shape))
    entries = np.empty(n * n, object)
    entries[:] = inverse.entries()
    return wrap(entries.reshape(n, n))


def _inverse_of_series(x: BallArray) -> BallArray:
    """(X + tE)⁻¹ = X⁻¹ − t X⁻¹ E X⁻¹, to first order."""
    constant = BallArray(elementwise(leading, x.elements))
    slope = BallArray(
        elementwise(lambda v: v[1] if isinstance(v, arb_series) else arb(0), x.elements)
    )
    inverse = inv(constant)
    derivative = -(inverse @ slope @ inverse)
    return BallArray(
        elementwise(lambda a, b: arb_series([a, b]), inverse.elements, derivative.elements)
    )


def eigvalsh(x: BallArray) -> BallArray:
    """Eigenvalues of a symmetric matrix; not numbers where its balls are too wide to tell them."""
    return once("eigvalsh", x, lambda: _eigenvalues(x)) if len(x) else lift(np.zeros(0))


def _eigenvalues(x: BallArray) -> BallArray:
    n = len(x)
    try:
        values = [value.real for value in acb_mat(_matrix(x)).eig(multiple=True)]
    except ValueError:
        return BallArray(objects(arb("nan"), (n,)))
    entries = np.empty(n, object)
    entries[:] = values
    return BallArray(entries)
