"""Layers without a spatial axis: linear, matrix product, residual."""

from __future__ import annotations

from typing import Any

import numpy as np

from .pairs import Array, Gradients, Pair, ValueAndCache


def linear_layer_forward(W: Array, x: Array, b: Array) -> ValueAndCache:
    """Wx + b on one vector; caches W and x."""
    return W @ x + b, (W, x)


def linear_layer_backward(ybar: Array, cache: Any) -> Gradients:
    W, x = cache
    return {"W": np.outer(ybar, x), "x": ybar @ W, "b": ybar.copy()}


def linear_layer_on_batch_forward(X: Array, W: Array, b: Array) -> ValueAndCache:
    """XWᵀ + b on the rows of X; caches X and W."""
    return X @ W.T + b, (X, W)


def linear_layer_on_batch_backward(ybar: Array, cache: Any) -> Gradients:
    X, W = cache
    return {"X": ybar @ W, "W": ybar.T @ X, "b": np.sum(ybar, axis=0)}


def matrix_product_forward(X: Array, W: Array) -> ValueAndCache:
    """XW; caches both."""
    return X @ W, (X, W)


def matrix_product_backward(ybar: Array, cache: Any) -> Gradients:
    X, W = cache
    return {"X": ybar @ W.T, "W": X.T @ ybar}


def residual_forward(X: Array, Z: Array) -> ValueAndCache:
    """X + Z; caches nothing."""
    return X + Z, None


def residual_backward(ybar: Array, _: None) -> Gradients:
    return {"X": ybar.copy(), "Z": ybar.copy()}


LAYERS: dict[str, Pair] = {
    "linear_layer": Pair(linear_layer_forward, linear_layer_backward),
    "linear_layer_on_batch": Pair(linear_layer_on_batch_forward, linear_layer_on_batch_backward),
    "matrix_product": Pair(matrix_product_forward, matrix_product_backward),
    "residual": Pair(residual_forward, residual_backward),
}
