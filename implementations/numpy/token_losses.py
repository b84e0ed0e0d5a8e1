"""Cross-entropy of a language model, on the tokens that count."""

from __future__ import annotations

from typing import Any

import numpy as np

from .losses import REDUCTIONS
from .pairs import Array, Gradients, Pair, ValueAndCache
from .softmax import normalised


def token_cross_entropy_forward(Z: Array, y: Array, *, reduction: str) -> ValueAndCache:
    """Mean or sum of −log p at the index of each token, negative indices left out beforehand.

    Caches, for the tokens that count, their probabilities less one at the index: the gradient
    per unit cotangent of the sum.
    """
    counts = y >= 0
    index = y[counts]
    places = np.arange(index.size), index
    logs, slope = normalised(Z[counts])
    slope[places] -= 1
    number = index.size if reduction == "mean" else 1
    return REDUCTIONS[reduction](-logs[places]), (Z.shape, counts, slope, number)


def token_cross_entropy_backward(ybar: Array, cache: Any) -> Gradients:
    shape, counts, slope, number = cache
    Zbar = np.zeros(shape, slope.dtype)
    Zbar[counts] = ybar * slope / number
    return {"Z": Zbar}


TOKEN_LOSSES: dict[str, Pair] = {
    "token_cross_entropy": Pair(token_cross_entropy_forward, token_cross_entropy_backward),
}
