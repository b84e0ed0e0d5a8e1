"""Losses: cross-entropy in three forms, binary cross-entropy with logits, mean-squared error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .activations import logistic
from .pairs import Array, Gradients, Pair, ValueAndCache
from .softmax import normalised

REDUCTIONS: dict[str, Callable[..., Any]] = {"mean": np.mean, "sum": np.sum}


def cross_entropy_forward(s: Array, y: Array) -> ValueAndCache:
    """−Σ y log s of probabilities s and a target distribution y; caches log s."""
    logs = np.log(s)
    return -np.sum(y * logs, axis=-1), (s, y, logs)


def cross_entropy_backward(ybar: Array, cache: Any) -> Gradients:
    s, y, logs = cache
    descent = -ybar[..., None]
    return {"s": descent * (y / s), "y": descent * logs}


def softmax_cross_entropy_forward(z: Array, y: Array) -> ValueAndCache:
    """Cross-entropy of logits z; caches the probabilities s and their logarithms."""
    logs, s = normalised(z)
    return -np.sum(y * logs, axis=-1), (s, y, logs)


def softmax_cross_entropy_backward(ybar: Array, cache: Any) -> Gradients:
    s, y, logs = cache
    return {"z": ybar[..., None] * (s - y), "y": -(ybar[..., None] * logs)}


def softmax_cross_entropy_by_index_forward(z: Array, t: Array) -> ValueAndCache:
    """Cross-entropy of the rows of z with classes t; caches the probabilities."""
    logs, s = normalised(z)
    return -logs[np.arange(t.size), t], (s, t)


def softmax_cross_entropy_by_index_backward(ybar: Array, cache: Any) -> Gradients:
    s, t = cache
    zbar = s.copy()
    zbar[np.arange(t.size), t] -= 1
    zbar *= ybar[:, None]
    return {"z": zbar}


def binary_cross_entropy_with_logits_forward(z: Array, y: Array) -> ValueAndCache:
    """max(0, z) − z y + log(1 + e^(−|z|)); caches σ(z)."""
    s, _ = logistic(z)
    return np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))), (z, y, s)


def binary_cross_entropy_with_logits_backward(ybar: Array, cache: Any) -> Gradients:
    z, y, s = cache
    return {"z": ybar * (s - y), "y": -(ybar * z)}


def mean_squared_error_forward(x: Array, y: Array, *, reduction: str) -> ValueAndCache:
    """Mean or sum of (x − y)²; caches the residual, scaled to the gradient per unit cotangent."""
    r = x - y
    weight = 2 / r.size if reduction == "mean" else 2
    return REDUCTIONS[reduction](r * r), weight * r


def mean_squared_error_backward(ybar: Array, slope: Array) -> Gradients:
    xbar = ybar * slope
    return {"x": xbar, "y": -xbar}


LOSSES: dict[str, Pair] = {
    "cross_entropy": Pair(cross_entropy_forward, cross_entropy_backward),
    "softmax_cross_entropy": Pair(softmax_cross_entropy_forward, softmax_cross_entropy_backward),
    "softmax_cross_entropy_by_index": Pair(
        softmax_cross_entropy_by_index_forward, softmax_cross_entropy_by_index_backward
    ),
    "binary_cross_entropy_with_logits": Pair(
        binary_cross_entropy_with_logits_forward, binary_cross_entropy_with_logits_backward
    ),
    "mean_squared_error": Pair(mean_squared_error_forward, mean_squared_error_backward),
}
