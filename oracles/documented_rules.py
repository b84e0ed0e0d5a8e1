"""Differentiating an identity inside another one by its documented gradient.

A framework that knows the derivative of sigmoid as σ(1 − σ) differentiates that rule for the second
derivative, and loses in it what the rule loses. Taylor series of the forward function may be better
conditioned, so that they alone would ask for too much.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from flint import arb_series

from .balls import BallArray, elementwise, has_series, leading, lift, once

_by_rule: list[bool] = [False]


@contextmanager
def documented_rules() -> Iterator[None]:
    """Inside the block, an identity that is used by another has its documented derivative."""
    _by_rule.append(True)
    try:
        yield
    finally:
        _by_rule.pop()


def documented_rule(
    identity: Any, xp: Any, arguments: Sequence[Any], parameters: Mapping[str, Any]
) -> BallArray:
    """The forward function of an identity over balls or series, differentiated as is set."""
    moved = {
        name: x
        for name, x in zip(identity.shapes, arguments, strict=True)
        if isinstance(x, BallArray) and has_series(x)
    }
    if not moved:
        return _value(identity, xp, arguments, parameters)
    if not _by_rule[-1]:
        value: BallArray = identity.forward(xp, *arguments, **parameters)
        return value
    given = dict(zip(identity.shapes, arguments, strict=True))
    at = {name: _leading(x) if name in moved else x for name, x in given.items()}
    value = identity.forward(xp, **at, **parameters)
    slope = np.empty(value.shape, object)
    for position in np.ndindex(value.shape):
        row = np.zeros(value.shape)
        row[position] = 1.0
        pulled = identity.pullback(xp, lift(row), **at, **parameters)
        terms = [xp.sum(pulled[name] * _slope(x)) for name, x in moved.items()]
        slope[position] = sum(terms[1:], terms[0]).elements.item()
    return BallArray(elementwise(lambda a, b: arb_series([a, b], 2), value.elements, slope))


def _leading(x: BallArray) -> BallArray:
    return BallArray(elementwise(leading, x.elements))


def _slope(x: BallArray) -> BallArray:
    return BallArray(
        elementwise(lambda e: e[1] if isinstance(e, arb_series) else e * 0, x.elements)
    )


def _value(
    identity: Any, xp: Any, arguments: Sequence[Any], parameters: Mapping[str, Any]
) -> BallArray:
    """The forward function over balls: gradients for several cotangents need it of one array."""

    def make() -> BallArray:
        value: BallArray = identity.forward(xp, *arguments, **parameters)
        return value

    first = arguments[0] if arguments else None
    if not isinstance(first, BallArray):
        return make()
    what = identity.name, *parameters.items()
    return once(what, first, make, tuple(arguments[1:]))
