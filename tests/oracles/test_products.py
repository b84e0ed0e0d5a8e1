"""Machines that round the factors of a matrix product to fewer bits: TF32, and bfloat16."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.laws.cases import Case, expected, parse
from gradient_conformance.oracles import ball_linalg, dual_linalg
from gradient_conformance.oracles.balls import BallArray, lift, rad
from gradient_conformance.oracles.dual_arrays import DualArray, dual
from gradient_conformance.oracles.expected import Target
from gradient_conformance.oracles.float_balls import FloatBalls
from gradient_conformance.oracles.machine import MACHINES, Machine
from gradient_conformance.oracles.machine_range import following
from gradient_conformance.oracles.precision import precision

FLOAT32 = MACHINES["float32"]
TF32 = FLOAT32.with_products_of(11)

MATRICES = "k=4 n=5 m=3 regime=ordinary seed=3"


def widths(case: Case, machine: Machine, level: str = "plain") -> dict[str | None, np.ndarray]:
    """The tolerances of the value and of each gradient."""
    found = expected(case, case.cotangent(), machine.product_bits)
    targets = {wrt: found.target(wrt, level) for wrt in (None, *CATALOGUE[case.identity].gradients)}
    return {wrt: target.tolerance for wrt, target in targets.items() if target is not None}


def test_what_keeps_all_bits_is_the_type_itself() -> None:
    assert FLOAT32.with_products_of(None) is FLOAT32
    assert FLOAT32.with_products_of(24) is FLOAT32
    assert MACHINES["bfloat16"].with_products_of(11) is MACHINES["bfloat16"]
    assert (TF32.product_bits, TF32.u, TF32.largest) == (11, FLOAT32.u, FLOAT32.largest)


def as_tf32(x: np.ndarray) -> np.ndarray:
    """Rounded to 11 bits of significand."""
    mantissa, exponent = np.frexp(np.asarray(x, np.float64))
    return np.ldexp(np.round(mantissa * 2.0**11) / 2.0**11, exponent)


def product(case: Case, keep: Any) -> dict[str | None, np.ndarray]:
    """X W and its gradients, of factors as ``keep`` leaves them, added in float64."""
    X, W = (np.asarray(x, np.float64) for x in case.arguments().values())
    ybar = np.asarray(case.cotangent(), np.float64)
    X, W, ybar = keep(X), keep(W), keep(ybar)
    return {None: X @ W, "X": ybar @ W.T, "W": X.T @ ybar}


def inside(answer: np.ndarray, target: Target | None) -> bool:
    assert target is not None
    apart = np.maximum(answer - target.high, target.low - answer)
    return bool(np.all(apart <= target.tolerance))


@pytest.mark.parametrize("seed", range(20))
def test_rounded_factors_are_within_the_tolerance_of_a_machine_that_rounds_them(seed: int) -> None:
    case = parse("matrix_product", "float32", MATRICES.replace("seed=3", f"seed={seed}"))
    rounding, plain = (expected(case, case.cotangent(), bits) for bits in (11, None))
    exact, rounded = product(case, lambda x: x), product(case, as_tf32)
    for wrt in exact:
        assert inside(rounded[wrt], rounding.target(wrt))
        assert inside(exact[wrt], plain.target(wrt))
        assert not inside(rounded[wrt], plain.target(wrt))


def test_a_hundredth_is_not() -> None:
    case = parse("matrix_product", "float32", MATRICES)
    rounding = expected(case, case.cotangent(), 11)
    for wrt, answer in product(case, lambda x: x).items():
        assert not inside(1.01 * answer, rounding.target(wrt))


def test_the_exact_answer_is_the_same() -> None:
    case = parse("matrix_product", "float32", MATRICES)
    for wrt in (None, *CATALOGUE["matrix_product"].gradients):
        one, other = (expected(case, case.cotangent(), bits).ends(wrt) for bits in (11, None))
        assert np.array_equal(one, other)


@pytest.mark.parametrize(
    ("identity", "line"),
    [
        ("softmax", "...=2 n=4 regime=ordinary seed=1"),
        ("gelu", "...=5 regime=ordinary seed=2"),
        ("hadamard_product", "m=3 n=2 regime=ordinary seed=2"),
    ],
)
@pytest.mark.parametrize("level", ["plain", "in range"])
def test_nothing_is_allowed_where_nothing_is_multiplied(
    identity: str, line: str, level: str
) -> None:
    case = parse(identity, "float32", line)
    one, other = widths(case, TF32, level), widths(case, FLOAT32, level)
    assert one.keys() == other.keys()
    assert all(np.array_equal(one[wrt], other[wrt]) for wrt in one)


@pytest.mark.parametrize(
    ("identity", "line", "wrt"),
    [
        ("matrix_product", MATRICES, None),
        ("linear_form", "n=5 regime=ordinary seed=2", None),
        ("matrix_vector_product", "m=3 n=2 regime=ordinary seed=2", "A"),
        ("convolution_1d", "n=6 k=2 regime=ordinary seed=2", "w"),
        ("convolution_2d", "h=4 w=4 d=2 p=2 q=2 c=2 regime=ordinary seed=2", None),
        ("log_determinant", "n=3 regime=ordinary seed=2", "X"),
        ("attention", "n=2 m=3 d=4 v=2 regime=ordinary seed=2", "V"),
    ],
)
def test_products_are_allowed_their_rounding(identity: str, line: str, wrt: str | None) -> None:
    case = parse(identity, "float32", line)
    assert np.median(widths(case, TF32)[wrt] / widths(case, FLOAT32)[wrt]) > 10


@pytest.mark.parametrize("level", ["plain", "in range", "differentiated"])
def test_a_gradient_that_the_document_has_without_a_product(level: str) -> None:
    """That of tr(AX) is Xᵀ, and a library that makes products of everything rounds it."""
    case = parse("trace_of_product", "float32", "m=3 n=2 regime=ordinary seed=4")
    assert np.median(widths(case, TF32, level)["A"] / widths(case, FLOAT32, level)["A"]) > 10


def as_balls(numbers: list[Any]) -> BallArray:
    return lift(np.array(numbers, np.float64))


def as_dual(numbers: list[Any]) -> DualArray:
    """An array whose own entries are moved, each by 1."""
    x = as_balls(numbers)
    unit = np.eye(x.elements.size).reshape(*x.shape, x.elements.size)
    return DualArray(x, FloatBalls(unit, 0 * unit))


@pytest.mark.parametrize("bits", [11, 8])
@pytest.mark.parametrize(
    ("multiplied", "factors"),
    [
        (lambda: as_balls([[3.0]]) @ as_balls([[5.0]]), 15.0),
        (lambda: np.array([[3.0]]) @ as_balls([[5.0]]), 15.0),
        (lambda: ball_linalg.outer(as_balls([3.0]), as_balls([5.0])), 15.0),
        (lambda: ball_linalg.inv(as_balls([[0.25]])), 4.0),
    ],
    ids=["product", "with an array", "outer product", "inverse"],
)
def test_each_of_two_factors_is_rounded_once(multiplied: Any, factors: float, bits: int) -> None:
    with precision(53, factors=bits):
        radius = float(rad(multiplied()).max())
    assert 0.99 * 2 * 2.0**-bits * factors < radius < 1.02 * 2 * 2.0**-bits * factors
    with precision(53):
        assert rad(multiplied()).max() < 1e-14


@pytest.mark.parametrize("bits", [11, 8])
@pytest.mark.parametrize(
    "multiplied",
    [
        lambda: as_dual([[3.0]]) @ as_balls([[5.0]]),
        lambda: dual(as_balls([[5.0]])) @ as_dual([[3.0]]),
        lambda: dual_linalg.outer(as_dual([3.0]), as_balls([5.0])),
    ],
    ids=["left", "right", "outer product"],
)
def test_so_are_a_cotangent_and_a_factor(multiplied: Any, bits: int) -> None:
    """The slope of 5x is 5 times 1, which stands for the cotangent."""
    with precision(53, factors=bits), following(FLOAT32):
        slope = multiplied().jacobian
    assert slope.middle.ravel() == 5.0
    assert 0.99 * 2 * 2.0**-bits * 5 < float(slope.radius.max()) < 1.02 * 2 * 2.0**-bits * 5
    with precision(53), following(FLOAT32):
        assert multiplied().jacobian.radius.max() < 1e-14
