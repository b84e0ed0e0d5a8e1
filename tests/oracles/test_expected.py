"""The expected value and its derived tolerance: fair to honest rounding, and to nothing else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.laws.cases import Case
from gradient_conformance.laws.shape_pool import shapes_of
from gradient_conformance.laws.strategies import static_choices
from gradient_conformance.oracles import ball_namespace as xp
from gradient_conformance.oracles.balls import lift, rad
from gradient_conformance.oracles.differences import numpy_namespace
from gradient_conformance.oracles.expected import FACTOR, Expected, Target
from gradient_conformance.oracles.machine import MACHINES, Machine, is_discrete
from gradient_conformance.oracles.precision import precision
from gradient_conformance.tests.identities.points import points

FLOAT32 = MACHINES["float32"]
FACTORISED = {name for name, identity in CATALOGUE.items() if identity.normwise}
"""NumPy has no linear algebra in float16."""


def expect(name: str, dtype: str, ybar: Any, static: Any = None, **arguments: Any) -> Expected:
    """What an identity should give for numbers that the type holds exactly."""
    machine = MACHINES[dtype]
    held = {
        k: np.asarray(x) if np.asarray(x).dtype.kind == "i" else machine.round(np.asarray(x, float))
        for k, x in arguments.items()
    }
    return Expected(
        CATALOGUE[name], held, machine.round(np.asarray(ybar, float)), static or {}, machine
    )


def of_case(case: Case) -> Expected:
    """What a case should give."""
    identity, machine = CATALOGUE[case.identity], MACHINES[case.dtype]
    return Expected(identity, case.arguments(), case.cotangent(), case.parameters, machine)


def plain(expected: Expected, wrt: str | None = None) -> Target:
    """The target that every answer is held to first."""
    target = expected.target(wrt)
    assert target is not None
    return target


def inside(answer: Any, target: Target) -> bool:
    """Whether an answer lies within the tolerance, everywhere."""
    x = np.asarray(answer, np.float64)
    above, below = x - target.high, target.low - x
    return bool(np.all(np.maximum(above, below) <= target.tolerance))


def computed(case: Case) -> dict[str | None, np.ndarray]:
    """Value and gradients by the catalogue's formulas in the case's own type, by NumPy."""
    identity, arguments, ybar = CATALOGUE[case.identity], case.arguments(), case.cotangent()
    with np.errstate(all="ignore"):
        value = identity.forward(numpy_namespace, **arguments, **case.parameters)
        assert identity.pullback is not None
        pulled = identity.pullback(numpy_namespace, ybar, **arguments, **case.parameters)
        answers = {None: value, **pulled}
        return {k: np.asarray(x).astype(case.dtype) for k, x in answers.items()}


@pytest.mark.parametrize("dtype", MACHINES)
def test_the_formula(dtype: str) -> None:
    """4 · (radius + u·|exact| + smallest): for X + Z the radii can be written down."""
    machine: Machine = MACHINES[dtype]
    u, x, z, g = (
        machine.u,
        np.array([1.0, -3.0, 0.0]),
        np.array([0.5, 8.0, 0.0]),
        np.array([1.0, 2, 0]),
    )
    expected = expect("residual", dtype, g, X=x, Z=z)
    assert FACTOR == 4
    value, gradient = plain(expected), plain(expected, "X")
    assert np.array_equal(value.exact, x + z)
    assert np.array_equal(gradient.exact, g)
    widened = u * (np.abs(x) + np.abs(z))
    # the sum is exact here, or rounded once more
    low = FACTOR * (widened + u * np.abs(x + z) + machine.smallest)
    assert np.all(value.tolerance >= low * (1 - 1e-12))
    assert np.all(value.tolerance <= low + 1.01 * FACTOR * u * np.abs(x + z) + 1e-6 * low)
    right = FACTOR * (u * np.abs(g) + u * np.abs(g) + machine.smallest)
    assert gradient.tolerance == pytest.approx(right, rel=1e-6, abs=0)


@pytest.mark.parametrize("dtype", ["float32", "float16"])
@pytest.mark.parametrize("name", CATALOGUE)
def test_numpy_in_the_same_type_stays_inside(name: str, dtype: str) -> None:
    if dtype == "float16" and name in FACTORISED:
        pytest.skip("NumPy has no linear algebra in float16")
    compared: list[str | None] = []

    @settings(
        max_examples=12,
        database=None,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(points(name, dtype))
    def holds(case: Case) -> None:
        expected = of_case(case)
        for wrt, answer in computed(case).items():
            first = plain(expected, wrt)
            if not np.all(np.isfinite(first.tolerance)) or inside(answer, first):
                compared.append(wrt)
                continue
            ranged = expected.target(wrt, "in range")
            assert ranged is None or inside(answer, ranged), f"{wrt}: {case.line()}"

    holds()
    assert {None, *CATALOGUE[name].gradients} == set(compared)


def share_outside(name: str, relative: float) -> float:
    """How often the largest entry, off by a relative error, is outside: value and gradients."""
    outside = []
    shape = shapes_of(name, 2, 0)[1]
    for seed in range(5):
        case = Case(name, "float32", shape, static_choices(name)[0], seed=seed)
        expected = of_case(case)
        for wrt in (None, *CATALOGUE[name].gradients):
            target = plain(expected, wrt)
            assert inside(target.exact, target)
            if np.any(target.exact):
                off = np.array(target.exact)
                off[np.unravel_index(np.argmax(np.abs(off)), off.shape)] *= 1 + relative
                outside.append(not inside(off, target))
    return float(np.mean(outside))


SHORT = {"activations", "forms", "gated", "layers", "losses", "patterns", "shaping", "softmax"}
"""Families of short formulas, whose tolerance is a few units in the last place."""


@pytest.mark.parametrize("name", [n for n, i in CATALOGUE.items() if i.family in SHORT])
def test_an_answer_off_by_a_hundred_thousandth_is_outside(name: str) -> None:
    """In float32, for most ordinary points."""
    assert share_outside(name, 1e-5) >= 0.6


@pytest.mark.parametrize("name", CATALOGUE)
def test_an_answer_off_by_a_hundredth_is_outside(name: str) -> None:
    """In float32, for most ordinary points, however long the formula."""
    assert share_outside(name, 1e-2) >= 0.8


@settings(max_examples=40, database=None, deadline=None, derandomize=True)
@given(st.sampled_from(sorted(set(CATALOGUE))), st.integers(0, 99))
def test_the_exact_answer_does_not_depend_on_the_type(name: str, seed: int) -> None:
    """Only the tolerance does: wider for fewer bits, on the very same numbers."""
    case = Case(name, "bfloat16", shapes_of(name, 2, 0)[1], static_choices(name)[0], seed=seed)
    arguments = {
        k: x if is_discrete(x) else np.asarray(x, np.float64) for k, x in case.arguments().items()
    }
    ybar = np.asarray(case.cotangent(), np.float64)
    identity, static = CATALOGUE[name], case.parameters
    many, few = (
        Expected(identity, arguments, ybar, static, MACHINES[d]) for d in ("float64", "float32")
    )
    for wrt in (None, *identity.gradients):
        apart = np.abs(plain(many, wrt).exact - plain(few, wrt).exact)
        assert np.all(apart <= 2.0**-50 * np.abs(plain(many, wrt).exact) + few.machine.smallest)
        assert np.all(plain(many, wrt).tolerance < plain(few, wrt).tolerance)


def test_a_kink_gives_an_interval() -> None:
    expected = expect("relu", "float32", [2.0, -2.0, 2.0, 2.0], z=[0.0, -0.0, 1.0, -1.0])
    target = plain(expected, "z")
    assert target.low.tolist() == [0.0, -2.0, 2.0, 0.0]
    assert target.high.tolist() == [2.0, 0.0, 2.0, 0.0]
    assert target.exact.tolist() == [1.0, -1.0, 2.0, 0.0]
    for convention in (0.0, 0.5, 1.0):
        assert inside([2 * convention, -2 * convention, 2.0, 0.0], target)
    assert not inside([2.01, -1.0, 2.0, 0.0], target)
    assert not inside([1.0, 0.01, 2.0, 0.0], target)
    assert not inside([1.0, -1.0, 1.0, 0.0], target)  # half is for the kink alone
    value = plain(expected)
    assert value.low.tolist() == value.high.tolist() == [0.0, 0.0, 1.0, 0.0]


def test_away_from_kinks_there_is_no_interval() -> None:
    target = plain(expect("relu", "float64", [2.0, 3.0], z=[1e-300, -1e-300]), "z")
    assert target.low.tolist() == target.high.tolist() == [2.0, 0.0]


def test_what_rounding_takes_for_a_kink_is_one() -> None:
    """3 + 2.984375 is 6 in bfloat16, and a subnormal number may be flushed to 0."""
    z = [2.984375, 2.9375, 3.046875, 3.0625, -2.984375]
    target = plain(expect("hard_sigmoid", "bfloat16", np.ones(5), z=z), "z")
    assert (target.low == 0).tolist() == [True, False, True, True, True]
    assert target.high == pytest.approx([1 / 6, 1 / 6, 1 / 6, 0, 1 / 6])
    value = plain(expect("hard_sigmoid", "bfloat16", np.ones(5), z=z))
    assert np.array_equal(value.low, value.high)  # which has no step there
    subnormal = plain(expect("relu", "bfloat16", [1.0, 1.0, 1.0], z=[1e-39, -1e-39, 1e-36]), "z")
    assert subnormal.low.tolist() == [0.0, 0.0, 1.0]
    assert subnormal.high.tolist() == [1.0, 1.0, 1.0]


def test_a_factorised_matrix_is_widened_by_its_largest_entry() -> None:
    """Algorithms are backward stable in norm: the tiny pivot may lose all its digits."""
    X = np.array([[1.0, 0.0], [0.0, 2.0**-20]])
    matrix = plain(expect("determinant", "float32", 1.0, X=X))
    entrywise = plain(expect("square", "float32", np.ones((2, 2)), X=X))
    assert matrix.tolerance >= FACTOR * FLOAT32.u * 1.0
    assert entrywise.tolerance[1, 1] < 1e-3 * FLOAT32.u
    assert inside(2.0**-20 + FLOAT32.u, matrix)
    assert not inside(2.0**-20 + 50 * FLOAT32.u, matrix)


def test_exact_arguments_are_not_widened() -> None:
    """A one-hot target has no rounding to forgive; a target without that condition would have."""
    identity = CATALOGUE["cross_entropy"]
    arguments = {k: FLOAT32.round(np.array(x)) for k, x in (("s", [0.5, 0.25]), ("y", [1.0, 0.0]))}
    targets = [
        plain(Expected(declared, arguments, FLOAT32.round(np.array(1.0)), {}, FLOAT32), "s")
        for declared in (identity, replace(identity, domain=()))
    ]
    exact, widened = (target.tolerance for target in targets)
    assert widened[0] - exact[0] == pytest.approx(FACTOR * 2 * FLOAT32.u, rel=0.01, abs=0)
    assert exact[1] == widened[1] == FACTOR * FLOAT32.smallest
    assert not inside([-2.0, 1e-30], targets[0])


def test_a_library_function_may_return_the_neighbour() -> None:
    """For tanh at 3: beside what the rounding of z does, one more unit roundoff of the result."""
    u, t = FLOAT32.u, np.tanh(3.0)
    with precision(24):
        rounded = rad(xp.tanh(lift(3.0, 3 * u)))
    allowed = plain(expect("tanh", "float32", 1.0, z=3.0)).tolerance / FACTOR
    assert allowed - rounded - u * t == pytest.approx(u * t, rel=0.01, abs=0)


def started_from_the_bias(x: np.ndarray, w: np.ndarray, b: np.float32) -> np.float32:
    """w·x + b in float32, added one by one to b."""
    total = b
    for product in w * x:
        total = np.float32(total + product)
    return total


def test_a_sum_may_start_from_what_is_added_to_it() -> None:
    """Of 192 products of less than half a unit in the last place of b none is left."""
    x = np.full(192, np.float32(0.9 * 2.0**-12.5))
    target = plain(expect("linear_layer", "float32", [1.0], W=x[None, :], x=x, b=[1.0]))
    answer = started_from_the_bias(x, x, np.float32(1.0))
    assert answer == 1.0
    assert abs(answer - target.exact[0]) > FACTOR * FLOAT32.u
    assert inside([answer], target)


def test_one_addition_rounds_once() -> None:
    """1 + 3 = 4 needs no rounding: what is left is that of the arguments, and of the answer."""
    target = plain(expect("residual", "float32", [1.0], X=[1.0], Z=[3.0]))
    assert target.tolerance == pytest.approx(FACTOR * FLOAT32.u * (4 + 4), rel=0.01, abs=0)


def test_indices_stay_as_they_are() -> None:
    z, t = [[1.0, 2.0, 4.0]], np.array([2])
    target = plain(expect("softmax_cross_entropy_by_index", "float64", [1.0], z=z, t=t), "z")
    s = np.exp(z[0]) / np.sum(np.exp(z[0]))
    assert np.allclose(target.exact, [s - [0, 0, 1]], rtol=1e-14)
    assert np.all(target.tolerance < 1e-14)


def test_shapes_are_known_without_a_target() -> None:
    expected = expect(
        "matrix_product", "float32", np.zeros((2, 0)), X=np.ones((2, 3)), W=np.ones((3, 0))
    )
    assert [expected.shape(wrt) for wrt in (None, "X", "W")] == [(2, 0), (2, 3), (3, 0)]


def test_cancellation_is_answered_with_more_bits() -> None:
    """½ z (1 + tanh u) at z = −30 is e^(−1500): all of 200 bits cancel."""
    target = plain(expect("gelu_tanh", "float64", 1.0, z=-12.0))
    u = np.sqrt(2 / np.pi) * (12 + 0.044715 * 12.0**3)
    assert target.exact == pytest.approx(-12 * np.exp(-2 * u), rel=1e-11, abs=0)


def test_nothing_finite_can_be_said_at_a_pole() -> None:
    """The ball of a singular matrix has no determinant that is surely positive."""
    X = [[1.0, 1.0], [1.0, 1.0 + 2.0**-10]]
    target = plain(expect("log_determinant", "float16", 1.0, X=X))
    assert np.isinf(target.tolerance)


@pytest.mark.parametrize("wrt", [None, "X", "W"])
def test_empty_arrays(wrt: str | None) -> None:
    expected = expect(
        "matrix_product", "float32", np.zeros((2, 0)), X=np.ones((2, 3)), W=np.ones((3, 0))
    )
    target = plain(expected, wrt)
    assert target.low.shape == {None: (2, 0), "X": (2, 3), "W": (3, 0)}[wrt]
    assert np.all(target.tolerance == FACTOR * FLOAT32.smallest)
