"""Functions whose gradient's formula breaks down at one point: each is written so as not to."""

from __future__ import annotations

from typing import Any

import numpy as np

from .pairs import Array, Gradients, Pair, ValueAndCache


def euclidean_norm_forward(x: Array) -> ValueAndCache:
    """The length of each row, scaled so that no square overflows; caches x over it, 0 for 0."""
    largest = np.max(np.abs(x), axis=-1, keepdims=True)
    safe = np.where(largest > 0, largest, np.ones_like(largest))
    scaled = x / safe
    length = np.sqrt(np.sum(scaled * scaled, axis=-1, keepdims=True))
    unit = scaled / np.where(length > 0, length, np.ones_like(length))
    return (length * safe)[..., 0], unit


def euclidean_norm_backward(ybar: Array, unit: Array) -> Gradients:
    return {"x": ybar[..., None] * unit}


def square_root_forward(x: Array) -> ValueAndCache:
    """√x; caches it."""
    y = np.sqrt(x)
    return y, y


def square_root_backward(ybar: Array, y: Array) -> Gradients:
    with np.errstate(divide="ignore"):
        return {"x": ybar / (2 * y)}


def power_forward(x: Array, p: int) -> ValueAndCache:
    """X^p; caches the slope p x^(p − 1), for p = 0 zero."""
    return x**p, p * x ** (p - 1) if p else np.zeros_like(x)


def power_backward(ybar: Array, slope: Array) -> Gradients:
    return {"x": ybar * slope}


def xlogy_forward(x: Array, y: Array) -> ValueAndCache:
    """X log y; caches log y and x/y, which is 0 where x is."""
    with np.errstate(divide="ignore", invalid="ignore"):
        log = np.log(y)
        value = np.where(x == 0, np.zeros_like(x), x * log)
        return value, (log, np.where(x == 0, np.zeros_like(x), x / y))


def xlogy_backward(ybar: Array, cache: Any) -> Gradients:
    log, quotient = cache
    return {"x": ybar * log, "y": ybar * quotient}


def masked_quotient_forward(a: Array, b: Array, keep: Array) -> ValueAndCache:
    """a/b where kept; caches 1/b and the quotient there, both 0 elsewhere."""
    inverse = np.where(keep, 1 / np.where(keep, b, np.ones_like(b)), np.zeros_like(b))
    quotient = np.where(keep, a / np.where(keep, b, np.ones_like(b)), np.zeros_like(a))
    return quotient, (inverse, quotient)


def masked_quotient_backward(ybar: Array, cache: Any) -> Gradients:
    inverse, quotient = cache
    return {"a": ybar * inverse, "b": -(ybar * inverse) * quotient}


SINGULAR_POINTS: dict[str, Pair] = {
    "euclidean_norm": Pair(euclidean_norm_forward, euclidean_norm_backward),
    "square_root": Pair(square_root_forward, square_root_backward),
    "power": Pair(power_forward, power_backward),
    "xlogy": Pair(xlogy_forward, xlogy_backward),
    "masked_quotient": Pair(masked_quotient_forward, masked_quotient_backward),
}
