"""Three-valued truth, and the comparisons of balls that it comes from."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradient_conformance.oracles.balls import lift
from gradient_conformance.oracles.precision import precision
from gradient_conformance.oracles.truth import Truth, as_truth

THREE = (True, False, None)
COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def truth(*values: bool | None) -> Truth:
    elements = np.empty(len(values), object)
    elements[:] = values
    return Truth(elements)


def possible(value: bool | None) -> set[bool]:
    """What an unknown truth may turn out to be."""
    return {True, False} if value is None else {value}


@pytest.mark.parametrize(("a", "b"), list(itertools.product(THREE, THREE)))
@pytest.mark.parametrize("connective", [operator.and_, operator.or_])
def test_connective_says_what_all_possibilities_agree_on(
    connective: Callable[[Any, Any], Any], a: bool | None, b: bool | None
) -> None:
    (found,) = connective(truth(a), truth(b)).elements
    outcomes = {connective(x, y) for x in possible(a) for y in possible(b)}
    assert found == (outcomes.pop() if len(outcomes) == 1 else None)


def test_not() -> None:
    assert list((~truth(True, False, None)).elements) == [False, True, None]


def test_masks_and_truths_mix() -> None:
    mask = np.array([True, False, True])
    assert list((mask & truth(True, True, None)).elements) == [True, False, None]
    assert list((truth(False, False, None) | mask).elements) == [True, False, True]
    assert list((mask | truth(None, None, False)).elements) == [True, None, True]


def test_shapes_broadcast() -> None:
    column = Truth(truth(True, None).elements[:, None])
    assert (column & truth(True, False, None)).shape == (2, 3)
    assert (column & np.ones(0, bool)).shape == (2, 0)


def test_indexing_keeps_a_truth() -> None:
    t = truth(True, None)
    assert t[1].elements.item() is None
    assert t[1].shape == ()
    assert list(t[:1].elements) == [True]


def test_as_truth() -> None:
    t = truth(None)
    assert as_truth(t) is t
    assert as_truth(True).elements.item() is True
    assert as_truth(np.zeros((0, 2), bool)).shape == (0, 2)
    assert as_truth(np.array([0, 3])).elements.tolist() == [False, True]


def test_python_may_not_branch_on_it() -> None:
    for known in (truth(True), truth(None), lift(1.0) > 0):
        with pytest.raises(TypeError, match=r"use xp\.where"):
            bool(known)


@pytest.mark.parametrize("sign", COMPARISONS)
@settings(max_examples=80, database=None, deadline=None, derandomize=True)
@given(
    a=st.integers(-3, 3),
    b=st.integers(-3, 3),
    r=st.sampled_from([0, 0.5, 2]),
    s=st.sampled_from([0, 1]),
)
def test_comparison_of_balls(sign: str, a: int, b: int, r: float, s: float) -> None:
    """Certain exactly where every pair of numbers in the two balls agrees, unknown elsewhere.

    The ends of a ball of positive radius are rounded outwards, so a touch counts as an overlap.
    """
    compare = COMPARISONS[sign]
    with precision(53):
        found = compare(lift(float(a), r), lift(float(b), s)).elements.item()
    ends = [(a + i * r, b + j * s) for i in (-1, 1) for j in (-1, 1)]
    # the two balls meet within, or do not: equality is possible where the ends cross
    meet = abs(a - b) <= r + s
    outcomes = {compare(x, y) for x, y in ends}
    if meet and sign in ("==", "!="):
        outcomes = {True, False} if r or s else {compare(a, b)}
    touching = abs(a - b) == r + s and (r or s)
    if touching:
        assert found is None or {found} == outcomes
    else:
        assert found == (outcomes.pop() if len(outcomes) == 1 else None)


def test_comparison_with_numbers_and_arrays() -> None:
    x = lift([-1.0, 0.0, 1.0], [0.0, 0.5, 0.0])
    assert list((x > 0).elements) == [False, None, True]
    assert list((0 < x).elements) == [False, None, True]  # noqa: SIM300 — the mirrored operator
    assert list((np.zeros(3) >= x).elements) == [True, None, False]
    assert list((x == 1).elements) == [False, False, True]
    assert list((x != -1).elements) == [False, True, True]
    assert (lift(np.zeros((0, 2))) > 0).shape == (0, 2)


def test_balls_are_not_hashable() -> None:
    with pytest.raises(TypeError, match="unhashable"):
        hash(lift(1.0))
