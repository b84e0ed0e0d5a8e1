"""Linear and quadratic forms."""

from __future__ import annotations

from typing import Any

import numpy as np

from .pairs import Array, Gradients, Pair, ValueAndCache


def linear_form_forward(a: Array, x: Array) -> ValueAndCache:
    """aᵀx; caches both vectors."""
    return np.dot(a, x), (a, x)


def linear_form_backward(ybar: Array, cache: Any) -> Gradients:
    a, x = cache
    return {"a": ybar * x, "x": ybar * a}


def quadratic_form_forward(A: Array, x: Array) -> ValueAndCache:
    """xᵀAx; caches Ax, one half of the gradient in x."""
    Ax = A @ x
    return np.dot(x, Ax), (A, x, Ax)


def quadratic_form_backward(ybar: Array, cache: Any) -> Gradients:
    A, x, Ax = cache
    return {"A": ybar * np.outer(x, x), "x": ybar * (Ax + x @ A)}


def squared_norm_forward(x: Array) -> ValueAndCache:
    """xᵀx; caches x."""
    return np.dot(x, x), x


def squared_norm_backward(ybar: Array, x: Array) -> Gradients:
    return {"x": 2 * (ybar * x)}


def least_squares_forward(A: Array, x: Array, b: Array) -> ValueAndCache:
    """rᵀr for the residual r = Ax − b; caches r."""
    r = A @ x - b
    return np.dot(r, r), (A, x, r)


def least_squares_backward(ybar: Array, cache: Any) -> Gradients:
    A, x, r = cache
    rbar = 2 * (ybar * r)
    return {"A": np.outer(rbar, x), "x": rbar @ A, "b": -rbar}


FORMS: dict[str, Pair] = {
    "linear_form": Pair(linear_form_forward, linear_form_backward),
    "quadratic_form": Pair(quadratic_form_forward, quadratic_form_backward),
    "squared_norm": Pair(squared_norm_forward, squared_norm_backward),
    "least_squares": Pair(least_squares_forward, least_squares_backward),
}
