"""Convolution of one sequence, by NumPy's own, and of one image, as a batch of one."""

from __future__ import annotations

from typing import Any

import numpy as np

from .batched_convolution import batched_convolution_2d_backward, batched_convolution_2d_forward
from .pairs import Array, Gradients, Pair, ValueAndCache

PLAIN = (1, 1), (0, 0), (1, 1), 1


def convolution_1d_forward(x: Array, w: Array, b: Array) -> ValueAndCache:
    """Cross-correlation where x covers the kernel, plus b; caches x and w."""
    return np.correlate(x, w, "valid") + b, (x, w)


def convolution_1d_backward(ybar: Array, cache: Any) -> Gradients:
    """For x the full convolution with w, which flips it; for w a correlation again."""
    x, w = cache
    return {
        "x": np.convolve(ybar, w, "full"),
        "w": np.correlate(x, ybar, "valid"),
        "b": np.sum(ybar),
    }


def convolution_2d_forward(X: Array, W: Array, b: Array) -> ValueAndCache:
    """One image; caches what the batched pair does."""
    Z, cache = batched_convolution_2d_forward(X[None], W, b, geometry=PLAIN)
    return Z[0], cache


def convolution_2d_backward(ybar: Array, cache: Any) -> Gradients:
    gradients = batched_convolution_2d_backward(ybar[None], cache)
    return {"X": gradients["X"][0], "W": gradients["W"], "b": gradients["bias"]}


CONVOLUTION: dict[str, Pair] = {
    "convolution_1d": Pair(convolution_1d_forward, convolution_1d_backward),
    "convolution_2d": Pair(convolution_2d_forward, convolution_2d_backward),
}
