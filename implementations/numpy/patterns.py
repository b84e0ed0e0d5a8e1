"""The patterns that index sums collapse to: identity, outer, matrix-vector, element-wise, sums."""

from __future__ import annotations

from typing import Any

import numpy as np

from .pairs import Array, Gradients, Pair, ValueAndCache


def identity_map_forward(X: Array) -> ValueAndCache:
    """X itself, as an array of its own; caches nothing."""
    return X.copy(), None


def identity_map_backward(ybar: Array, _: None) -> Gradients:
    return {"X": ybar.copy()}


def outer_product_forward(a: Array, b: Array) -> ValueAndCache:
    """abᵀ; caches both vectors."""
    return np.outer(a, b), (a, b)


def outer_product_backward(ybar: Array, cache: Any) -> Gradients:
    a, b = cache
    return {"a": ybar @ b, "b": a @ ybar}


def matrix_vector_product_forward(A: Array, x: Array) -> ValueAndCache:
    """Ax; caches both."""
    return A @ x, (A, x)


def matrix_vector_product_backward(ybar: Array, cache: Any) -> Gradients:
    A, x = cache
    return {"A": np.outer(ybar, x), "x": ybar @ A}


def hadamard_product_forward(X: Array, Y: Array) -> ValueAndCache:
    """X ∘ Y; caches both."""
    return X * Y, (X, Y)


def hadamard_product_backward(ybar: Array, cache: Any) -> Gradients:
    X, Y = cache
    return {"X": ybar * Y, "Y": ybar * X}


def sum_reduction_forward(
    X: Array, *, axis: int | tuple[int, ...] | None, keepdims: bool
) -> ValueAndCache:
    """Sum over axes; caches the shape, and which axes the cotangent lacks."""
    everything = tuple(range(X.ndim)) if axis is None else axis
    return np.sum(X, axis=axis, keepdims=keepdims), (X.shape, () if keepdims else everything)


def sum_reduction_backward(ybar: Array, cache: Any) -> Gradients:
    shape, lacking = cache
    return {"X": np.broadcast_to(np.expand_dims(ybar, lacking), shape).copy()}


def transpose_forward(X: Array) -> ValueAndCache:
    """Xᵀ, as an array of its own; caches nothing."""
    return X.T.copy(), None


def transpose_backward(ybar: Array, _: None) -> Gradients:
    return {"X": ybar.T.copy()}


PATTERNS: dict[str, Pair] = {
    "identity_map": Pair(identity_map_forward, identity_map_backward),
    "outer_product": Pair(outer_product_forward, outer_product_backward),
    "matrix_vector_product": Pair(matrix_vector_product_forward, matrix_vector_product_backward),
    "hadamard_product": Pair(hadamard_product_forward, hadamard_product_backward),
    "sum_reduction": Pair(sum_reduction_forward, sum_reduction_backward),
    "transpose": Pair(transpose_forward, transpose_backward),
}
