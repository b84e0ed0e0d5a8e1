"""Balls hold the exact result: every operator, lifting, precision, and a machine's range."""

from __future__ import annotations

import operator
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb, ctx
from hypothesis import given, settings
from hypothesis import strategies as st

from gradient_conformance.oracles import ball_namespace as xp
from gradient_conformance.oracles.balls import BallArray, ball_objects, lift, mid, rad
from gradient_conformance.oracles.machine import MACHINES
from gradient_conformance.oracles.precision import precision
from gradient_conformance.tests.oracles import exact_numbers as exact
from gradient_conformance.tests.oracles.exact_numbers import all_hold, fractions, surely_holds

NUMBERS = st.floats(-1e6, 1e6, allow_subnormal=False)
NOT_ZERO = NUMBERS.filter(lambda x: abs(x) > 1e-6)
PART = st.floats(-1, 1, allow_subnormal=False)
FLOAT32 = MACHINES["float32"]

OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "a + b": operator.add,
    "a - b": operator.sub,
    "a * b": operator.mul,
    "a / b": operator.truediv,
    "-a": lambda a, b: -a,
    "2 + a": lambda a, b: 2 + a,
    "2 - a": lambda a, b: 2 - a,
    "2 * a": lambda a, b: 2 * a,
    "2 / b": lambda a, b: 2 / b,
    "a ** 0": lambda a, b: a**0,
    "a ** 1": lambda a, b: a**1,
    "a ** 2": lambda a, b: a**2,
    "a ** 5": lambda a, b: a**5,
    "b ** -1": lambda a, b: b**-1,
    "b ** -2": lambda a, b: b**-2,
}

many = settings(max_examples=40, database=None, deadline=None, derandomize=True)


@pytest.mark.parametrize("name", OPERATORS)
def test_operator_on_exact_numbers(name: str) -> None:
    apply = OPERATORS[name]
    caught: list[bool] = []

    @many
    @given(st.lists(st.tuples(NUMBERS, NOT_ZERO), max_size=4), st.sampled_from([8, 24, 53, 200]))
    def holds(pairs: list[tuple[float, float]], bits: int) -> None:
        a, b = (np.array([pair[i] for pair in pairs]) for i in (0, 1))
        right = np.array([apply(Fraction(x), Fraction(y)) for x, y in pairs], object)
        with precision(bits):
            result = apply(lift(a), lift(b))
        assert all_hold(result, right)
        # the same interval, of radius 0: what a sloppy radius would let through
        points = [surely_holds(b.mid(), r) for b, r in zip(result.elements, right, strict=True)]
        caught.extend(not p for p in points)

    holds()
    assert any(caught) == (name != "a ** 0")


@pytest.mark.parametrize("name", OPERATORS)
def test_operator_on_wide_balls_holds_every_result(name: str) -> None:
    """Whichever numbers the operands' balls contain."""
    apply = OPERATORS[name]

    @many
    @given(NUMBERS, NOT_ZERO, st.floats(0, 0.9), st.floats(0, 0.9), PART, PART)
    def holds(x: float, y: float, r: float, s: float, i: float, j: float) -> None:
        rx, ry = abs(x) * r, abs(y) * s
        inside = Fraction(x) + Fraction(rx) * Fraction(i), Fraction(y) + Fraction(ry) * Fraction(j)
        with precision(24):
            result = apply(lift(x, rx), lift(y, ry))
        assert surely_holds(result.elements.item(), apply(*inside))

    holds()


@many
@given(st.just(0.0) | st.floats(1e-100, 1e6), st.floats(0, 0.9), PART)
def test_square_root(x: float, r: float, i: float) -> None:
    inside = Fraction(x) + Fraction(x * r) * Fraction(i)
    with precision(53):
        assert surely_holds((lift(x, x * r) ** 0.5).elements.item(), exact.sqrt(inside))


def test_other_powers() -> None:
    with precision(53):
        assert surely_holds((lift(9.0) ** 1.5).elements.item(), 27)
        assert surely_holds((lift(2.0) ** -0.5).elements.item(), exact.sqrt(0.5))
        assert not (lift(-2.0) ** 0.5).elements.item().is_finite()
        assert (lift(np.zeros((2, 0))) ** 3).shape == (2, 0)


def test_a_divisor_that_may_be_zero() -> None:
    with precision(53):
        result = lift([1.0, 1.0, 1.0]) / lift([0.0, 1.0, 2.0], [0.0, 1.5, 1.5])
    assert [b.is_finite() for b in result.elements] == [False, False, True]
    assert rad(result)[:2].tolist() == [np.inf, np.inf]


SIZES = st.integers(0, 4)


@many
@given(SIZES, SIZES, SIZES, st.integers(0, 999), st.booleans())
def test_matrix_product(m: int, k: int, n: int, seed: int, bare: bool) -> None:
    """Also with an empty inner dimension, and with a bare array for one operand."""
    rng = np.random.default_rng(seed)
    A, B = rng.standard_normal((m, k)), rng.standard_normal((k, n))
    right = np.empty((m, n), object)
    for i, j in np.ndindex(m, n):
        right[i, j] = sum(
            (Fraction(x) * Fraction(y) for x, y in zip(A[i], B[:, j], strict=True)), Fraction(0)
        )
    with precision(53):
        for result in (lift(A) @ (B if bare else lift(B)), (A if bare else lift(A)) @ lift(B)):
            assert result.shape == (m, n)
            assert all_hold(result, right)


