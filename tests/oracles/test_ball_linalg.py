"""Linear algebra over balls, against fractions; over Taylor series, against derivatives."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gradient_conformance.oracles import ball_linalg as linalg
from gradient_conformance.oracles.balls import BallArray, lift, mid, rad
from gradient_conformance.oracles.precision import precision
from gradient_conformance.oracles.taylor import along, derivative
from gradient_conformance.tests.oracles import exact_numbers as exact
from gradient_conformance.tests.oracles.exact_numbers import all_hold, fractions, surely_holds

many = settings(max_examples=30, database=None, deadline=None, derandomize=True)
SIZE = st.integers(0, 4)


def drawn(n: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((n, n))


def rows(x: np.ndarray) -> list[list[Fraction]]:
    return [list(row) for row in fractions(x)]


def nilpotent(n: int) -> np.ndarray:
    """A singular matrix that is not symmetric, with zeros where elimination starts."""
    return np.diag(np.arange(1.0, n), k=1)


@many
@given(SIZE, st.integers(0, 999))
def test_determinant(n: int, seed: int) -> None:
    x = drawn(n, seed)
    with precision(53):
        result = linalg.det(lift(x))
    assert result.shape == ()
    assert surely_holds(result.elements.item(), exact.determinant(rows(x)))
    assert rad(result) < 1e-12 * max(1.0, abs(float(mid(result))))


def test_determinant_of_a_wide_ball_holds_every_determinant() -> None:
    rng = np.random.default_rng(0)
    x, r = drawn(3, 0), 0.05
    with precision(53):
        ball = linalg.det(lift(x, r)).elements.item()
    for _ in range(30):
        inside = x + rng.choice([-1, 1], x.shape) * r * 0.999
        assert surely_holds(ball, exact.determinant(rows(inside)))
    assert not surely_holds(ball, exact.determinant(rows(x + 10)))


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_determinant_of_a_singular_matrix(n: int) -> None:
    with precision(53):
        assert mid(linalg.det(lift(np.ones((n, n)) - (n == 1)))) == 0
        assert mid(linalg.det(lift(nilpotent(n)))) == 0


@many
@given(SIZE, st.integers(0, 999))
def test_inverse(n: int, seed: int) -> None:
    x = drawn(n, seed)
    with precision(53):
        result = linalg.inv(lift(x))
    assert result.shape == (n, n)
    assert all_hold(result, np.array(exact.inverse(rows(x)), object).reshape(n, n))


@pytest.mark.parametrize("x", [np.zeros((1, 1)), np.ones((2, 2)), nilpotent(3)])
def test_inverse_of_a_singular_matrix_is_no_number(x: np.ndarray) -> None:
    with precision(53):
        for balls in (lift(x), lift(x, 1e-3), lift(x + 1e-6 * np.eye(len(x)), 1e-3)):
            assert np.all(np.isinf(rad(linalg.inv(balls))))


@many
@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(-50, 50))
def test_eigenvalues_of_two_by_two(a: int, b: int, c: int) -> None:
    assume(a != c or b != 0)
    p, q, r = map(Fraction, (a, b, c))
    root = Fraction(exact.sqrt((p - r) ** 2 + 4 * q * q))
    with precision(100):
        low, high = sorted(
            linalg.eigvalsh(lift([[a, b], [b, c]])).elements, key=lambda ball: float(ball.mid())
        )
        # the square root is known to 80 digits, and 100 bits are 30
        doubt = arb(0, 1e-60)
        assert low.overlaps(exact.reference((p + r - root) / 2) + doubt)
        assert high.overlaps(exact.reference((p + r + root) / 2) + doubt)
    assert not low.overlaps(high)


@many
@given(SIZE, st.integers(0, 999))
def test_eigenvalues_add_up_to_the_trace_and_multiply_to_the_determinant(n: int, seed: int) -> None:
    x = drawn(n, seed)
    x = np.triu(x) + np.triu(x, 1).T
    with precision(100):
        values = linalg.eigvalsh(lift(x))
        total, product = lift(0.0), lift(1.0)
        for value in values.elements:
            total, product = total + BallArray(value), product * BallArray(value)
    assert values.shape == (n,)
    assert surely_holds(total.elements.item(), sum(np.diagonal(fractions(x)), Fraction(0)))
    assert surely_holds(product.elements.item(), exact.determinant(rows(x)))


def test_eigenvalues_that_coincide() -> None:
    with precision(100):
        values = linalg.eigvalsh(lift(2 * np.eye(3)))
    assert all_hold(values, 2)


def test_trace_outer_and_transpose() -> None:
    x = np.random.default_rng(0).standard_normal((2, 3, 3))
    a, b = x[0, 0], x[1, 0, :2]
    with precision(53):
        assert all_hold(linalg.trace(lift(x)), np.trace(fractions(x), axis1=1, axis2=2))
        assert all_hold(linalg.outer(lift(a), lift(b)), np.outer(fractions(a), fractions(b)))
        assert linalg.outer(lift(a), lift([])).shape == (3, 0)
        assert np.array_equal(mid(linalg.matrix_transpose(lift(x))), np.swapaxes(x, -1, -2))
        assert mid(linalg.trace(lift(np.zeros((0, 0))))) == 0
        assert linalg.trace(lift(np.zeros((0, 0)))).shape == ()
        assert mid(linalg.trace(lift(np.zeros((2, 0, 0))))).tolist() == [0, 0]


def slope(function: Callable[[Any], Any], x: np.ndarray, v: np.ndarray) -> BallArray:
    """Derivative along v, by series."""
    with precision(100):
        return derivative(function(along(x, v)))


def cofactors(x: np.ndarray) -> np.ndarray:
    """The exact gradient of the determinant."""
    n, r = len(x), rows(x)
    found = np.empty((n, n), object)
    for i, j in np.ndindex(n, n):
        minor = [[*row[:j], *row[j + 1 :]] for k, row in enumerate(r) if k != i]
        found[i, j] = (-1) ** (i + j) * exact.determinant(minor)
    return found


@many
@given(SIZE, st.integers(0, 999))
def test_derivative_of_the_determinant(n: int, seed: int) -> None:
    x, v = drawn(n, seed), drawn(n, seed + 1)
    right = (cofactors(x) * fractions(v)).sum() if n else 0
    assert surely_holds(slope(linalg.det, x, v).elements.item(), right)


@pytest.mark.parametrize(
    "x",
    [
        np.zeros((1, 1)),
        np.ones((2, 2)),
        np.ones((3, 3)),
        nilpotent(3),
        np.array([[1.0, 2, 3], [1, 2, 3], [0, 1, 5]]),
        np.array([[0.0, 2, 3], [0, 1, 5], [1, 1, 1]]),
        np.outer([1.0, 2, 3, 4], [1.0, 0, -1, 2]) + np.diag([1.0, 1, 0, 0]),
    ],
    ids=["zero", "ones 2", "ones 3", "nilpotent", "rank n − 1", "pivoting", "rank n − 1 of 4"],
)
def test_derivative_of_the_determinant_where_elimination_divides_by_zero(x: np.ndarray) -> None:
    v = drawn(len(x), 7)
    right = (cofactors(x) * fractions(v)).sum()
    assert surely_holds(slope(linalg.det, x, v).elements.item(), right)
    assert not surely_holds(slope(linalg.det, x, v).elements.item(), right + Fraction(1, 10**20))


@many
@given(SIZE, st.integers(0, 999))
def test_derivative_of_the_inverse(n: int, seed: int) -> None:
    """−X⁻¹ V X⁻¹."""
    x, v = drawn(n, seed), drawn(n, seed + 1)
    inverse = np.array(exact.inverse(rows(x)), object).reshape(n, n)
    assert slope(linalg.inv, x, v).shape == (n, n)
    if n:
        assert all_hold(slope(linalg.inv, x, v), -inverse @ fractions(v) @ inverse)


def test_derivatives_of_trace_and_outer_product() -> None:
    x, v = drawn(3, 0), drawn(3, 1)
    assert all_hold(slope(linalg.trace, x, v), np.trace(fractions(v)))
    a, d = x[0], v[0]
    product = np.outer(fractions(a), fractions(d))
    assert all_hold(slope(lambda s: linalg.outer(s, s), a, d), product + product.T)
