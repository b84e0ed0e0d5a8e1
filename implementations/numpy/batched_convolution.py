"""Convolution of batches by im2col: a window becomes a row, and the kernel of a group a matrix."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from .pairs import Array, Gradients, Pair, ValueAndCache

Two = tuple[int, int]
Geometry = tuple[Two, Two, Two, int]
"""Strides, paddings and dilations, each for height and width, and the number of groups."""


def windows(X: Array, kernel: Two, geometry: Geometry) -> Array:
    """What each tap meets, at each place: (batch, rows, columns, channels, taps down, taps right).

    Padding is with zeros.
    """
    (sh, sw), (ph, pw), (dh, dw), _ = geometry
    padded = np.pad(X, ((0, 0), (ph, ph), (pw, pw), (0, 0)))
    extent = dh * (kernel[0] - 1) + 1, dw * (kernel[1] - 1) + 1
    return sliding_window_view(padded, extent, axis=(1, 2))[:, ::sh, ::sw, :, ::dh, ::dw]


def added_up(bars: Array, shape: tuple[int, ...], kernel: Two, geometry: Geometry) -> Array:
    """The pullback of ``windows``: each entry's cotangents, in all the windows that hold it.

    The entries are numbered from 1, which leaves 0 for the padding.
    """
    size = int(np.prod(shape))
    numbers = windows(np.arange(1, size + 1).reshape(shape), kernel, geometry)
    sums = np.bincount(numbers.ravel(), bars.ravel(), minlength=size + 1)
    return sums[1:].reshape(shape).astype(bars.dtype)


def batched_convolution_2d_forward(
    X: Array, W: Array, bias: Array, *, geometry: Geometry
) -> tuple[Array, Any]:
    """Z = rows × matrix for each group; caches the rows and the matrices."""
    groups = geometry[-1]
    p, q, d, c = W.shape
    met = windows(X, (p, q), geometry)
    batch, height, width = met.shape[:3]
    rows = np.reshape(met, (-1, groups, d * p * q)).swapaxes(0, 1)
    matrices = W.reshape(p, q, d, groups, c // groups).transpose(3, 2, 0, 1, 4)
    matrices = matrices.reshape(groups, d * p * q, c // groups)
    Z = (rows @ matrices).swapaxes(0, 1).reshape(batch, height, width, c) + bias
    return Z, (X.shape, W.shape, geometry, rows, matrices)


def batched_convolution_2d_backward(ybar: Array, cache: Any) -> Gradients:
    shape, (p, q, d, c), geometry, rows, matrices = cache
    groups = geometry[-1]
    Zbar = np.reshape(ybar, (-1, groups, c // groups)).swapaxes(0, 1)
    Wbar = np.reshape(rows.mT @ Zbar, (groups, d, p, q, c // groups)).transpose(2, 3, 1, 0, 4)
    met = (Zbar @ matrices.mT).swapaxes(0, 1)
    return {
        "X": added_up(met, shape, (p, q), geometry),
        "W": Wbar.reshape(p, q, d, c),
        "bias": np.sum(ybar, axis=(0, 1, 2)),
    }


def batched_convolution_1d_forward(
    X: Array, W: Array, bias: Array, *, geometry: tuple[int, int, int, int]
) -> ValueAndCache:
    """Sequences are images of height 1, and so are kernels."""
    stride, padding, dilation, groups = geometry
    flat = (1, stride), (0, padding), (1, dilation), groups
    Z, cache = batched_convolution_2d_forward(X[:, None], W[None], bias, geometry=flat)
    return Z[:, 0], cache


def batched_convolution_1d_backward(ybar: Array, cache: Any) -> Gradients:
    gradients = batched_convolution_2d_backward(ybar[:, None], cache)
    return {"X": gradients["X"][:, 0], "W": gradients["W"][0], "bias": gradients["bias"]}


BATCHED_CONVOLUTION: dict[str, Pair] = {
    "batched_convolution_1d": Pair(batched_convolution_1d_forward, batched_convolution_1d_backward),
    "batched_convolution_2d": Pair(batched_convolution_2d_forward, batched_convolution_2d_backward),
}
