"""Softmax, log-softmax and log-sum-exp over the last axis; each caches the probabilities."""

from __future__ import annotations

import numpy as np

from .pairs import Array, Gradients, Pair, ValueAndCache


def normalised(z: Array) -> tuple[Array, Array]:
    """Log-probabilities and probabilities, from scores less the largest of their row."""
    shifted = z - np.max(z, axis=-1, keepdims=True)
    e = np.exp(shifted)
    total = np.sum(e, axis=-1, keepdims=True)
    return shifted - np.log(total), e / total


def softmax_forward(z: Array) -> ValueAndCache:
    """Scores to probabilities s; caches s."""
    _, s = normalised(z)
    return s, s


def softmax_backward(ybar: Array, s: Array) -> Gradients:
    weighted = s * ybar
    return {"z": weighted - s * np.sum(weighted, axis=-1, keepdims=True)}


def log_softmax_forward(z: Array) -> ValueAndCache:
    """Logarithm of softmax; caches the probabilities themselves."""
    return normalised(z)


def log_softmax_backward(ybar: Array, s: Array) -> Gradients:
    return {"z": ybar - s * np.sum(ybar, axis=-1, keepdims=True)}


def logsumexp_forward(z: Array) -> ValueAndCache:
    """Log Σ e^z; caches the probabilities, which are its gradient."""
    largest = np.max(z, axis=-1, keepdims=True)
    e = np.exp(z - largest)
    total = np.sum(e, axis=-1, keepdims=True)
    return np.squeeze(largest + np.log(total), axis=-1), e / total


def logsumexp_backward(ybar: Array, s: Array) -> Gradients:
    return {"z": ybar[..., None] * s}


SOFTMAX: dict[str, Pair] = {
    "softmax": Pair(softmax_forward, softmax_backward),
    "log_softmax": Pair(log_softmax_forward, log_softmax_backward),
    "logsumexp": Pair(logsumexp_forward, logsumexp_backward),
}
