"""Scaled dot-product attention: one head under any mask, and its stages."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .pairs import Array, Gradients, Pair, ValueAndCache
from .shaping import summed_to
from .softmax import normalised, softmax_backward


def attention_forward(
    Q: Array, K: Array, V: Array, allowed: Array | None = None, B: Array | None = None
) -> ValueAndCache:
    """AV with A the softmax of QKᵀ/√d + B, −∞ where not allowed; caches A and the output too."""
    S = Q @ K.mT / math.sqrt(Q.shape[-1])
    if B is not None:
        S += B
    if allowed is not None:
        S[~allowed] = -np.inf
    _, A = normalised(S)
    output = A @ V
    return output, (Q, K, V, A, output)


def scores_bar(ybar: Array, cache: Any) -> Array:
    """S̄; the row sum of A ∘ Ā is that of O ∘ Ō, over the width of the values."""
    _, _, V, A, output = cache
    return A * (ybar @ V.mT - np.sum(output * ybar, axis=-1, keepdims=True))


def attention_backward(ybar: Array, cache: Any) -> Gradients:
    Q, K, _, A, _ = cache
    Sbar = scores_bar(ybar, cache) / math.sqrt(Q.shape[-1])
    return {"Q": Sbar @ K, "K": Sbar.mT @ Q, "V": A.mT @ ybar}


def attention_output_forward(A: Array, V: Array) -> ValueAndCache:
    """AV; caches both."""
    return A @ V, (A, V)


def attention_output_backward(ybar: Array, cache: Any) -> Gradients:
    A, V = cache
    return {"A": ybar @ V.T, "V": A.T @ ybar}


def attention_weights_forward(S: Array) -> ValueAndCache:
    """Scores to weights, by softmax; caches the weights."""
    _, A = normalised(S)
    return A, A


def attention_weights_backward(ybar: Array, A: Array) -> Gradients:
    return {"S": softmax_backward(ybar, A)["z"]}


def attention_scores_forward(Q: Array, K: Array) -> ValueAndCache:
    """QKᵀ/√d; caches both."""
    return Q @ K.T / math.sqrt(Q.shape[1]), (Q, K)


def attention_scores_backward(ybar: Array, cache: Any) -> Gradients:
    Q, K = cache
    scaled = ybar / math.sqrt(Q.shape[1])
    return {"Q": scaled @ K, "K": scaled.T @ Q}


def causal_attention_forward(Q: Array, K: Array, V: Array) -> ValueAndCache:
    """Attention to keys that are not later than the query."""
    n = Q.shape[0]
    return attention_forward(Q, K, V, np.tri(n, dtype=bool))


def masked_attention_forward(Q: Array, K: Array, V: Array, M: Array) -> ValueAndCache:
    """Attention under a boolean mask."""
    return attention_forward(Q, K, V, M)


def additive_mask_attention_forward(Q: Array, K: Array, V: Array, B: Array) -> ValueAndCache:
    """Attention with B added to the scores; caches the shape of B too."""
    output, cache = attention_forward(Q, K, V, B=B)
    return output, (B.shape, cache)


def additive_mask_attention_backward(ybar: Array, cache: Any) -> Gradients:
    shape, inner = cache
    return {**attention_backward(ybar, inner), "B": summed_to(shape, scores_bar(ybar, inner))}


ATTENTION: dict[str, Pair] = {
    "attention": Pair(attention_forward, attention_backward),
    "attention_output": Pair(attention_output_forward, attention_output_backward),
    "attention_weights": Pair(attention_weights_forward, attention_weights_backward),
    "attention_scores": Pair(attention_scores_forward, attention_scores_backward),
    "causal_attention": Pair(causal_attention_forward, attention_backward),
    "masked_attention": Pair(masked_attention_forward, attention_backward),
    "additive_mask_attention": Pair(
        additive_mask_attention_forward, additive_mask_attention_backward
    ),
}
