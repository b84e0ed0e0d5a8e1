"""Gaussian log-likelihood by Cholesky, which takes no float16, and an affine coupling flow."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .pairs import Array, Gradients, Pair, ValueAndCache


def gaussian_log_likelihood_forward(x: Array, mu: Array, S: Array) -> ValueAndCache:
    """−½ wᵀw − Σ log diag L − ½ n log 2π for S = LLᵀ and Lw = x − μ; caches L⁻¹ and w."""
    L = np.linalg.cholesky(S)
    inverse = np.linalg.inv(L)
    w = np.linalg.solve(L, x - mu)
    constant = 0.5 * x.size * math.log(2 * math.pi)
    return -0.5 * np.dot(w, w) - np.sum(np.log(np.diag(L))) - constant, (inverse, w)


def gaussian_log_likelihood_backward(ybar: Array, cache: Any) -> Gradients:
    """By v = S⁻¹(x − μ) = L⁻ᵀw: ½ (vvᵀ − S⁻¹) for S, where wwᵀ would overflow first."""
    inverse, w = cache
    v = w @ inverse
    u = ybar * v
    return {"x": -u, "mu": u, "S": np.outer(0.5 * u, v) - 0.5 * ybar * (inverse.T @ inverse)}


def affine_coupling_flow_forward(x1: Array, x2: Array, W: Array, c: Array) -> ValueAndCache:
    """−½ |y|² + Σ s with y = (x₁, x₂ ∘ e^s) and s = Wx₁ + c; caches y₂ and e^s."""
    s = W @ x1 + c
    e = np.exp(s)
    y2 = x2 * e
    return np.sum(s) - 0.5 * (np.dot(x1, x1) + np.dot(y2, y2)), (x1, W, e, y2)


def affine_coupling_flow_backward(ybar: Array, cache: Any) -> Gradients:
    x1, W, e, y2 = cache
    y2bar = -ybar * y2
    sbar = ybar + y2bar * y2
    return {
        "x1": sbar @ W - ybar * x1,
        "x2": y2bar * e,
        "W": np.outer(sbar, x1),
        "c": sbar,
    }


LIKELIHOOD: dict[str, Pair] = {
    "gaussian_log_likelihood": Pair(
        gaussian_log_likelihood_forward, gaussian_log_likelihood_backward
    ),
    "affine_coupling_flow": Pair(affine_coupling_flow_forward, affine_coupling_flow_backward),
}
