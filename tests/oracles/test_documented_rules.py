"""An identity inside another is differentiated by its documented gradient, where that is set."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradient_conformance.identities.declaration import Identity
from gradient_conformance.oracles import ball_namespace as xp
from gradient_conformance.oracles.balls import lift, mid, rad
from gradient_conformance.oracles.documented_rules import documented_rule, documented_rules
from gradient_conformance.oracles.precision import precision
from gradient_conformance.oracles.taylor import jvp

X, Y = np.array([0.5, -2.0, 3.0]), np.array([2.0, 0.25, -1.0])


def product(documented: float) -> Identity:
    """x², times y; its documented gradient for x is that factor times x y, rightly 2."""
    return Identity(
        name="product",
        forward=lambda xp, x, y: x * x * y,
        tex="",
        shapes={"x": "n", "y": "n"},
        gradients={"x": "", "y": ""},
        sources=(),
        family="",
        pullback=lambda xp, ybar, x, y: {"x": documented * ybar * x * y, "y": ybar * x * x},
    )


def slope(identity: Identity, by_rule: bool, **directions: np.ndarray) -> Any:
    """J v of a function of its own that uses the identity, and triples it."""

    def outer(xp: Any, x: Any, y: Any) -> Any:
        return 3 * documented_rule(identity, xp, (x, y), {})

    with precision(100):
        at = {"x": lift(X), "y": lift(Y)}
        if not by_rule:
            return jvp(outer, at, directions)
        with documented_rules():
            return jvp(outer, at, directions)


@pytest.mark.parametrize("by_rule", [True, False])
def test_both_ways_give_the_derivative(by_rule: bool) -> None:
    v, w = np.array([1.0, -1.0, 2.0]), np.array([0.5, 4.0, 1.0])
    found = slope(product(2.0), by_rule, x=v, y=w)
    assert mid(found) == pytest.approx(3 * (2 * X * Y * v + X * X * w), rel=1e-14)
    assert rad(found).max() < 1e-25
    assert mid(slope(product(2.0), by_rule, y=w)) == pytest.approx(3 * X * X * w, rel=1e-14)


def test_by_the_rule_a_wrong_rule_shows() -> None:
    v = np.array([1.0, -1.0, 2.0])
    assert mid(slope(product(5.0), True, x=v)) == pytest.approx(15 * X * Y * v)
    assert mid(slope(product(5.0), False, x=v)) == pytest.approx(6 * X * Y * v)


def test_the_setting_ends_with_its_block() -> None:
    v = np.ones(3)
    slope(product(5.0), True, x=v)
    assert mid(slope(product(5.0), False, x=v)) == pytest.approx(6 * X * Y * v)


def test_balls_without_a_direction_are_only_evaluated() -> None:
    with precision(53), documented_rules():
        value = documented_rule(product(5.0), xp, (lift(X), lift(Y)), {})
    assert mid(value) == pytest.approx(X * X * Y)
