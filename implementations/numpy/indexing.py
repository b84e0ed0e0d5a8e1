"""Look-up, gather and scatter: ``numpy.add.at`` adds up where an index is repeated."""

from __future__ import annotations

from typing import Any

import numpy as np

from .pairs import Array, Gradients, Pair, ValueAndCache


def embedding_forward(W: Array, i: Array) -> ValueAndCache:
    """Rows of W by index; caches the shape of W and the indices."""
    return W[i], (W.shape, i)


def embedding_backward(ybar: Array, cache: Any) -> Gradients:
    shape, i = cache
    Wbar = np.zeros(shape, ybar.dtype)
    np.add.at(Wbar, i, ybar)
    return {"W": Wbar}


def gather_forward(X: Array, i: Array) -> ValueAndCache:
    """Entries of each row of X by index; caches the shape of X and the places in it."""
    places = np.arange(X.shape[0])[:, None], i
    return X[places], (X.shape, places)


def gather_backward(ybar: Array, cache: Any) -> Gradients:
    shape, places = cache
    Xbar = np.zeros(shape, ybar.dtype)
    np.add.at(Xbar, places, ybar)
    return {"X": Xbar}


def gather_in_columns_forward(X: Array, i: Array, axis: int) -> ValueAndCache:
    """Entries of each column of X by index; caches the shape of X and the places in it."""
    places = i, np.arange(X.shape[1])
    return X[places], (X.shape, places)


def scatter_add_forward(X: Array, i: Array, Z: Array) -> ValueAndCache:
    """Rows of X added to the rows of Z by index; caches the indices."""
    Y = Z.copy()
    np.add.at(Y, i, X)
    return Y, i


def scatter_add_backward(ybar: Array, i: Array) -> Gradients:
    return {"X": ybar[i], "Z": ybar.copy()}


INDEXING: dict[str, Pair] = {
    "embedding": Pair(embedding_forward, embedding_backward),
    "gather": Pair(gather_forward, gather_backward),
    "gather_in_columns": Pair(gather_in_columns_forward, gather_backward),
    "scatter_add": Pair(scatter_add_forward, scatter_add_backward),
}
