"""Faults of arithmetic: too few digits inside, overflow, and the wrong side of a kink."""

from __future__ import annotations

import math

import numpy as np

from ..identities.declaration import Identity
from ..oracles.machine import is_discrete
from .declaration import gradient_fault
from .kinds import of

SOFTMAXES = {
    "softmax": "z", "log_softmax": "z", "logsumexp": "z", "softmax_cross_entropy": "z",
    "softmax_cross_entropy_by_index": "z", "token_cross_entropy": "Z", "attention_weights": "S",
}  # fmt: skip
"""Functions that take a softmax along the last axis, and of what."""


@gradient_fault("float32 inside float64", dtypes=("float64",))
def single_precision_inside(call, g, name):
    """Every floating-point array goes in as float32, and the answer comes back as float64."""
    down = {k: x if is_discrete(x) else x.astype(np.float32) for k, x in call.arguments.items()}
    return call.gradient(name, arguments=down, ybar=call.ybar.astype(np.float32))


@gradient_fault("a sum is accumulated in 16 bits", dtypes=("float64", "float32"))
def accumulated_in_16_bits(call, g, name):
    """The gradients of two parts of the cotangent, each rounded to float16, and their sum."""
    first = np.arange(call.ybar.size).reshape(call.ybar.shape) % 2 == 0
    parts = (np.where(first, call.ybar, 0), np.where(first, 0, call.ybar))
    total = np.zeros(g.shape, np.float16)
    for part in parts:
        total = total + call.gradient(name, ybar=part.astype(call.ybar.dtype)).astype(np.float16)
    return total


def _of_softmax(identity: Identity, name: str | None) -> bool:
    return SOFTMAXES.get(identity.name) == name


@gradient_fault("softmax without the shift: e^z overflows", applies=_of_softmax,
                dtypes=("float64", "float32", "float16"))  # fmt: skip
def exponential_overflows(call, g, name):
    z, limit = call.arguments[name].astype(np.float64), math.log(_largest(g))
    over = np.max(z, axis=-1, keepdims=True) > limit
    return np.where(over, np.nan, g.astype(np.float64))


@gradient_fault("log of softmax, which underflows to log 0",
                applies=lambda identity, name: _of_softmax(identity, name)
                and identity.name not in ("softmax", "logsumexp", "attention_weights"))  # fmt: skip
def logarithm_of_softmax(call, g, name):
    z = call.arguments[name].astype(np.float64)
    smallest = math.log(_smallest(g))
    under = z - np.max(z, axis=-1, keepdims=True) < smallest
    return np.where(np.any(under, axis=-1, keepdims=True), np.nan, g.astype(np.float64))


def _largest(g: np.ndarray) -> float:
    import ml_dtypes

    return float(ml_dtypes.finfo(g.dtype).max)


def _smallest(g: np.ndarray) -> float:
    import ml_dtypes

    return float(ml_dtypes.finfo(g.dtype).smallest_normal)


@gradient_fault("not a number for a saturated input",
                applies=lambda identity, name: identity.family in (
                    "activations", "more_activations"))  # fmt: skip
def saturated_is_not_a_number(call, g, name):
    return np.where(np.abs(call.arguments[name].astype(np.float64)) > 20, np.nan, g)


def _has_kink(identity: Identity, name: str | None) -> bool:
    return name in identity.kinks


@gradient_fault("at a kink the slope is that of neither side, nor between", applies=_has_kink)
def wrong_branch_at_a_kink(call, g, name):
    """The slope above, and the difference of both slopes once more."""
    x = call.arguments[name].astype(np.float64)
    on = np.isin(x, call.identity.kinks[name])
    above, below = (
        call.gradient(name, arguments={name: (x + step).astype(g.dtype)}).astype(np.float64)
        for step in (0.5, -0.5)
    )
    return np.where(on, 2 * above - below, g.astype(np.float64))


@gradient_fault("the kink is a quarter too far", applies=_has_kink)
def kink_in_the_wrong_place(call, g, name):
    """Up to there the branch below holds."""
    x = call.arguments[name].astype(np.float64)
    past = np.zeros(x.shape, bool)
    for kink in call.identity.kinks[name]:
        past |= (x > kink) & (x < kink + 0.25)
    mirrored = np.where(past, x - 0.5, x).astype(g.dtype)
    return call.gradient(name, arguments={name: mirrored})


@gradient_fault("the gradient of a product as the product over the entry: 0/0 at zero",
                applies=of("hadamard_product", "broadcast_product"))  # fmt: skip
def product_divided_by_the_entry(call, g, name):
    value, _ = call.right()
    x = call.arguments[name].astype(np.float64)
    quotient = value.astype(np.float64) / x * call.ybar.astype(np.float64)
    lost = np.isnan(quotient) if quotient.shape == g.shape else np.broadcast_to(x == 0, g.shape)
    return np.where(lost, np.nan, g.astype(np.float64))


@gradient_fault("the cofactors by way of the inverse, which a singular matrix has not",
                applies=of("determinant_by_cofactors"))  # fmt: skip
def determinant_by_the_inverse(call, g, name):
    X = call.arguments[name].astype(np.float64)
    try:
        return call.ybar * np.linalg.det(X) * np.linalg.inv(X).T
    except np.linalg.LinAlgError:
        return np.full(g.shape, np.nan)
