"""Element-wise activations: each backward function is one product with a cached slope."""

from __future__ import annotations

import math

import numpy as np

from .pairs import Array, Gradients, Pair, ValueAndCache

erfc = np.vectorize(math.erfc, otypes=[np.float64])
"""NumPy has no error function: Python's, entry by entry in float64."""

SATURATED = 22.0
"""Beyond ±22 the logistic function inside gelu_tanh is 0 or 1 to the last bit of a float64."""


def logistic(z: Array) -> tuple[Array, Array]:
    """σ(z) and its slope, from e^(−|z|): nothing overflows, and neither tail cancels."""
    e = np.exp(-np.abs(z))
    s = np.where(z < 0, e, np.ones_like(e)) / (1 + e)
    return s, e / ((1 + e) * (1 + e))


def sigmoid_forward(z: Array) -> ValueAndCache:
    """σ(z); caches the slope e^(−|z|) / (1 + e^(−|z|))²."""
    return logistic(z)


def sigmoid_backward(ybar: Array, slope: Array) -> Gradients:
    return {"z": ybar * slope}


def tanh_forward(z: Array) -> ValueAndCache:
    """Tanh z; caches it."""
    t = np.tanh(z)
    return t, t


def tanh_backward(ybar: Array, t: Array) -> Gradients:
    return {"z": ybar * ((1 - t) * (1 + t))}


def relu_forward(z: Array) -> ValueAndCache:
    """max(0, z); caches where z is positive."""
    return np.maximum(z, 0), z > 0


def relu_backward(ybar: Array, positive: Array) -> Gradients:
    return {"z": ybar * positive}


def gelu_forward(z: Array) -> ValueAndCache:
    """Z Φ(z) with Φ(z) = ½ erfc(−z/√2); caches the slope Φ(z) + z φ(z).

    Both are computed in float64, since the error function is.
    """
    x = z.astype(np.float64)
    distribution = 0.5 * erfc(-x / math.sqrt(2))
    density = np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)
    return (x * distribution).astype(z.dtype), (distribution + x * density).astype(z.dtype)


def gelu_backward(ybar: Array, slope: Array) -> Gradients:
    return {"z": ybar * slope}


def gelu_tanh_forward(z: Array) -> ValueAndCache:
    """Z σ(v) with v = √(8/π) (z + 0.044715 z³), for ½ (1 + tanh u) = σ(2u); caches the slope."""
    x = np.clip(z, -SATURATED, SATURATED)
    c = math.sqrt(8 / math.pi)
    s, steepness = logistic(c * x * (1 + 0.044715 * x * x))
    return z * s, s + z * steepness * (c * (1 + 3 * 0.044715 * x * x))


def gelu_tanh_backward(ybar: Array, slope: Array) -> Gradients:
    return {"z": ybar * slope}


def square_forward(X: Array) -> ValueAndCache:
    """X ∘ X; caches X."""
    return X * X, X


def square_backward(ybar: Array, X: Array) -> Gradients:
    return {"X": 2 * (ybar * X)}


ACTIVATIONS: dict[str, Pair] = {
    "sigmoid": Pair(sigmoid_forward, sigmoid_backward),
    "tanh": Pair(tanh_forward, tanh_backward),
    "relu": Pair(relu_forward, relu_backward),
    "gelu": Pair(gelu_forward, gelu_backward),
    "gelu_tanh": Pair(gelu_tanh_forward, gelu_tanh_backward),
    "square": Pair(square_forward, square_backward),
}
