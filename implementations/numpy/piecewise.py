"""Functions that choose by comparing; at a tie the first gets the cotangent."""

from __future__ import annotations

from typing import Any

import numpy as np

from .pairs import Array, Gradients, Pair, ValueAndCache


def absolute_value_forward(x: Array) -> ValueAndCache:
    """|x|; caches the sign, 0 at 0."""
    return np.abs(x), np.sign(x)


def absolute_value_backward(ybar: Array, sign: Array) -> Gradients:
    return {"x": ybar * sign}


def maximum_forward(x: Array, y: Array) -> ValueAndCache:
    """The larger of two; caches where that is x."""
    return np.maximum(x, y), x >= y


def maximum_backward(ybar: Array, first: Array) -> Gradients:
    return {"x": ybar * first, "y": ybar * ~first}


def clip_forward(x: Array) -> ValueAndCache:
    """X between −1 and 1; caches where it is inside, the bounds included."""
    return np.clip(x, -1, 1), np.abs(x) <= 1


def clip_backward(ybar: Array, inside: Array) -> Gradients:
    return {"x": ybar * inside}


def max_reduction_forward(x: Array) -> ValueAndCache:
    """The largest of each row; caches where it is, the first of several, and the shape."""
    at = np.argmax(x, axis=-1, keepdims=True)
    return np.take_along_axis(x, at, axis=-1)[..., 0], (at, x.shape)


def max_reduction_backward(ybar: Array, cache: Any) -> Gradients:
    at, shape = cache
    xbar = np.zeros(shape, ybar.dtype)
    np.put_along_axis(xbar, at, ybar[..., None], axis=-1)
    return {"x": xbar}


def sort_forward(x: Array) -> ValueAndCache:
    """Each row in ascending order; caches where each entry came from."""
    order = np.argsort(x, axis=-1, kind="stable")
    return np.take_along_axis(x, order, axis=-1), order


def sort_backward(ybar: Array, order: Array) -> Gradients:
    xbar = np.empty_like(ybar)
    np.put_along_axis(xbar, order, ybar, axis=-1)
    return {"x": xbar}


PIECEWISE: dict[str, Pair] = {
    "absolute_value": Pair(absolute_value_forward, absolute_value_backward),
    "maximum": Pair(maximum_forward, maximum_backward),
    "clip": Pair(clip_forward, clip_backward),
    "max_reduction": Pair(max_reduction_forward, max_reduction_backward),
    "sort": Pair(sort_forward, sort_backward),
}
