"""Layer, batch and RMS normalisation, from centred values, with ε inside the root.

Float16 is widened, as frameworks do it: beyond 256 its squares overflow.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .pairs import Array, Gradients, Pair, ValueAndCache


def wide(x: Array) -> Array:
    """X in float32 at least."""
    return x.astype(np.promote_types(x.dtype, np.float32), copy=False)


def divided_by_root(x: Array, eps: float, axis: int) -> tuple[Array, Array]:
    """X over the root of its mean square plus ε, and one over that root."""
    inverse = 1 / np.sqrt(np.mean(x * x, axis=axis, keepdims=True) + eps)
    return x * inverse, inverse


def divided_by_root_backward(xhatbar: Array, xhat: Array, inverse: Array, axis: int) -> Array:
    """Less the part along x̂, by which the root grows."""
    along = np.mean(xhatbar * xhat, axis=axis, keepdims=True)
    return inverse * (xhatbar - along * xhat)


def centred(x: Array, axis: int) -> Array:
    """X less its mean: a symmetric projection, and so its own pullback."""
    return x - np.mean(x, axis=axis, keepdims=True)


def layer_normalisation_forward(
    x: Array, scale: Array, shift: Array, *, eps: float
) -> ValueAndCache:
    """γ ∘ x̂ + β over the last axis; caches γ, x̂ and one over the deviation."""
    xhat, inverse = divided_by_root(centred(wide(x), -1), eps, -1)
    return (scale * xhat + shift).astype(x.dtype), (scale, xhat, inverse)


def layer_normalisation_backward(ybar: Array, cache: Any) -> Gradients:
    scale, xhat, inverse = cache
    rows = tuple(range(ybar.ndim - 1))
    xbar = centred(divided_by_root_backward(scale * wide(ybar), xhat, inverse, -1), -1)
    return {
        "x": xbar.astype(ybar.dtype),
        "scale": np.sum(ybar * xhat, axis=rows).astype(ybar.dtype),
        "shift": np.sum(wide(ybar), axis=rows).astype(ybar.dtype),
    }


def batch_normalisation_forward(
    X: Array, scale: Array, shift: Array, *, eps: float
) -> ValueAndCache:
    """γ ∘ X̂ + β over the first axis, on (batch, channels); caches γ, X̂ and 1/deviation."""
    Xhat, inverse = divided_by_root(centred(wide(X), 0), eps, 0)
    return (scale * Xhat + shift).astype(X.dtype), (scale, Xhat, inverse)


def batch_normalisation_backward(ybar: Array, cache: Any) -> Gradients:
    scale, Xhat, inverse = cache
    Xbar = centred(divided_by_root_backward(scale * wide(ybar), Xhat, inverse, 0), 0)
    return {
        "X": Xbar.astype(ybar.dtype),
        "scale": np.sum(ybar * Xhat, axis=0).astype(ybar.dtype),
        "shift": np.sum(wide(ybar), axis=0).astype(ybar.dtype),
    }


def batch_normalisation_of_images_forward(
    X: Array, scale: Array, shift: Array, *, eps: float
) -> ValueAndCache:
    """The same on (batch, channels, height, width), each pixel a row of the batch."""
    n, c, h, w = X.shape
    pixels = np.moveaxis(X, 1, -1).reshape(n * h * w, c)
    Y, cache = batch_normalisation_forward(pixels, scale, shift, eps=eps)
    return np.moveaxis(np.reshape(Y, (n, h, w, c)), -1, 1), cache


def batch_normalisation_of_images_backward(ybar: Array, cache: Any) -> Gradients:
    n, c, h, w = ybar.shape
    pixels = np.moveaxis(ybar, 1, -1).reshape(n * h * w, c)
    gradients = batch_normalisation_backward(pixels, cache)
    Xbar = np.moveaxis(gradients["X"].reshape(n, h, w, c), -1, 1)
    return {**gradients, "X": Xbar}


def rms_normalisation_forward(x: Array, scale: Array, *, eps: float) -> ValueAndCache:
    """γ ∘ x̂ for x over its root mean square; caches γ, x̂ and one over that root."""
    xhat, inverse = divided_by_root(wide(x), eps, -1)
    return (scale * xhat).astype(x.dtype), (scale, xhat, inverse)


def rms_normalisation_backward(ybar: Array, cache: Any) -> Gradients:
    scale, xhat, inverse = cache
    return {
        "x": divided_by_root_backward(scale * wide(ybar), xhat, inverse, -1).astype(ybar.dtype),
        "scale": np.sum(ybar * xhat, axis=tuple(range(ybar.ndim - 1))).astype(ybar.dtype),
    }


NORMALISATION: dict[str, Pair] = {
    "layer_normalisation": Pair(layer_normalisation_forward, layer_normalisation_backward),
    "batch_normalisation": Pair(batch_normalisation_forward, batch_normalisation_backward),
    "batch_normalisation_of_images": Pair(
        batch_normalisation_of_images_forward, batch_normalisation_of_images_backward
    ),
    "rms_normalisation": Pair(rms_normalisation_forward, rms_normalisation_backward),
}
