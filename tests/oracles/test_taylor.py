"""Taylor series of every function of the namespace, against the derivative in closed form."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb_series
from hypothesis import given, settings
from hypothesis import strategies as st

from gradient_conformance.oracles import ball_namespace as xp
from gradient_conformance.oracles.balls import lift, mid, rad
from gradient_conformance.oracles.precision import precision
from gradient_conformance.oracles.taylor import along, derivative, jvp
from gradient_conformance.tests.oracles import exact_numbers as exact
from gradient_conformance.tests.oracles.exact_numbers import all_hold, fractions, surely_holds

many = settings(max_examples=40, database=None, deadline=None, derandomize=True)


def logistic(x: float) -> Fraction:
    return 1 / (1 + Fraction(exact.exp(-Fraction(x))))


def bell(x: float) -> Fraction:
    """2/√π e^(−x²), the derivative of erf."""
    root = Fraction(exact.sqrt(Fraction(exact.pi())))
    return 2 * Fraction(exact.exp(-(Fraction(x) ** 2))) / root


DERIVATIVES: dict[str, tuple[Callable[..., Any], Callable[[Any], Any], float, float]] = {
    "exp": (xp.exp, exact.exp, -50, 50),
    "expm1": (xp.expm1, exact.exp, -50, 50),
    "log": (xp.log, lambda x: 1 / x, 1e-3, 1e3),
    "log1p": (xp.log1p, lambda x: 1 / (1 + x), -0.9, 1e3),
    "sqrt": (xp.sqrt, lambda x: 1 / (2 * Fraction(exact.sqrt(x))), 1e-3, 1e3),
    "tanh": (xp.tanh, lambda x: 1 - Fraction(exact.tanh(x)) ** 2, -20, 20),
    "erf": (xp.special.erf, bell, -5, 5),
    "abs": (xp.abs, lambda x: 1 if x > 0 else -1, 1e-3, 1e3),
    "abs, negative": (xp.abs, lambda x: 1 if x > 0 else -1, -1e3, -1e-3),
    "logaddexp": (lambda x: xp.logaddexp(x, 0.0), logistic, -50, 50),
    "logaddexp, second": (lambda x: xp.logaddexp(lift(0.0), x), logistic, -50, 50),
    "-x": (lambda x: -x, lambda x: -1, -1e3, 1e3),
    "3 - x": (lambda x: 3 - x, lambda x: -1, -1e3, 1e3),
    "x * x + x": (lambda x: x * x + x, lambda x: 2 * x + 1, -1e3, 1e3),
    "1 / x": (lambda x: 1 / x, lambda x: -1 / x**2, 1e-3, 1e3),
    "x / (1 + x x)": (
        lambda x: x / (1 + x * x),
        lambda x: (1 - x * x) / (1 + x * x) ** 2,
        -100,
        100,
    ),
    "x ** 3": (lambda x: x**3, lambda x: 3 * x * x, -1e3, 1e3),
    "x ** 0": (lambda x: x**0, lambda x: 0, -1e3, 1e3),
    "x ** 0.5": (lambda x: x**0.5, lambda x: 1 / (2 * Fraction(exact.sqrt(x))), 1e-3, 1e3),
    "x ** -2": (lambda x: x**-2, lambda x: -2 / x**3, 1e-2, 1e3),
    "π x": (lambda x: xp.pi * x, lambda x: Fraction(exact.pi()), -1e3, 1e3),
    "constant": (xp.constant, lambda x: 0, -1e3, 1e3),
    "where": (lambda x: xp.where(x > 1, x * x, -x), lambda x: 2 * x if x > 1 else -1, -9, 9),
    "max": (lambda x: xp.max(xp.stack([x * x, -x]), axis=0), lambda x: 2 * x, 1e-3, 1e3),
    "min": (lambda x: xp.min(xp.stack([x * x, -x]), axis=0), lambda x: -1, 1e-3, 1e3),
    "sum": (lambda x: xp.sum(xp.stack([x, x, x * x])), lambda x: 2 + 2 * x, -1e3, 1e3),
    "prod": (lambda x: xp.prod(xp.stack([x, x, x])), lambda x: 3 * x * x, -1e3, 1e3),
    "mean": (lambda x: xp.mean(xp.stack([x, x * x])), lambda x: (1 + 2 * x) / 2, -1e3, 1e3),
}


@pytest.mark.parametrize("name", DERIVATIVES)
def test_derivative(name: str) -> None:
    function, closed_form, low, high = DERIVATIVES[name]

    @many
    @given(st.floats(low, high, allow_subnormal=False), st.floats(-2, 2, allow_subnormal=False))
    def holds(x: float, v: float) -> None:
        with precision(150):
            ball = derivative(function(along(np.array([x]), np.array([v])))).elements.item()
        right = Fraction(closed_form(Fraction(x))) * Fraction(v)
        # closed forms with a decimal in them are known to 80 digits, far closer than 150 bits
        assert surely_holds(ball, right)
        off = right + max(abs(right), Fraction(1, 10**9)) / 10**30
        assert not surely_holds(ball, off)

    holds()


def polynomial(xp: Any, x: Any, y: Any, n: np.ndarray, *, shift: float) -> Any:
    """x₀² y + shift·y x₁, an index that is no ball, and a parameter."""
    return xp.stack([x[0] * x[0] * y, (x[1] + shift) * y, xp.take_along_axis(x, n)[0]])


@many
@given(st.lists(st.floats(-100, 100, allow_subnormal=False), min_size=6, max_size=6))
def test_jvp_of_a_polynomial(numbers: list[float]) -> None:
    a, b, y, u, v, w = map(Fraction, numbers)
    arguments = {"x": lift(numbers[:2]), "y": lift(numbers[2]), "n": np.array([1])}
    directions = {"x": np.array(numbers[3:5]), "y": np.array(numbers[5])}
    with precision(150):
        both = jvp(polynomial, arguments, directions, shift=0.5)
        only_y = jvp(polynomial, arguments, {"y": directions["y"]}, shift=0.5)
        none = jvp(polynomial, arguments, {}, shift=0.5)
    half = Fraction(1, 2)
    assert all_hold(both, [2 * a * u * y + a * a * w, v * y + (b + half) * w, v])
    assert all_hold(only_y, [a * a * w, (b + half) * w, 0])
    assert all_hold(none, 0)


def test_matrix_products() -> None:
    rng = np.random.default_rng(0)
    A, x, V, v = (rng.standard_normal(s) for s in ((2, 3), (3,), (2, 3), (3,)))
    with precision(150):
        slope = jvp(lambda xp, A, x: A @ x, {"A": lift(A), "x": lift(x)}, {"A": V, "x": v})
    right = fractions(V) @ fractions(x) + fractions(A) @ fractions(v)
    assert all_hold(slope, right)


def test_along_and_its_constant_term() -> None:
    with precision(53):
        line = along(lift([1.0, 2.0]), np.array([0.5, 0.0]))
    assert [isinstance(s, arb_series) for s in line.elements] == [True, False]
    assert mid(line).tolist() == [1.0, 2.0]
    assert mid(derivative(line)).tolist() == [0.5, 0.0]


def test_shapes_are_kept() -> None:
    with precision(53):
        for shape in ((), (0,), (2, 0), (2, 3)):
            slope = jvp(lambda xp, x: x * x, {"x": lift(np.ones(shape))}, {"x": np.ones(shape)})
            assert slope.shape == shape
            assert np.all(mid(slope) == 2)


@pytest.mark.parametrize("function", [lambda s: 1 / s, lambda s: 3 / s / s, xp.log])
@pytest.mark.parametrize("x", [0.0, -0.0])
def test_a_pole_is_no_number_and_no_error(function: Callable[..., Any], x: float) -> None:
    with precision(53):
        value = function(along(np.array([x, 2.0]), np.array([1.0, 1.0])))
        assert np.isinf(rad(value)[0])
        assert np.isfinite(rad(value)[1])


@pytest.mark.parametrize(("function", "x"), [(xp.sqrt, 0.0), (xp.exp, np.nan)])
def test_no_derivative_is_no_number(function: Callable[..., Any], x: float) -> None:
    with precision(53):
        slope = derivative(function(along(np.array(x), np.array(1.0)))).elements.item()
    assert not slope.is_finite()
