"""A Jacobian in one evaluation is what Taylor series give, one direction at a time."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.laws import cases
from gradient_conformance.laws.search import all_cases
from gradient_conformance.laws.strategies import PROFILES
from gradient_conformance.oracles import ball_namespace, dual_linalg, dual_namespace
from gradient_conformance.oracles.balls import BallArray, lift, mid, rad
from gradient_conformance.oracles.differentiated import slopes_of
from gradient_conformance.oracles.dual_arrays import DualArray
from gradient_conformance.oracles.float_balls import FloatBalls, hull
from gradient_conformance.oracles.machine import MACHINES
from gradient_conformance.oracles.machine_range import RangeExceeded, following
from gradient_conformance.oracles.precision import precision
from gradient_conformance.oracles.taylor import jvp

WHOLE = [name for name, it in CATALOGUE.items() if it.gradients and not it.elementwise]
SINGLE = MACHINES["float32"]


@pytest.mark.parametrize("name", WHOLE)
def test_slopes_are_the_columns_of_taylor_series(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of series in which the largest logit is no constant, as it is none for a framework."""
    monkeypatch.setattr(ball_namespace, "constant", lambda x: x)
    identity = CATALOGUE[name]
    tried = all_cases(name, "float32", PROFILES["smoke"], 0)
    by_size = sorted((case for case in tried if case.size > 1), key=lambda case: case.size)
    chosen = next((case for case in by_size if case.size >= 12), by_size[-1])
    case = dataclasses.replace(chosen, regime="ordinary", injections=())
    expected = cases.expected(case, case.cotangent())
    with expected.arithmetic(bounded=True, keep_kinks=True) as balls:
        for wrt in identity.gradients:
            slopes = slopes_of(identity, balls, wrt, case.parameters, SINGLE.u)
            for row, position in enumerate(np.ndindex(balls[wrt].shape)):
                v = np.zeros(balls[wrt].shape)
                v[position] = 1.0
                along = {wrt: lift(v, SINGLE.u * v)}
                column = jvp(identity.forward, balls, along, **case.parameters)
                middle, radius = mid(column).ravel(), rad(column).ravel()
                found, allowed = slopes.middle[row], slopes.radius[row]
                assert np.all(np.abs(found - middle) <= allowed + radius)
                # As wide, but for terms that are added in another order.
                nothing = 1e3 * SINGLE.smallest
                assert np.all(allowed <= 4 * radius + nothing)
                assert np.all(radius <= 4 * allowed + nothing)


def moving(numbers: object) -> DualArray:
    """An array and its own Jacobian, the identity."""
    x = lift(np.array(numbers, np.float64))
    n = x.elements.size
    unit = np.eye(n).reshape(*x.shape, n)
    return DualArray(x, FloatBalls(unit, 0 * unit))


def jacobian_of(y: DualArray) -> np.ndarray:
    assert y.jacobian is not None
    return y.jacobian.middle


def test_the_namespace_has_what_the_one_of_balls_has() -> None:
    assert [n for n in ball_namespace.__all__ if not hasattr(dual_namespace, n)] == []
    with pytest.raises(AttributeError, match="cumsum"):
        _ = dual_namespace.cumsum


