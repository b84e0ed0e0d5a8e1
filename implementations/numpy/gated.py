"""Gated activations. The two projections of geglu and swiglu are one product with [W V]."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .activations import gelu_forward, logistic
from .more_activations import silu_forward
from .pairs import Array, Gradients, Pair, ValueAndCache


def glu_forward(x: Array) -> ValueAndCache:
    """A ∘ σ(b) for the halves a and b of the last axis; caches σ(b) and a ∘ σ′(b)."""
    a, b = np.split(x, 2, axis=-1)
    s, steepness = logistic(b)
    return a * s, (s, a * steepness)


def glu_backward(ybar: Array, cache: Any) -> Gradients:
    s, slope = cache
    return {"x": np.concatenate([ybar * s, ybar * slope], axis=-1)}


def gated_forward(
    X: Array, W: Array, V: Array, activation: Callable[[Array], ValueAndCache]
) -> ValueAndCache:
    """φ(XW) ∘ XV; caches X, [W V], φ(XW) and φ′(XW) ∘ XV."""
    both = np.concatenate([W, V], axis=1)
    gate, value = np.split(X @ both, 2, axis=1)
    phi, slope = activation(gate)
    return phi * value, (X, both, phi, slope * value)


def gated_backward(ybar: Array, cache: Any) -> Gradients:
    X, both, phi, slope = cache
    bars = np.concatenate([ybar * slope, ybar * phi], axis=1)
    Wbar, Vbar = np.split(X.T @ bars, 2, axis=1)
    return {"X": bars @ both.T, "W": Wbar, "V": Vbar}


def geglu_forward(X: Array, W: Array, V: Array) -> ValueAndCache:
    """Gated by gelu."""
    return gated_forward(X, W, V, gelu_forward)


def swiglu_forward(X: Array, W: Array, V: Array) -> ValueAndCache:
    """Gated by silu."""
    return gated_forward(X, W, V, silu_forward)


GATED: dict[str, Pair] = {
    "glu": Pair(glu_forward, glu_backward),
    "geglu": Pair(geglu_forward, gated_backward),
    "swiglu": Pair(swiglu_forward, gated_backward),
}