@pytest.mark.parametrize(
    ("left", "right", "shape"), [((0,), (0,), ()), ((3,), (3,), ()), ((2, 3), (3,), (2,))]
)
def test_matrix_product_of_vectors(
    left: tuple[int, ...], right: tuple[int, ...], shape: tuple[int, ...]
) -> None:
    with precision(53):
        result = lift(np.ones(left)) @ lift(np.ones(right))
    assert result.shape == shape
    assert all_hold(result, left[-1])


def test_bare_arrays_and_numbers_as_operands() -> None:
    x = np.array([[0.1, -3.0], [2.0, 0.25]])
    y = np.array([0.3, 0.7])
    with precision(53):
        for result, right in (
            (x + lift(y), fractions(x) + fractions(y)),
            (lift(y) - x, fractions(y) - fractions(x)),
            (x * lift(y), fractions(x) * fractions(y)),
            (y / lift(x), fractions(y) / fractions(x)),
            (lift(x) * 0.1, fractions(x) * Fraction(0.1)),
        ):
            assert isinstance(result, BallArray)
            assert result.shape == (2, 2)
            assert all_hold(result, right)


def test_a_python_number_is_rounded_as_a_machine_would_store_it() -> None:
    """0.1 is not in float32, so its ball at 24 bits has a radius; 2 and 0.5 are exact."""
    with precision(24):
        zero = lift(0.0)
        assert rad(zero + 0.1) > 0
        assert rad(zero + 0.5) == 0
        assert rad(zero + 2) == 0
        assert surely_holds((zero + 0.1).elements.item(), Fraction(0.1))
        (stored,) = ball_objects(0.1).flat
        assert not stored.is_exact()
        assert surely_holds(stored, Fraction(0.1))


def test_arrays_without_dimensions() -> None:
    with precision(53):
        for result in (lift(2.0) + 1, lift([3.0])[0], -lift(1.0), lift(4.0) ** 0.5):
            assert result.shape == ()
            assert isinstance(result.elements, np.ndarray)


def test_arrays_without_entries() -> None:
    with precision(53):
        empty = lift(np.zeros((2, 0)))
        for result in (empty + 1, empty * empty, empty / empty, -empty, empty**2, empty**0.5):
            assert result.shape == (2, 0)
        assert empty.T.shape == (0, 2)
        assert mid(empty).shape == rad(empty).shape == (2, 0)


def test_shape_and_indexing() -> None:
    x = np.arange(24.0).reshape(2, 3, 4)
    balls = lift(x)
    assert (balls.shape, balls.ndim, len(balls)) == ((2, 3, 4), 3, 2)
    assert mid(balls.mT).tolist() == np.swapaxes(x, -1, -2).tolist()
    assert mid(balls[0].T).tolist() == x[0].T.tolist()
    for key in (1, (0, 2, 3), (..., None), (slice(None), slice(1, None)), (..., 0)):
        assert np.array_equal(mid(balls[key]), x[key])
    assert "BallArray" in repr(balls)


def test_lift() -> None:
    x = np.array([0.1, -2.0])
    balls = lift(x, np.array([0.0, 0.5]))
    assert mid(balls).tolist() == x.tolist()
    assert balls.elements[0].is_exact()
    assert rad(balls)[1] == pytest.approx(0.5, rel=1e-6)
    assert rad(balls)[1] >= 0.5
    assert rad(lift(x, 0.25))[0] >= 0.25
    assert lift(np.float16(0.1)).shape == ()


def test_a_ball_that_is_not_finite_has_no_radius() -> None:
    nan = BallArray(np.array([arb("nan"), arb(1)], object))
    assert rad(nan).tolist() == [np.inf, 0.0]
    assert np.isnan(mid(nan)[0])


def test_precision_is_put_back() -> None:
    before = ctx.prec, ctx.cap
    with precision(300):
        assert (ctx.prec, ctx.cap) == (300, 2)
        with precision(24):
            assert ctx.prec == 24
        assert ctx.prec == 300
    assert (ctx.prec, ctx.cap) == before
    with pytest.raises(KeyError), precision(300):
        raise KeyError
    assert (ctx.prec, ctx.cap) == before


def test_more_bits_give_narrower_balls() -> None:
    radii = []
    for bits in (8, 24, 53, 200):
        with precision(bits):
            radii.append(float(rad(lift(1.0) / 3)))
    assert radii == sorted(radii, reverse=True)
    assert radii[0] <= 2.0**-8
    assert radii[-1] < 1e-60


def test_a_faithful_library_may_return_the_neighbour() -> None:
    """Functions that IEEE 754 does not oblige to round correctly; + and √ it does."""
    u = FLOAT32.u
    with precision(24):
        rounded = [rad(xp.exp(lift(1.5))), rad(lift(1.5) + 2.0**-30), rad(lift(2.0) ** 0.5)]
        with precision(24, faithful=True):
            loose = [rad(xp.exp(lift(1.5))), rad(lift(1.5) + 2.0**-30), rad(lift(2.0) ** 0.5)]
        again = rad(xp.exp(lift(1.5)))
    assert loose[0] - rounded[0] == pytest.approx(u * np.exp(1.5), rel=1e-3)
    assert loose[1:] == rounded[1:]
    assert again == rounded[0]
