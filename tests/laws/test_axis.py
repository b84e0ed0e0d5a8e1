"""Along the axis: one case with the same numbers for every element-wise function."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.laws.accuracy import digits_lost, digits_lost_along
from gradient_conformance.laws.axis import POINTS
from gradient_conformance.laws.cases import Case, parse
from gradient_conformance.laws.strategies import axis_case
from gradient_conformance.laws.trial import NoAnswer
from gradient_conformance.oracles.machine import MACHINES
from gradient_conformance.tests.implementations import broken
from gradient_conformance.tests.implementations.broken import Cancelling, each, spoiled
from gradient_conformance.tests.laws.trials import trial

LINE = f"...={len(POINTS)} regime=axis seed=0"


def case_of(identity: str, dtype: str = "float32") -> Case:
    case = axis_case(identity, dtype)
    assert case is not None
    return case


@pytest.mark.parametrize("dtype", MACHINES)
def test_the_points_are_in_order_on_both_sides_of_0_and_apart_in_every_type(dtype: str) -> None:
    assert 60 <= len(POINTS) <= 100
    np.testing.assert_array_equal(POINTS, -POINTS[::-1])
    assert (POINTS[0], POINTS[-1]) == (-1e4, 1e4)
    case = case_of("sigmoid", dtype)
    z = case.arguments()["z"]
    rounded = MACHINES[dtype].round(POINTS)
    np.testing.assert_array_equal(z, rounded)
    # 10⁻⁸ is nothing in float16.
    assert len(np.unique(z)) == len(POINTS) - (2 if dtype == "float16" else 0)
    np.testing.assert_array_equal(case.cotangent(), np.ones(len(POINTS), rounded.dtype))
    assert parse("sigmoid", dtype, case.line()) == case
    assert case.line() == LINE


def test_element_wise_functions_have_one_and_no_others() -> None:
    having = {name for name in CATALOGUE if axis_case(name, "float64") is not None}
    assert having == {name for name, declared in CATALOGUE.items() if declared.elementwise}
    assert {"sigmoid", "power"} < having
    assert "softmax" not in having
    with pytest.raises(ValueError, match="regime=axis is for element-wise functions"):
        parse("softmax", "float64", "...=- n=3 regime=axis")


def test_of_the_powers_it_is_the_cube() -> None:
    assert case_of("power").parameters == {"p": 3}


def test_where_a_slope_from_a_rounded_sigmoid_loses_digits() -> None:
    found = {along.wrt: along for along in digits_lost_along(trial(Cancelling, "sigmoid", LINE,
             "float32"))}  # fmt: skip
    assert found.keys() == {None, "z"}
    slope = found["z"]
    assert slope.case == LINE
    assert all(x < y for x, y in itertools.pairwise(slope.at))
    lost = {round(x, 4): digits for x, digits in zip(slope.at, slope.lost, strict=True)}
    assert lost[-46.4159] == lost[0] == lost[1] == 0
    assert lost[10] < lost[14.678] < lost[21.5443]
    assert lost[14.678] > 3
    assert np.isnan([lost[-1e4], lost[1e4]]).all(), "the slope is too small for the type there"
    assert not np.nansum(found[None].lost)


def test_each_input_has_its_own_loss() -> None:
    """An error in one entry is seen there alone, whatever the order and the shape of the case."""
    k = int(np.flatnonzero(POINTS == 10)[0])

    def off(g: np.ndarray) -> np.ndarray:
        return np.where(np.arange(g.size) == k, g * (1 + 1e-9), g)

    lossy = trial(spoiled("off", each(off)), "square", LINE)
    (along,) = (found for found in digits_lost_along(lossy) if found.wrt == "X")
    losing = {x: lost for x, lost in zip(along.at, along.lost, strict=True) if lost > 0}
    assert losing.keys() == {10.0}
    (worst,) = (loss for loss in digits_lost(lossy) if loss.wrt == "X")
    assert losing[10.0] == worst.lost > 5
    assert worst.at == (k,)


def test_what_the_domain_does_not_have_is_not_on_the_axis() -> None:
    (value, _) = digits_lost_along(trial(NumPy, "square_root", case_of("square_root").line()))
    assert min(value.at) > 0
    assert len(set(value.at)) == len(value.at) > 30


def test_no_answer_is_raised() -> None:
    with pytest.raises(NoAnswer):
        list(digits_lost_along(trial(broken.Raising, "square", LINE)))
