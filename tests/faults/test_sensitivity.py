"""How small an error is found: measured, and found again by a fault of that size."""

from __future__ import annotations

import pytest

from gradient_conformance.faults import FAULTS, gradient_fault
from gradient_conformance.faults.hunt import KILLED, hunt
from gradient_conformance.faults.sensitivity import sensitivity
from gradient_conformance.laws.search import all_cases
from gradient_conformance.laws.strategies import PROFILES, Profile
from gradient_conformance.oracles.machine import MACHINES
from gradient_conformance.tests.faults.faulty_backends import right

SMOKE = PROFILES["smoke"]


@pytest.mark.parametrize("identity", ["linear_form", "trace", "log_determinant", "gelu"])
def test_it_is_some_units_of_roundoff(identity: str) -> None:
    for dtype in ("float64", "float32"):
        found = sensitivity(identity, dtype, SMOKE, range(5))
        u = MACHINES[dtype].u
        assert found.whole is not None
        assert found.entry is not None
        assert 2 * u <= found.whole <= found.entry <= 200 * u


def test_an_error_of_that_size_is_found_and_one_of_less_than_a_rounding_is_not() -> None:
    found = sensitivity("trace", "float64", SMOKE, range(5))
    assert found.whole is not None
    assert outcome("trace", 2 * found.whole) == KILLED
    assert outcome("trace", 2.0**-54) != KILLED


def outcome(identity: str, relative: float) -> str:
    """What becomes of a gradient that is off by a relative error."""

    @gradient_fault("off by a relative error")
    def off_by_some(call, g, name):
        return g * (1 + relative)

    try:
        cases = all_cases(identity, "float64", SMOKE, 0)
        return hunt(right(identity), FAULTS["off_by_some"], "X", cases, ["gradient"]).outcome
    finally:
        del FAULTS["off_by_some"]


def test_where_nothing_is_decided_there_is_none() -> None:
    """The smallest shape alone: softmax of one entry is 1 whatever it is."""
    smallest = Profile(shapes=1, examples=1, fixed=1, dtypes=("float64",))
    found = sensitivity("attention_weights", "float64", smallest, range(2))
    assert found.whole is None
    assert found.entry is None
