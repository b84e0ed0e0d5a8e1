"""The models of the floating-point types, against the types themselves."""

from __future__ import annotations

import dataclasses
import math

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradient_conformance.oracles.machine import MACHINES, Machine

each = pytest.mark.parametrize("machine", MACHINES.values(), ids=list(MACHINES))
NARROW = [m for m in MACHINES.values() if m.name != "float64"]


def test_four_types() -> None:
    assert list(MACHINES) == ["float64", "float32", "float16", "bfloat16"]
    assert [m.bits for m in MACHINES.values()] == [53, 24, 11, 8]


@each
def test_against_finfo(machine: Machine) -> None:
    information = ml_dtypes.finfo(machine.dtype)
    assert machine.dtype.name == machine.name
    assert machine.bits == information.nmant + 1
    assert machine.smallest == float(information.smallest_normal)
    assert machine.largest == float(information.max)
    assert 2 * machine.u == float(information.eps)


@pytest.mark.parametrize("name", ["float64", "float32", "float16"])
def test_against_numpys_finfo(name: str) -> None:
    information = np.finfo(name)
    machine = MACHINES[name]
    assert machine.bits == information.nmant + 1
    assert machine.smallest == float(information.smallest_normal)
    assert machine.largest == float(information.max)


@each
def test_unit_roundoff(machine: Machine) -> None:
    """1 + u is a tie and goes to 1; a little more goes to the next number."""
    one, u = np.array(1.0), machine.u
    assert float(machine.round(one + u)) == 1
    assert float(machine.round(one + u * (1 + 2.0**-10))) == 1 + 2 * u
    assert float(machine.round(one + 2 * u)) == 1 + 2 * u


@each
def test_digits(machine: Machine) -> None:
    assert machine.digits == pytest.approx(machine.bits * math.log10(2))


@each
def test_range(machine: Machine) -> None:
    """Nothing above ``largest``; below ``smallest`` accuracy is lost."""
    with np.errstate(over="ignore"):
        above = np.array(machine.largest).astype(machine.dtype) * machine.dtype.type(2)
    assert np.isinf(above)
    assert float(machine.round(np.array(machine.smallest))) == machine.smallest
    odd = machine.smallest * (1 + 2 * machine.u)
    assert float(machine.round(np.array(odd))) == odd
    assert 4 * float(machine.round(np.array(odd / 4))) != odd


@pytest.mark.parametrize("machine", NARROW, ids=lambda m: m.name)
def test_rounding_is_to_the_nearest(machine: Machine) -> None:
    lost: set[bool] = set()

    @settings(max_examples=200, database=None, deadline=None, derandomize=True)
    @given(st.floats(2.0**-13, 2.0**15, width=32), st.booleans())
    def holds(size: float, negative: bool) -> None:
        x = -size if negative else size
        rounded = float(machine.round(np.array(x)))
        assert abs(rounded - x) <= machine.u * abs(x)
        lost.add(rounded != x)

    holds()
    assert (True in lost) == (machine.name != "float32")


@each
def test_what_is_too_large_is_clipped(machine: Machine) -> None:
    with np.errstate(over="ignore"):
        beyond = np.array([machine.largest, -machine.largest]) * (1 + 2.0**-4)
    x = machine.round(np.array([*beyond, machine.largest, -machine.largest, 1.0]))
    assert x.dtype == machine.dtype
    clipped = [machine.largest, -machine.largest] * 2 + [1.0]
    if machine.name == "float64":  # what is too large for float64 is infinite already
        clipped[:2] = [np.inf, -np.inf]
    assert np.asarray(x, float).tolist() == clipped


@each
def test_what_is_not_finite_stays(machine: Machine) -> None:
    x = np.asarray(machine.round(np.array([np.inf, -np.inf, np.nan])), float)
    assert np.array_equal(x, [np.inf, -np.inf, np.nan], equal_nan=True)


@each
def test_shape_and_sign_of_zero_are_kept(machine: Machine) -> None:
    assert machine.round(np.zeros((0, 3))).shape == (0, 3)
    assert machine.round(np.array(1.5)).shape == ()
    assert np.signbit(machine.round(np.array([-0.0]))).tolist() == [True]


@each
def test_a_rounded_number_stays(machine: Machine) -> None:
    x = machine.round(np.random.default_rng(0).standard_normal(100) * 10)
    again = machine.round(np.asarray(x, np.float64))
    assert np.array_equal(np.asarray(again, float), np.asarray(x, float))


def test_a_machine_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        MACHINES["float32"].bits = 53  # type: ignore[misc]
