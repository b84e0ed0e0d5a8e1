"""The other activations that frameworks ship: smooth ones, exponential ones, piecewise linear."""

from __future__ import annotations

from typing import Any

import numpy as np

from .activations import logistic
from .pairs import Array, Gradients, Pair, ValueAndCache

SELU_SCALE = 1.0507009873554804934
SELU_ALPHA = 1.6732632423543772848


def slope_backward(ybar: Array, slope: Array) -> Gradients:
    """For every activation whose forward function caches its slope."""
    return {"z": ybar * slope}


def inside_backward(ybar: Array, inside: Array) -> Gradients:
    """For every activation of slope 1 that is clipped outside."""
    return {"z": ybar * inside}


def silu_forward(z: Array) -> ValueAndCache:
    """Z σ(z); caches the slope σ + z σ′."""
    s, steepness = logistic(z)
    return z * s, s + z * steepness


def softplus_forward(z: Array) -> ValueAndCache:
    """max(z, 0) + log(1 + e^(−|z|)); caches σ(z)."""
    s, _ = logistic(z)
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z))), s


def log_sigmoid_forward(z: Array) -> ValueAndCache:
    """min(z, 0) − log(1 + e^(−|z|)); caches σ(−z)."""
    s, _ = logistic(-z)
    return np.minimum(z, 0) - np.log1p(np.exp(-np.abs(z))), s


def mish_forward(z: Array) -> ValueAndCache:
    """Z t with t = tanh log(1 + e^z), a rational function of e = e^(−|z|); caches the slope.

    For z ≤ 0, t = (e² + 2e)/d with d = e² + 2e + 2 and t′ = 4e(1 + e)/d²; for z > 0 both are the
    same fractions, multiplied through by the powers of e^(−z).
    """
    e = np.exp(-np.abs(z))
    positive = z > 0
    top = np.where(positive, 1 + 2 * e, e * (e + 2))
    d = np.where(positive, 1 + 2 * e * (1 + e), e * (e + 2) + 2)
    t = top / d
    steepness = 4 * (1 + e) * np.where(positive, e * e, e) / (d * d)
    return z * t, t + z * steepness


def softsign_forward(z: Array) -> ValueAndCache:
    """Z / (1 + |z|); caches the slope 1 / (1 + |z|)²."""
    share = 1 / (1 + np.abs(z))
    return z * share, share * share


def elu_forward(z: Array, *, alpha: float) -> tuple[Array, Array]:
    """Z, or α (e^z − 1) where z is not positive; caches the slope."""
    e, decay = exponential_part(z)
    return np.where(z > 0, z, alpha * e), np.where(z > 0, decay, alpha * decay)


def selu_forward(z: Array) -> ValueAndCache:
    """λ times elu; caches the slope."""
    y, slope = elu_forward(z, alpha=SELU_ALPHA)
    return SELU_SCALE * y, SELU_SCALE * slope


def celu_forward(z: Array, *, alpha: float) -> ValueAndCache:
    """Z, or α (e^(z/α) − 1) where z is not positive; caches the slope."""
    e, decay = exponential_part(z / alpha)
    return np.where(z > 0, z, alpha * e), decay


def exponential_part(z: Array) -> tuple[Array, Array]:
    """e^z − 1 and e^z, both held at z = 0 for positive z."""
    below = np.minimum(z, 0)
    return np.expm1(below), np.exp(below)


def leaky_relu_forward(z: Array, *, slope: float) -> ValueAndCache:
    """Z, or less of it where z is not positive; caches where, and how much."""
    positive = z > 0
    return np.where(positive, z, slope * z), (positive, slope)


def leaky_relu_backward(ybar: Array, cache: Any) -> Gradients:
    positive, slope = cache
    return {"z": np.where(positive, ybar, slope * ybar)}


def relu6_forward(z: Array) -> ValueAndCache:
    """Z clipped to [0, 6]; caches where it is strictly inside."""
    return np.clip(z, 0, 6), (z > 0) & (z < 6)


def hard_tanh_forward(z: Array) -> ValueAndCache:
    """Z clipped to [−1, 1]; caches where it is strictly inside."""
    return np.clip(z, -1, 1), np.abs(z) < 1


def hard_sigmoid_forward(z: Array) -> ValueAndCache:
    """(z + 3)/6 clipped to [0, 1]; caches where z is strictly inside."""
    return np.clip(z + 3, 0, 6) / 6, np.abs(z) < 3


def hard_sigmoid_backward(ybar: Array, inside: Array) -> Gradients:
    return {"z": ybar * inside / 6}


def hard_swish_forward(z: Array) -> ValueAndCache:
    """Z h(z), h the piecewise linear sigmoid; caches the slope h + z h′."""
    h = np.clip(z + 3, 0, 6) / 6
    return z * h, h + z * (np.abs(z) < 3) / 6


MORE_ACTIVATIONS: dict[str, Pair] = {
    "silu": Pair(silu_forward, slope_backward),
    "softplus": Pair(softplus_forward, slope_backward),
    "log_sigmoid": Pair(log_sigmoid_forward, slope_backward),
    "mish": Pair(mish_forward, slope_backward),
    "softsign": Pair(softsign_forward, slope_backward),
    "elu": Pair(elu_forward, slope_backward),
    "selu": Pair(selu_forward, slope_backward),
    "celu": Pair(celu_forward, slope_backward),
    "leaky_relu": Pair(leaky_relu_forward, leaky_relu_backward),
    "relu6": Pair(relu6_forward, inside_backward),
    "hard_tanh": Pair(hard_tanh_forward, inside_backward),
    "hard_sigmoid": Pair(hard_sigmoid_forward, hard_sigmoid_backward),
    "hard_swish": Pair(hard_swish_forward, slope_backward),
}
