"""Scaled dot-product attention: its stages, masks, shared heads and projections."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .pairs import Array, Gradients, Pair, ValueAndCache
from .softmax import normalised, softmax_backward


def attention_forward(Q: Array, K: Array, V: Array, allowed: Array | None = None) -> ValueAndCache:
    """AV with A the softmax of QKᵀ/√d, −∞ where not allowed; caches A and the output too."""
    S = Q @ K.mT / math.sqrt(Q.shape[-1])
    if allowed is not None:
        S[~allowed] = -np.inf
    _, A = normalised(S)
    output = A @ V
    return output, (Q, K, V, A, output)


def attention_backward(ybar: Array, cache: Any) -> Gradients:
    """The row sum of A ∘ Ā is that of O ∘ Ō, over the width of the values."""
    Q, K, V, A, output = cache
    along = np.sum(output * ybar, axis=-1, keepdims=True)
    Sbar = A * (ybar @ V.mT - along) / math.sqrt(Q.shape[-1])
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


def grouped_query_attention_forward(Q: Array, K: Array, V: Array) -> ValueAndCache:
    """Attention of h heads with g heads of keys and values.

    The queries of the heads that share a key head are rows of one matrix, so that the products
    with its transpose sum over those heads.
    """
    b, h, n, d = Q.shape
    g = K.shape[1]
    output, cache = attention_forward(np.reshape(Q, (b, g, h // g * n, d)), K, V)
    return np.reshape(output, (b, h, n, V.shape[-1])), cache


def grouped_query_attention_backward(ybar: Array, cache: Any) -> Gradients:
    Q, *_, output = cache
    gradients = attention_backward(np.reshape(ybar, output.shape), cache)
    return {**gradients, "Q": np.reshape(gradients["Q"], (*ybar.shape[:-1], Q.shape[-1]))}


def self_attention_forward(X: Array, Wq: Array, Wk: Array, Wv: Array) -> ValueAndCache:
    """Attention of X to itself, the three projections one product; caches X and [Wq Wk Wv]."""
    d = Wq.shape[1]
    W = np.concatenate([Wq, Wk, Wv], axis=1)
    Q, K, V = np.split(X @ W, [d, 2 * d], axis=1)
    output, cache = attention_forward(Q, K, V)
    return output, (X, W, d, cache)


def self_attention_backward(ybar: Array, cache: Any) -> Gradients:
    X, W, d, inner = cache
    bars = np.concatenate(list(attention_backward(ybar, inner).values()), axis=1)
    Wq, Wk, Wv = np.split(X.T @ bars, [d, 2 * d], axis=1)
    return {"X": bars @ W.T, "Wq": Wq, "Wk": Wk, "Wv": Wv}


ATTENTION: dict[str, Pair] = {
    "attention": Pair(attention_forward, attention_backward),
    "attention_output": Pair(attention_output_forward, attention_output_backward),
    "attention_weights": Pair(attention_weights_forward, attention_weights_backward),
    "attention_scores": Pair(attention_scores_forward, attention_scores_backward),
    "causal_attention": Pair(causal_attention_forward, attention_backward),
    "masked_attention": Pair(masked_attention_forward, attention_backward),
    "grouped_query_attention": Pair(
        grouped_query_attention_forward, grouped_query_attention_backward
    ),
    "self_attention": Pair(self_attention_forward, self_attention_backward),
}
