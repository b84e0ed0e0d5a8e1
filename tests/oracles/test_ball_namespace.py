"""Every function of the array API over balls holds the exact result."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradient_conformance.oracles import ball_namespace as xp
from gradient_conformance.oracles.balls import BallArray, lift, mid, rad
from gradient_conformance.oracles.precision import precision
from gradient_conformance.tests.oracles import exact_numbers as exact
from gradient_conformance.tests.oracles.exact_numbers import all_hold, fractions, surely_holds

many = settings(max_examples=40, database=None, deadline=None, derandomize=True)


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers of an interval, but for those so small that the references cancel."""
    return st.floats(low, high).filter(lambda x: x == 0 or abs(x) > 1e-50)


UNARY: dict[str, tuple[Callable[..., Any], Callable[..., Any], float, float]] = {
    "exp": (xp.exp, exact.exp, -60, 60),
    "expm1": (xp.expm1, exact.expm1, -30, 30),
    "log": (xp.log, exact.log, 1e-6, 1e6),
    "log1p": (xp.log1p, exact.log1p, -0.999, 1e6),
    "sqrt": (xp.sqrt, exact.sqrt, 1e-6, 1e6),
    "tanh": (xp.tanh, exact.tanh, -20, 20),
    "erf": (xp.special.erf, exact.erf, -5, 5),
    "abs": (xp.abs, lambda x: abs(Fraction(x)), -1e6, 1e6),
}
"""Name: over balls, exactly, and the interval that it is tried on."""


@pytest.mark.parametrize("name", UNARY)
def test_function_of_one_number(name: str) -> None:
    over_balls, exactly, low, high = UNARY[name]
    points: list[bool] = []

    @many
    @given(numbers(low, high), st.sampled_from([24, 53, 150]))
    def holds(x: float, bits: int) -> None:
        with precision(bits):
            ball = over_balls(lift(x))
        right = exactly(x)
        assert ball.shape == ()
        assert surely_holds(ball.elements.item(), right)
        assert rad(ball) <= 2.0 ** (8 - bits) * max(abs(float(right)), 2.0**-60)
        points.append(surely_holds(ball.elements.item().mid(), right))

    holds()
    if name != "abs":  # a ball without its radius is caught
        assert not all(points)


@pytest.mark.parametrize("name", UNARY)
def test_function_of_a_wide_ball_holds_every_result(name: str) -> None:
    over_balls, exactly, low, high = UNARY[name]

    @many
    @given(numbers(low, high), st.floats(0, 0.5), st.floats(-1, 1))
    def holds(x: float, r: float, i: float) -> None:
        radius = min(abs(x) * r, abs(x - low), abs(high - x))
        with precision(53):
            ball = over_balls(lift(x, radius))
        inside = Fraction(x) + Fraction(radius) * (Fraction(i) if abs(i) > 1e-3 else 0)
        if ball.elements.item().is_finite():
            assert surely_holds(ball.elements.item(), exactly(inside))

    holds()


@many
@given(numbers(-60, 60), numbers(-60, 60), st.floats(0, 1e-3))
def test_logaddexp(x: float, y: float, r: float) -> None:
    with precision(53):
        assert surely_holds(xp.logaddexp(lift(x), lift(y)).elements.item(), exact.logaddexp(x, y))
        wide = xp.logaddexp(lift(x, r), lift(y, r)).elements.item()
    for i, j in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        ends = Fraction(x) + i * Fraction(r), Fraction(y) + j * Fraction(r)
        assert surely_holds(wide, exact.logaddexp(*ends))


def test_logaddexp_far_apart() -> None:
    with precision(53):
        assert mid(xp.logaddexp(lift(-1e30), lift(1e30))) == pytest.approx(1e30)
        assert rad(xp.logaddexp(lift([1e4, 0.0]), lift(0.0))).max() < 1e-11


@pytest.mark.parametrize(("function", "x"), [(xp.log, 0.0), (xp.log, -1.0), (xp.sqrt, -1.0)])
def test_outside_the_domain_is_no_number(function: Callable[..., Any], x: float) -> None:
    with precision(53):
        result = function(lift([x, 4.0]))
        assert np.isinf(rad(result)[0])
        assert np.isfinite(rad(result)[1])
        assert np.isinf(rad(function(lift(0.5, 1.0))))


REDUCTIONS: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "sum": (xp.sum, lambda entries: sum(entries, Fraction(0))),
    "prod": (xp.prod, lambda entries: math.prod(entries, start=Fraction(1))),
    "mean": (xp.mean, lambda entries: sum(entries, Fraction(0)) / len(entries)),
    "max": (xp.max, max),
    "min": (xp.min, min),
}


