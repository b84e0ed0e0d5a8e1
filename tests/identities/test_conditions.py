"""Conditions on arguments: what one builds it accepts, in every type, and it rejects the rest."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gradient_conformance.identities import conditions
from gradient_conformance.identities.conditions import (
    Condition,
    distribution,
    flags,
    index,
    invertible,
    mask,
    maybe_singular,
    nonzero,
    nonzero_rows,
    positive,
    positive_definite,
    positive_determinant,
    symmetric,
    token,
    unit_interval,
)
from gradient_conformance.laws.regimes import REACH, REGIMES
from gradient_conformance.oracles.machine import MACHINES, is_discrete

ANY = st.lists(st.integers(0, 5), max_size=3).map(tuple)
ROWS = st.tuples(ANY, st.integers(1, 6)).map(lambda both: (*both[0], both[1]))
SQUARE = st.integers(0, 6).map(lambda n: (n, n))

CONDITIONS: dict[str, tuple[Callable[..., Condition], st.SearchStrategy[tuple[int, ...]]]] = {
    "positive": (positive, ANY),
    "unit_interval": (unit_interval, ANY),
    "symmetric": (symmetric, SQUARE),
    "invertible": (invertible, SQUARE),
    "positive_determinant": (positive_determinant, SQUARE),
    "maybe_singular": (maybe_singular, SQUARE),
    "distribution": (distribution, ROWS),
    "index": (lambda argument: index(argument, into="k"), ANY),
    "mask": (mask, ROWS),
    "nonzero": (nonzero, ANY),
    "nonzero_rows": (nonzero_rows, ROWS),
    "flags": (flags, ANY),
    "positive_definite": (positive_definite, SQUARE),
    "token": (lambda argument: token(argument, into="k", ignored=-100), ANY),
}
"""Each condition, with the shapes that it is about."""

SIZES: Mapping[str, Any] = {"k": 4}


def built(condition: Condition, shape: tuple[int, ...], dtype: str, regime: str, seed: int) -> Any:
    """What the condition builds from a draw that was rounded to the type."""
    rng = np.random.default_rng(seed)
    drawn = MACHINES[dtype].round(REGIMES[regime](rng, shape, REACH[dtype]))
    return np.asarray(condition.build(np, rng, np.asarray(drawn, np.float64), SIZES))


def rounded(x: np.ndarray, dtype: str) -> np.ndarray:
    """As a backend of that type gets it, in float64; integers stay."""
    return x if is_discrete(x) else np.asarray(MACHINES[dtype].round(x), np.float64)


def test_every_condition_is_tried() -> None:
    declared = {
        name
        for name, made in inspect.getmembers(conditions, inspect.isfunction)
        if made.__module__ == conditions.__name__ and not name.startswith("_")
    }
    assert declared == set(CONDITIONS)


@pytest.mark.parametrize("name", CONDITIONS)
def test_what_is_built_is_accepted_after_rounding(name: str) -> None:
    make, shapes = CONDITIONS[name]
    condition = make("X")
    empty: set[bool] = set()

    @settings(max_examples=60, database=None, deadline=None, derandomize=True)
    @example((0, 0) if shapes is SQUARE else (2, 1), "bfloat16", "ordinary", 0)
    @given(
        shapes, st.sampled_from(list(MACHINES)), st.sampled_from(list(REGIMES)), st.integers(0, 999)
    )
    def holds(shape: tuple[int, ...], dtype: str, regime: str, seed: int) -> None:
        x = built(condition, shape, dtype, regime, seed)
        assert x.shape == shape
        assert condition.holds(np, rounded(x, dtype), SIZES)
        if condition.exact:
            assert np.array_equal(rounded(x, dtype), x)
        empty.add(x.size == 0)

    holds()
    assert False in empty


INVALID: list[tuple[str, Any]] = [
    ("positive", [1.0, 0.0]),
    ("positive", [1.0, -0.0]),
    ("positive", [-1e-30]),
    ("positive", [np.nan]),
    ("unit_interval", [0.5, 1.0000001]),
    ("unit_interval", [-1e-30]),
    ("unit_interval", [np.nan]),
    ("symmetric", [[1.0, 2.0], [2.0000000000000004, 1.0]]),
    ("invertible", [[0.0]]),
    ("invertible", [[1.0, 2.0], [2.0, 4.0]]),
    ("positive_determinant", [[-1.0]]),
    ("positive_determinant", [[0.0, 1.0], [1.0, 0.0]]),
    ("positive_determinant", [[1.0, 2.0], [2.0, 4.0]]),
    ("distribution", [0.5, 0.25]),
    ("distribution", [[1.0, 0.0], [0.5, 0.5 + 2.0**-50]]),
    ("distribution", [1.5, -0.5]),
    ("index", [0, 4]),
    ("index", [-1]),
    ("mask", [[True, True], [False, False]]),
    ("mask", [[1, 0]]),
    ("nonzero", [1.0, -0.0]),
    ("nonzero_rows", [[1.0, 0.0], [0.0, -0.0]]),
    ("flags", [0, 1]),
    ("positive_definite", [[1.0, 2.0], [2.0, 1.0]]),
    ("positive_definite", [[2.0, 1.0], [0.5, 2.0]]),
    ("positive_definite", [[0.0]]),
    ("token", [0, 4]),
    ("token", [-1, 0]),
    ("token", [-100, -100]),
]


@pytest.mark.parametrize(("name", "x"), INVALID)
def test_what_is_not_valid_is_rejected(name: str, x: Any) -> None:
    assert not CONDITIONS[name][0]("X").holds(np, np.array(x), SIZES)


def test_an_invalid_example_for_each_condition() -> None:
    """All but the one that any matrix meets."""
    assert {name for name, _ in INVALID} == set(CONDITIONS) - {"maybe_singular"}
    assert maybe_singular("X").holds(np, np.zeros((2, 2)), SIZES)


@pytest.mark.parametrize("name", CONDITIONS)
def test_the_draw_is_left_intact(name: str) -> None:
    condition = CONDITIONS[name][0]("X")
    drawn = np.random.default_rng(0).standard_normal((4, 4))
    before = drawn.copy()
    for seed in range(8):
        condition.build(np, np.random.default_rng(seed), drawn, SIZES)
        assert np.array_equal(drawn, before)


@pytest.mark.parametrize("name", CONDITIONS)
def test_it_says_which_argument(name: str) -> None:
    condition = CONDITIONS[name][0]("weights")
    assert condition.argument == "weights"
    assert "weights" in condition.says


@settings(max_examples=100, database=None, deadline=None, derandomize=True)
@given(ROWS, st.integers(0, 999))
def test_a_distribution_sums_to_exactly_one_in_bfloat16(shape: tuple[int, ...], seed: int) -> None:
    """Added up one by one, rounding after each, in whatever order."""
    machine = MACHINES["bfloat16"]
    x = built(distribution("y"), shape, "bfloat16", "ordinary", seed)
    for entries in (x, x[..., ::-1]):
        total = np.zeros(shape[:-1])
        for i in range(shape[-1]):
            total = np.asarray(
                machine.round(total + np.asarray(machine.round(entries[..., i]), float)), float
            )
        assert np.array_equal(total, np.ones(shape[:-1]))


def test_a_plain_dirichlet_draw_does_not() -> None:
    machine = MACHINES["bfloat16"]
    x = np.random.default_rng(0).dirichlet(np.full(6, 0.5), size=50)
    condition = distribution("y")
    assert not condition.holds(np, np.asarray(machine.round(x), np.float64), SIZES)


def test_a_symmetric_matrix_keeps_the_upper_triangle() -> None:
    condition, X = symmetric("S"), np.arange(9.0).reshape(3, 3)
    S = condition.build(np, np.random.default_rng(0), X, SIZES)
    assert S.tolist() == [[0, 1, 2], [1, 4, 5], [2, 5, 8]]


def test_a_quarter_of_the_distributions_is_one_hot() -> None:
    x = built(distribution("y"), (2000, 5), "float64", "ordinary", 0)
    assert 0.2 < np.mean(x.max(axis=-1) == 1) < 0.4


def test_singular_matrices_of_both_ranks_come_up() -> None:
    condition = maybe_singular("X")
    ranks = {
        int(np.linalg.matrix_rank(built(condition, (4, 4), "float64", "ordinary", seed)))
        for seed in range(40)
    }
    assert ranks == {4, 3, 2}


def test_invertible_matrices_are_not_all_alike() -> None:
    """Well and badly conditioned ones, with determinants of both signs, permuted rows."""
    matrices = [built(invertible("X"), (4, 4), "float64", "ordinary", seed) for seed in range(60)]
    conditioning = [np.linalg.cond(X) for X in matrices]
    assert min(conditioning) < 3
    assert max(conditioning) > 15
    assert {float(np.sign(np.linalg.det(X))) for X in matrices} == {1.0, -1.0}
    assert any(abs(X[0, 0]) < abs(X[0]).max() for X in matrices)


def test_the_ends_of_the_unit_interval_come_up() -> None:
    x = built(unit_interval("y"), (1000,), "float64", "ordinary", 0)
    assert np.any(x == 0)
    assert np.any(x == 1)
    assert np.mean((x > 0) & (x < 1)) > 0.5


def test_tokens_are_left_out_and_masks_let_through_in_part() -> None:
    tokens = built(token("t", into="k", ignored=-100), (400,), "float64", "ordinary", 0)
    assert set(tokens.tolist()) == {-100, 0, 1, 2, 3}
    assert 0.1 < np.mean(tokens == -100) < 0.4
    shares = {
        round(float(np.mean(built(mask("M"), (50, 6), "float64", "ordinary", seed))), 1)
        for seed in range(12)
    }
    assert len(shares) >= 3
    assert 1.0 in shares


def test_indices_repeat_and_reach_both_ends() -> None:
    x = built(index("t", into="k"), (100,), "float64", "ordinary", 0)
    assert set(x.tolist()) == {0, 1, 2, 3}
    assert x.dtype.kind == "i"


@pytest.mark.parametrize("n", range(1, 7))
def test_directions_along_distributions_sum_to_zero_in_any_order(n: int) -> None:
    tangent = distribution("y").tangent
    assert tangent is not None
    for seed in range(50):
        rng = np.random.default_rng(seed)
        v = tangent(np, rng.standard_normal((3, n)) * 10.0 ** rng.uniform(-4, 4))
        assert np.array_equal(v, MACHINES["bfloat16"].round(v).astype(np.float64))
        for order in (slice(None), slice(None, None, -1)):
            assert np.all(np.cumsum(v[..., order], axis=-1)[..., -1] == 0)
        assert n == 1 or np.any(v)


def test_directions_of_symmetric_matrices_are_symmetric() -> None:
    for condition in (symmetric("S"), positive_definite("S")):
        assert condition.tangent is not None
        V = condition.tangent(np, np.arange(9.0).reshape(3, 3))
        assert np.array_equal(V, V.T)
        assert np.any(V)


@pytest.mark.parametrize("name", ["invertible", "positive_determinant", "positive_definite"])
@pytest.mark.parametrize("n", [8, 9, 39, 65])
def test_the_determinant_of_a_long_matrix_stays_in_range(name: str, n: int) -> None:
    rng = np.random.default_rng(n)
    built = getattr(conditions, name)("X").build(np, rng, rng.normal(size=(n, n)), {})
    size = abs(np.linalg.slogdet(built)[1]) / np.log(2.0)
    assert size <= n / 2 or n == 8