@pytest.mark.parametrize(
    ("function", "derivative"),
    [
        (lambda x: dual_namespace.sort(x), np.eye(3)[[1, 0, 2]]),
        (lambda x: dual_namespace.max(x), [0, 0, 1]),
        (lambda x: dual_namespace.min(x), [0, 1, 0]),
        (lambda x: dual_namespace.prod(x), [10, 20, 8]),
        (lambda x: dual_namespace.mean(x), [1 / 3, 1 / 3, 1 / 3]),
        (lambda x: dual_namespace.clip(x, 3.0, 9.0), np.diag([1, 0, 1])),
        (lambda x: 1 - x, -np.eye(3)),
        (lambda x: x @ x, [8, 4, 10]),
        (lambda x: dual_namespace.eye(3) @ x, np.eye(3)),
        (lambda x: dual_namespace.stack([x, 2 * x], axis=-1)[:, 1], 2 * np.eye(3)),
        (lambda x: x**2, np.diag([8, 4, 10])),
        (lambda x: dual_namespace.logaddexp(x, x), np.eye(3)),
        (lambda x: dual_namespace.expm1(dual_namespace.log1p(x)), np.eye(3)),
    ],
)
def test_rules(function: object, derivative: object) -> None:
    with precision(53), following(MACHINES["float64"]):
        y = function(moving([4.0, 2.0, 5.0]))  # type: ignore[operator]
    assert jacobian_of(y) == pytest.approx(np.array(derivative, float), abs=1e-14)


def test_what_does_not_move_has_no_jacobian() -> None:
    with precision(53), following(MACHINES["float64"]):
        x = moving([4.0, 2.0])
        assert dual_namespace.constant(x.value).jacobian is None
        assert (dual_namespace.pi * dual_namespace.ones(2)).jacobian is None
        assert jacobian_of(dual_namespace.pi * x) == pytest.approx(np.pi * np.eye(2))


def test_the_largest_logit_is_no_constant_for_a_framework() -> None:
    """Its entry gets 1 − Σp too, 0 but for the rounding of a sum of 39 terms."""
    case = cases.parse("logsumexp", "float32", "...=- n=39 regime=ordinary seed=28")
    expected = cases.expected(case, case.cotangent())
    z, ybar = case.arguments()["z"], abs(float(case.cotangent()))
    allowed = {level: expected.target("z", level) for level in ("in range", "differentiated")}
    largest = {level: float(t.tolerance[z.argmax()]) for level, t in allowed.items() if t}
    smallest = {level: float(t.tolerance[z.argmin()]) for level, t in allowed.items() if t}
    assert largest["in range"] < 39 * SINGLE.u * ybar < largest["differentiated"]
    assert largest["differentiated"] < 40 * 39 * SINGLE.u * ybar
    assert smallest["differentiated"] < 2 * smallest["in range"]


def test_the_determinant_of_a_singular_matrix() -> None:
    numbers = [[1.0, 2.0], [2.0, 4.0]]
    with precision(53), following(MACHINES["float64"]):
        found = jacobian_of(dual_linalg.det(moving(numbers)))
    assert found.tolist() == [4, -2, -2, 1]


def test_a_choice_that_is_not_known_is_the_hull_of_both() -> None:
    x = DualArray(BallArray(lift(0.0, 1.0).elements), FloatBalls(np.ones(1), np.zeros(1)))
    with precision(24), following(SINGLE):
        y = dual_namespace.where(x > 0, 3 * x, x)
    assert y.jacobian is not None
    assert (y.jacobian.middle.tolist(), y.jacobian.radius.min() >= 1) == ([2.0], True)


def test_hull_holds_both() -> None:
    found = hull(
        FloatBalls(np.array([0.0]), np.array([1.0])), FloatBalls(np.array([5.0]), np.array([0.5]))
    )
    assert (found.middle.tolist(), found.radius.tolist()) == ([2.25], [3.25])


@pytest.mark.parametrize(
    "function",
    [lambda x: x * 1e30 * 1e30, lambda x: 1 / (x - x), lambda x: dual_namespace.log(x - 1)],
)
def test_a_derivative_that_leaves_the_range_is_an_error(function: object) -> None:
    with precision(24), following(SINGLE), pytest.raises(RangeExceeded):
        function(moving([1.0]))  # type: ignore[operator]


def test_exact_operations_do_not_round() -> None:
    with precision(24), following(SINGLE):
        x = moving([3.0, 7.0])
        y = -(x * 1.0 + 0.0)
        assert y.jacobian is not None
        assert not y.jacobian.radius.any()
        z = (x * 0.1).jacobian
        assert z is not None
        assert z.radius[0, 0] > 0