def reduced(x: np.ndarray, axes: tuple[int, ...], function: Callable[..., Any]) -> np.ndarray:
    """Reduce an array of fractions over some axes, kept with size 1."""
    result = np.empty([1 if i in axes else n for i, n in enumerate(x.shape)], object)
    for position in np.ndindex(*result.shape):
        block = x[tuple(slice(None) if i in axes else k for i, k in enumerate(position))]
        result[position] = function(list(block.flat))
    return result


@pytest.mark.parametrize("name", REDUCTIONS)
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("shape", [(3,), (2, 3), (2, 1, 3)])
def test_reduction(name: str, keepdims: bool, shape: tuple[int, ...]) -> None:
    over_balls, exactly = REDUCTIONS[name]
    x = np.random.default_rng(0).standard_normal(shape)
    for axis in (*range(-len(shape), len(shape)), *([None] if len(shape) == 1 else [])):
        axes = tuple(range(len(shape))) if axis is None else (axis % len(shape),)
        right = reduced(fractions(x), axes, exactly)
        with precision(53):
            result = over_balls(lift(x), axis=axis, keepdims=keepdims)
        assert result.shape == (right.shape if keepdims else np.squeeze(right, axes).shape)
        assert all_hold(BallArray(result.elements.reshape(right.shape)), right)


@pytest.mark.parametrize("name", ["sum", "prod", "mean"])
@pytest.mark.parametrize("axis", [None, (0, 1), (0, -1), (-1, 1)])
def test_reduction_over_several_axes(name: str, axis: tuple[int, ...] | None) -> None:
    over_balls, exactly = REDUCTIONS[name]
    x = np.random.default_rng(0).standard_normal((2, 3, 2))
    axes = (0, 1, 2) if axis is None else tuple(a % 3 for a in axis)
    right = reduced(fractions(x), axes, exactly)
    with precision(53):
        result = over_balls(lift(x), axis=axis)
    assert result.shape == np.squeeze(right, axes).shape
    assert all_hold(BallArray(result.elements.reshape(right.shape)), right)


def test_reduction_of_nothing() -> None:
    with precision(53):
        empty = lift(np.zeros((0, 3)))
        assert mid(xp.sum(empty, axis=0)).tolist() == [0, 0, 0]
        assert mid(xp.prod(empty, axis=0)).tolist() == [1, 1, 1]
        assert xp.sum(empty, axis=1).shape == xp.max(empty, axis=1).shape == (0,)
        assert mid(xp.sum(empty)) == 0
        assert np.isinf(rad(xp.mean(empty)))
        assert mid(xp.sum(lift(3.0))) == 3


def test_maximum_of_balls_that_overlap_holds_both() -> None:
    with precision(53):
        top = xp.max(lift([1.0, 1.5], [1.0, 0.25])).elements.item()
        bottom = xp.min(lift([1.0, 1.5], [1.0, 0.25])).elements.item()
    for x, y in ((2, 1.25), (2, 1.75), (0, 1.25), (0, 1.75)):
        assert surely_holds(top, Fraction(max(x, y)))
        assert surely_holds(bottom, Fraction(min(x, y)))


def test_where_chooses_and_takes_the_hull_where_it_cannot() -> None:
    with precision(53):
        x = lift([-1.0, 0.1, 1.0], [0.0, 0.5, 0.0])
        chosen = xp.where(x > 0, lift([1.0, 2.0, 3.0]), -5.0)
    assert mid(chosen)[[0, 2]].tolist() == [-5.0, 3.0]
    assert rad(chosen)[[0, 2]].tolist() == [0.0, 0.0]
    for inside in (-5, 2, 0):
        assert surely_holds(chosen.elements[1], inside)
    assert not surely_holds(chosen.elements[1], 3)


def test_where_with_masks_and_broadcasting() -> None:
    mask = np.array([[True], [False]])
    with precision(53):
        chosen = xp.where(mask, lift([1.0, 2.0]), 0)
        assert xp.where(np.zeros((0, 2), bool), lift(1.0), lift(2.0)).shape == (0, 2)
    assert mid(chosen).tolist() == [[1, 2], [0, 0]]


def test_between_indices_the_choice_is_of_indices() -> None:
    t = np.array([3, -1, 2])
    chosen = xp.where(t >= 0, t, xp.zeros_like(t))
    assert chosen.dtype.kind == "i"
    assert chosen.tolist() == [3, 0, 2]


def test_constant_is_the_midpoint_exactly() -> None:
    x = lift([0.1, 2.0], 0.5)
    with precision(53):
        assert mid(xp.constant(x)).tolist() == [0.1, 2.0]
        assert rad(xp.constant(x)).tolist() == [0, 0]
        assert np.all(rad(x - xp.constant(x)) >= 0.5)


