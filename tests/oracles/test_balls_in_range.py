"""Balls that follow a machine's range: overflow raises, underflow widens."""

from __future__ import annotations

import numpy as np
import pytest

from gradient_conformance.oracles.ball_namespace import exp
from gradient_conformance.oracles.balls import lift, mid, rad, wrap
from gradient_conformance.oracles.machine import MACHINES
from gradient_conformance.oracles.machine_range import RangeExceeded, following
from gradient_conformance.oracles.precision import precision
from gradient_conformance.oracles.taylor import along, derivative

FLOAT32 = MACHINES["float32"]


def test_overflow_raises() -> None:
    with precision(24), following(FLOAT32):
        x = lift(2.0**100)
        with pytest.raises(RangeExceeded, match="not within the range of float32"):
            x * x
        assert mid(x + x) == 2.0**101


def test_overflow_of_the_radius_raises() -> None:
    with precision(24), following(FLOAT32), pytest.raises(RangeExceeded):
        lift(3e38, 1e38) * 1


def test_what_is_no_number_raises() -> None:
    with precision(24), following(FLOAT32), pytest.raises(RangeExceeded):
        lift(1.0) / lift(0.0)


def test_underflow_widens() -> None:
    with precision(24):
        x = lift(np.float32(1.1e-30), 1e-37)
        free = rad(x * x)
        with following(FLOAT32):
            held = rad(x * x)
    assert free < 1e-60
    assert FLOAT32.smallest <= held < 2 * FLOAT32.smallest


def test_what_an_exponential_lost_to_underflow_is_lost_in_its_derivative() -> None:
    """e^(−91) is below the smallest normal number of float32: a machine may hold 0 in its place."""
    with precision(24), following(FLOAT32):
        y = exp(along(np.array([-91.0, 1.0]), np.array([1e6, 1.0])))
    lost = rad(derivative(y))
    assert lost[0] >= 1e6 * FLOAT32.smallest
    assert lost[1] < 1e-5
    with precision(24):
        assert rad(derivative(exp(along(np.array([-91.0]), np.array([1e6]))))).max() < 1e-38


def test_the_largest_number_met_is_remembered() -> None:
    with precision(24), following(FLOAT32) as followed:
        assert followed.peak == 0
        x = lift([3.0, -(2.0**40)]) * 2
        assert followed.peak == 2.0**41
        _ = x * 0.25
        assert followed.peak == 2.0**41


def test_exact_results_stay_exact() -> None:
    with precision(24), following(FLOAT32):
        assert rad(lift(3.0) * 2) == 0


def test_nothing_is_held_outside() -> None:
    with pytest.raises(KeyError), following(FLOAT32):
        raise KeyError
    with precision(24):
        assert float(mid(lift(1e30) * lift(1e30))) == pytest.approx(1e60)


def test_the_innermost_machine_counts() -> None:
    with precision(11), following(FLOAT32):
        with following(MACHINES["float16"]), pytest.raises(RangeExceeded, match="float16"):
            lift(512.0) * lift(512.0)
        assert mid(lift(512.0) * lift(512.0)) == 2.0**18


def test_wrap_of_an_empty_array() -> None:
    with following(FLOAT32):
        assert wrap(np.empty((0, 2), object)).shape == (0, 2)
