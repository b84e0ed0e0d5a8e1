"""What an ideal algorithm may lose, against condition numbers that are known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradient_conformance.identities import CATALOGUE, Identity
from gradient_conformance.identities.conditions import (
    Condition,
    nonzero,
    positive_definite,
    symmetric,
    unit_interval,
)
from gradient_conformance.laws.cases import Case, conditioning
from gradient_conformance.laws.shape_pool import shapes_of
from gradient_conformance.laws.strategies import static_choices
from gradient_conformance.oracles.conditioning import Conditioning
from gradient_conformance.oracles.expected import Expected
from gradient_conformance.oracles.machine import MACHINES
from gradient_conformance.tests.oracles.test_expected import expect

DTYPES = ["float64", "float32", "float16", "bfloat16"]


def of(
    function: Callable[..., Any],
    pullback: Callable[..., Any],
    x: Any,
    dtype: str = "float32",
    shape: str = "n",
    domain: tuple[Condition, ...] = (),
    ybar: Any = 1.0,
) -> Conditioning:
    """Of a function of x that no catalogue holds."""
    machine = MACHINES[dtype]
    identity = Identity("f", function, "f", {"x": shape}, {"x": "x"}, (), domain, pullback=pullback)
    arrays = {"x": machine.round(np.asarray(x, np.float64))}
    return Conditioning(Expected(identity, arrays, np.asarray(ybar, np.float64), {}, machine))


def exp(xp: Any, x: Any) -> Any:
    return xp.exp(x)


def exp_vjp(xp: Any, ybar: Any, x: Any) -> Any:
    return {"x": ybar * xp.exp(x)}


def log(xp: Any, x: Any) -> Any:
    return xp.log(x)


def log_vjp(xp: Any, ybar: Any, x: Any) -> Any:
    return {"x": ybar / x}


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_square_loses_two_roundings_beside_its_own(dtype: str) -> None:
    machine = MACHINES[dtype]
    found = Conditioning(expect("square", dtype, [3.0, -0.5], X=[1.5, -2.0]))
    for wrt, exact in ((None, [2.25, 4.0]), ("X", [9.0, 2.0])):
        wanted = 3 * machine.u * np.array(exact) + machine.smallest
        assert found.ideal(wrt) == pytest.approx(wanted, rel=0.01, abs=0)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("x", [0.0, 1.0, -20.0, 50.0])
def test_the_condition_of_exp_is_its_argument(dtype: str, x: float) -> None:
    u, found = MACHINES[dtype].u, of(exp, exp_vjp, [x], dtype, "...", ybar=[2.0])
    assert found.ideal(None) == pytest.approx((abs(x) + 1) * u * np.exp(x), rel=1e-4, abs=0)
    assert found.ideal("x") == pytest.approx((abs(x) + 2) * u * 2 * np.exp(x), rel=1e-4, abs=0)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_near_one_the_logarithm_has_few_digits(dtype: str) -> None:
    u, x = MACHINES[dtype].u, 1 + 2.0**-10
    found = of(log, log_vjp, [x], dtype, "...", ybar=[1.0])
    assert found.ideal(None) / np.log(x) == pytest.approx(1024 * u, rel=2e-3, abs=0)
    assert found.ideal("x") * x == pytest.approx(3 * u, rel=1e-3, abs=0)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_sum_that_cancels_has_no_more_than_its_terms(dtype: str) -> None:
    u, smallest = MACHINES[dtype].u, MACHINES[dtype].smallest
    found = of(
        lambda xp, x: xp.sum(x),
        lambda xp, ybar, x: {"x": ybar * xp.ones_like(x)},
        [1.0, -0.875],
        dtype,
    )
    assert float(found.ideal(None)) == pytest.approx(
        (1.875 + 0.125) * u + smallest, rel=1e-4, abs=0
    )
    assert found.ideal("x") == pytest.approx(np.full(2, 2 * u + smallest), rel=1e-4, abs=0)


def test_a_gradient_that_is_linear_moves_with_its_cotangent_alone() -> None:
    found = Conditioning(expect("identity_map", "float64", [[5.0]], X=[[7.0]]))
    assert found.ideal("X") == pytest.approx(np.full((1, 1), 10 * 2.0**-53), rel=1e-6, abs=0)


def test_of_a_formula_that_cancels_the_problem_alone_counts() -> None:
    """1 + tanh z is 2 e^(2z) for large negative z: its condition is 2 |z|, however computed."""
    found = of(lambda xp, x: 1 + xp.tanh(x), lambda xp, ybar, x: {"x": x}, [-30.0], shape="...")
    assert found.ideal(None) / (2 * np.exp(-60.0)) == pytest.approx(61 * 2.0**-24, rel=1e-4, abs=0)


def test_where_all_bits_cancel_more_are_taken() -> None:
    """At z = −300 the sum has no bit left at 200."""
    found = of(
        lambda xp, x: 1 + xp.tanh(x), lambda xp, ybar, x: {"x": x}, [-300.0], "float64", "..."
    )
    assert found.ideal(None) / (2 * np.exp(-600.0)) == pytest.approx(
        601 * 2.0**-53, rel=1e-4, abs=0
    )


def test_nothing_is_said_at_a_kink() -> None:
    found = Conditioning(expect("relu", "float32", [1.0, 1.0], z=[0.0, 1.0]))
    assert list(np.isnan(found.ideal("z"))) == [True, False]
    assert np.all(np.isfinite(found.ideal(None)))


def test_nothing_is_said_where_the_answer_is_not_finite() -> None:
    assert np.isnan(of(log, log_vjp, [-1.0], shape="...", ybar=[1.0]).ideal(None))


@pytest.mark.parametrize("condition", [symmetric, positive_definite])
def test_a_symmetric_matrix_stays_symmetric(condition: Callable[[str], Condition]) -> None:
    def asymmetry(xp: Any, x: Any) -> Any:
        return xp.sum((x - x.T) * (x - x.T))

    machine, S = MACHINES["float32"], [[3.0, 1.5, 0.5], [1.5, 4.0, -1.0], [0.5, -1.0, 5.0]]
    pullback = lambda xp, ybar, x: {"x": x}  # noqa: E731
    kept = of(asymmetry, pullback, S, shape="n n", domain=(condition("x"),))
    assert kept.ideal(None) == machine.smallest
    assert kept.ideal("x").min() > 1.5 * machine.u * 0.5  # and moves all the same
    assert of(asymmetry, pullback, S, shape="n n").ideal(None) > 2 * machine.smallest


@pytest.mark.parametrize("dtype", DTYPES)
def test_nothing_leaves_its_domain(dtype: str) -> None:
    def root(xp: Any, x: Any) -> Any:
        return xp.sqrt(1 - x)

    def reaching(xp: Any, x: Any) -> Any:
        return xp.sqrt(x - 0.125)

    pullback = lambda xp, ybar, x: {"x": x}  # noqa: E731
    u = MACHINES[dtype].u
    inwards = of(root, pullback, [1.0], dtype, "...", (unit_interval("x"),))
    outwards = of(reaching, pullback, [0.125], dtype, "...", (nonzero("x"),))
    assert inwards.ideal(None) == pytest.approx([np.sqrt(u)], rel=0.02, abs=0)
    assert outwards.ideal(None) == pytest.approx([np.sqrt(u / 8)], rel=0.02, abs=0)


def test_what_is_exact_by_its_domain_does_not_move() -> None:
    logits, target = [[0.5, 0.25]], [[0.25, 0.75]]
    found = Conditioning(expect("softmax_cross_entropy", "float32", [1.0], z=logits, y=target))
    step = 2.0**-24 * np.abs(found.expected.ends("z")[0])
    assert np.all(found.ideal("z") < 12 * step)


def test_the_seed_decides_the_directions() -> None:
    x = np.random.default_rng(0).standard_normal(30)
    here = of(lambda xp, x: xp.sum(x), lambda xp, ybar, x: {"x": x}, x, "float64").expected
    first, again, other = (float(Conditioning(here, seed).ideal(None)) for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_identity_has_one(name: str) -> None:
    static, sizes = static_choices(name)[0], shapes_of(name, 3, 0)[-1]
    case = Case(name, "float32", sizes, static, "ordinary", 3)
    here = Expected(
        CATALOGUE[name], case.arguments(), case.cotangent(), case.parameters, MACHINES["float32"]
    )
    for wrt in (None, *CATALOGUE[name].gradients):
        ideal = Conditioning(here, 3).ideal(wrt)
        low, high = here.ends(wrt)
        told = low == high
        assert ideal.shape == low.shape
        assert np.array_equal(np.isfinite(ideal), told)
        assert np.all(ideal[told] >= 2.0**-24 * np.abs(low[told]) + MACHINES["float32"].smallest)
        shared = conditioning(case, case.cotangent()).ideal(wrt)
        assert np.array_equal(shared, ideal, equal_nan=True)