def test_pi() -> None:
    right = Fraction(exact.pi())
    for bits in (24, 53, 200):
        with precision(bits):
            for ball, number in (
                (2 * xp.pi, 2 * right),
                (xp.pi * lift(0.5), right / 2),
                (xp.pi / 4, right / 4),
                (1 / xp.pi, 1 / right),
                ((2 * xp.pi) ** 0.5, exact.sqrt(2 * right)),
            ):
                # 80 digits of π are known, far more than 200 bits
                assert surely_holds(ball.elements.item(), number)
                assert rad(ball) < 2.0 ** (5 - bits)
                assert not surely_holds(ball.elements.item().mid(), number)


SHAPES: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "zeros": (lambda x: xp.zeros((2, 0)), lambda x: np.zeros((2, 0))),
    "ones": (lambda x: xp.ones((2, 3)), lambda x: np.ones((2, 3))),
    "zeros_like": (xp.zeros_like, np.zeros_like),
    "ones_like": (xp.ones_like, np.ones_like),
    "eye": (lambda x: xp.eye(3), lambda x: np.eye(3)),
    "eye of nothing": (lambda x: xp.eye(0), lambda x: np.eye(0)),
    "stack": (lambda x: xp.stack([x, x + 1]), lambda x: np.stack([x, x + 1])),
    "stack last": (lambda x: xp.stack([x, 0 * x], axis=-1), lambda x: np.stack([x, 0 * x], -1)),
    "stack scalars": (
        lambda x: xp.stack([xp.ones(()), 2 * xp.ones(())]),
        lambda x: np.array([1.0, 2.0]),
    ),
    "concat": (lambda x: xp.concat([x, x], axis=1), lambda x: np.concatenate([x, x], axis=1)),
    "reshape": (lambda x: xp.reshape(x, (3, 2)), lambda x: x.reshape(3, 2)),
    "broadcast_to": (lambda x: xp.broadcast_to(x, (2, 2, 3)), lambda x: np.stack([x, x])),
    "permute_dims": (lambda x: xp.permute_dims(x, (1, 0)), lambda x: x.T),
    "matrix_transpose": (xp.matrix_transpose, lambda x: x.T),
    "take": (lambda x: xp.take(x, np.array([1, 1, 0]), axis=0), lambda x: x[[1, 1, 0]]),
    "take_along_axis": (
        lambda x: xp.take_along_axis(x, np.array([[2], [0]]), axis=-1),
        lambda x: x[[0, 1], [2, 0]][:, None],
    ),
    "maximum": (lambda x: xp.maximum(x, 5 - x), lambda x: np.maximum(x, 5 - x)),
    "clip": (lambda x: xp.clip(x, 1.0, 3.0), lambda x: np.clip(x, 1.0, 3.0)),
    "sort": (lambda x: xp.sort(-x, axis=-1), lambda x: np.sort(-x, axis=-1)),
}


@pytest.mark.parametrize("name", SHAPES)
def test_function_that_moves_entries(name: str) -> None:
    over_balls, over_numpy = SHAPES[name]
    x = np.arange(6.0).reshape(2, 3)
    with precision(53):
        result, right = over_balls(lift(x)), over_numpy(x)
    assert np.array_equal(mid(result), right)
    assert np.all(rad(result) == 0)


def test_the_order_of_numbers_that_a_float64_cannot_tell_apart() -> None:
    with precision(200):
        x = lift(np.array([1.0, 1.0, 1.0, 0.0])) + lift(np.array([0.0, 2.0**-150, -(2.0**-150), 0]))
        assert xp.argsort(x).tolist() == [3, 2, 0, 1]
        assert xp.argmax(x) == 1
    assert xp.argsort(lift(np.array([2.0, 1.0, 1.0]))).tolist() == [1, 2, 0]
    assert xp.argsort(np.array([1, 0])).tolist() == [1, 0]


def test_indices_are_integers() -> None:
    assert xp.arange(4).tolist() == [0, 1, 2, 3]
    assert xp.arange(4).dtype.kind == "i"


def test_arrays_without_entries_or_dimensions() -> None:
    with precision(53):
        for over_balls, _, _, high in UNARY.values():
            assert over_balls(lift(np.zeros((2, 0)))).shape == (2, 0)
            assert over_balls(lift(np.full((1, 2), high / 2))).shape == (1, 2)
        assert xp.logaddexp(lift(np.zeros((3, 0))), lift(0.0)).shape == (3, 0)


def test_everything_promised_is_there_and_tried() -> None:
    beside = {"linalg", "special", "pi", "logaddexp", "where", "constant", "arange"}
    beside |= {"argsort", "argmax"}
    beside |= {"documented_rule"}  # see test_documented_rules.py
    tried = {name.split()[0] for name in SHAPES} | set(REDUCTIONS) | (set(UNARY) - {"erf"})
    assert set(xp.__all__) == tried | beside
    assert all(hasattr(xp, name) for name in xp.__all__)
