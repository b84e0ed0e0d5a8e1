"""Permutation, reshape, slices, masks and the broadcast rule."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .pairs import Array, Gradients, Pair, ValueAndCache


def permutation_forward(X: Array, *, axes: tuple[int, ...]) -> ValueAndCache:
    """X with its axes permuted; caches the inverse permutation."""
    return np.transpose(X, axes).copy(), np.argsort(axes)


def permutation_backward(ybar: Array, inverse: Array) -> Gradients:
    return {"X": np.transpose(ybar, inverse).copy()}


def reshape_forward(X: Array, *, shape: str) -> ValueAndCache:
    """X in another shape, a product of its three sizes for each word; caches its own shape."""
    size = dict(zip("lmn", X.shape, strict=True))
    new = [math.prod(size[letter] for letter in word) for word in shape.split()]
    return np.reshape(X, new).copy(), X.shape


def reshape_backward(ybar: Array, shape: tuple[int, ...]) -> Gradients:
    return {"X": np.reshape(ybar, shape).copy()}


def slice_of_rows_forward(
    X: Array, *, rows: tuple[int | None, int | None, int | None]
) -> ValueAndCache:
    """Some rows by start, stop and step; caches the shape and the slice."""
    chosen = slice(*rows)
    return X[chosen].copy(), (X.shape, chosen)


def boolean_selection_forward(X: Array, *, keep: tuple[bool, ...]) -> ValueAndCache:
    """The rows where a mask is true; caches the shape and the mask."""
    chosen = np.array(keep, dtype=bool)
    return X[chosen], (X.shape, chosen)


def selection_backward(ybar: Array, cache: Any) -> Gradients:
    """No row is chosen twice: the cotangent is put in place, with nothing to add up."""
    shape, chosen = cache
    Xbar = np.zeros(shape, ybar.dtype)
    Xbar[chosen] = ybar
    return {"X": Xbar}


def summed_to(shape: tuple[int, ...], bar: Array) -> Array:
    """Sum over the axes along which an array of this shape was repeated to that of ``bar``."""
    aligned = (1,) * (bar.ndim - len(shape)) + shape
    repeated = tuple(i for i, n in enumerate(aligned) if n == 1)
    return np.reshape(np.sum(bar, axis=repeated), shape)


def broadcast_sum_forward(x: Array, y: Array) -> ValueAndCache:
    """X + y; caches the two shapes."""
    return x + y, (x.shape, y.shape)


def broadcast_sum_backward(ybar: Array, cache: Any) -> Gradients:
    of_x, of_y = cache
    return {"x": summed_to(of_x, ybar), "y": summed_to(of_y, ybar)}


def broadcast_difference_forward(x: Array, y: Array) -> ValueAndCache:
    """X − y; caches the two shapes."""
    return x - y, (x.shape, y.shape)


def broadcast_difference_backward(ybar: Array, cache: Any) -> Gradients:
    of_x, of_y = cache
    return {"x": summed_to(of_x, ybar), "y": -summed_to(of_y, ybar)}


def broadcast_product_forward(x: Array, y: Array) -> ValueAndCache:
    """X ∘ y; caches both."""
    return x * y, (x, y)


def broadcast_product_backward(ybar: Array, cache: Any) -> Gradients:
    x, y = cache
    return {"x": summed_to(x.shape, ybar * y), "y": summed_to(y.shape, ybar * x)}


def broadcast_quotient_forward(x: Array, y: Array) -> ValueAndCache:
    """X / y; caches the quotient, which times −1/y is its own slope in y."""
    z = x / y
    return z, (x.shape, y, z)


def broadcast_quotient_backward(ybar: Array, cache: Any) -> Gradients:
    of_x, y, z = cache
    xbar = ybar / y
    return {"x": summed_to(of_x, xbar), "y": -summed_to(y.shape, xbar * z)}


SHAPING: dict[str, Pair] = {
    "permutation": Pair(permutation_forward, permutation_backward),
    "reshape": Pair(reshape_forward, reshape_backward),
    "slice_of_rows": Pair(slice_of_rows_forward, selection_backward),
    "boolean_selection": Pair(boolean_selection_forward, selection_backward),
    "broadcast_sum": Pair(broadcast_sum_forward, broadcast_sum_backward),
    "broadcast_difference": Pair(broadcast_difference_forward, broadcast_difference_backward),
    "broadcast_product": Pair(broadcast_product_forward, broadcast_product_backward),
    "broadcast_quotient": Pair(broadcast_quotient_forward, broadcast_quotient_backward),
}
