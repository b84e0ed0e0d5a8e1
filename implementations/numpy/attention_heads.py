"""Attention of several heads, and with projections."""

from __future__ import annotations

from typing import Any

import numpy as np

from .attention import attention_backward, attention_forward
from .pairs import Array, Gradients, Pair, ValueAndCache


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


def split(x: Array, heads: int) -> Array:
    """(n, H·d) as (H, n, d): the columns of each head by themselves."""
    return np.swapaxes(np.reshape(x, (x.shape[0], heads, x.shape[1] // heads)), 0, 1)


def joined(x: Array) -> Array:
    """(H, n, d) as (n, H·d), the heads side by side."""
    return np.reshape(np.swapaxes(x, 0, 1), (x.shape[1], x.shape[0] * x.shape[2]))


def multi_head_attention_forward(
    Q: Array, K: Array, V: Array, Wq: Array, Wk: Array, Wv: Array, Wo: Array, heads: int
) -> ValueAndCache:
    """The heads are one batch; caches their outputs side by side, and all that was given."""
    _, inner = attention_forward(*(split(x, heads) for x in (Q @ Wq, K @ Wk, V @ Wv)))
    O = joined(inner[-1])
    return O @ Wo, ((Q, K, V), (Wq, Wk, Wv), Wo, O, inner)


def multi_head_attention_backward(ybar: Array, cache: Any) -> Gradients:
    inputs, weights, Wo, O, inner = cache
    heads = len(inner[0])
    bars = [joined(bar) for bar in attention_backward(split(ybar @ Wo.T, heads), inner).values()]
    return {
        **{x: bar @ W.T for x, bar, W in zip("QKV", bars, weights, strict=True)},
        **{f"W{x}": X.T @ bar for x, bar, X in zip("qkv", bars, inputs, strict=True)},
        "Wo": O.T @ ybar,
    }


ATTENTION_HEADS: dict[str, Pair] = {
    "grouped_query_attention": Pair(
        grouped_query_attention_forward, grouped_query_attention_backward
    ),
    "self_attention": Pair(self_attention_forward, self_attention_backward),
    "multi_head_attention": Pair(multi_head_attention_forward, multi_head_attention_backward),
}
