"""What a tolerance is made of: the parts are those that made it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradient_conformance.laws.cases import expected as expected_of
from gradient_conformance.laws.cases import parse
from gradient_conformance.oracles.expected import FACTOR
from gradient_conformance.reports.lines import Entry, Environment, Tried
from gradient_conformance.reports.worst_entry import PARTS, worst_of

from .synthetic import verdict

NOW = Environment()


def parts(
    law: str, dtype: str, expected: float, tolerance: Any, ran: Environment = NOW
) -> list[int]:
    worst = {"at": [0], "expected": expected, "got": expected, "tolerance": tolerance}
    return worst_of(Entry.parse(verdict(law=law, dtype=dtype, worst=worst)), ran)[5]


def test_they_are_those_of_the_derived_tolerance() -> None:
    case = parse("logsumexp", "float32", "...=2 n=3 regime=wide seed=5")
    expected = expected_of(case, case.cotangent())
    target = expected.plain("z")
    for at in np.ndindex(target.low.shape):
        exact, tolerance = float(target.exact[at]), float(target.tolerance[at])
        own = FACTOR * expected.machine.u * abs(exact)
        least = FACTOR * expected.machine.smallest
        found = parts("gradient", "float32", exact, tolerance)
        wanted = [
            100 * (tolerance - own - least) / tolerance,
            100 * own / tolerance,
            100 * least / tolerance,
        ]
        assert found == pytest.approx(wanted, abs=0.5)


def test_each_part_can_be_the_largest() -> None:
    u = 2.0**-24
    assert parts("value", "float32", 1.0, 400 * u) == [99, 1, 0]
    assert parts("jvp", "float32", 1.0, 5 * u) == [20, 80, 0]
    assert parts("hvp_forward_over_reverse", "float16", 0.0, 4 * 2.0**-14) == [0, 0, 100]
    assert len(PARTS) == 3


@pytest.mark.parametrize("tolerance", [0.0, "nan", "inf", "a lot", None])
def test_a_tolerance_that_is_none_has_no_parts(tolerance: Any) -> None:
    assert parts("value", "float32", 1.0, tolerance) == []


def test_of_a_law_that_compares_answers_nothing_is_said() -> None:
    assert parts("agreement", "float32", 1.0, 1e-5) == []
    assert parts("cotangent_linearity", "float32", 1.0, 1e-5) == []


def test_of_a_backend_whose_products_keep_fewer_bits_nothing_is_said() -> None:
    """Its answers may be rounded more than the type rounds."""
    fewer = Tried("torch", product_bits={"float32": {"composed": "11"}})
    ran = Environment(backends=(fewer,))
    assert parts("value", "float32", 1.0, 1e-5, ran) == []
    assert parts("value", "float64", 1.0, 1e-5, ran) == [100, 0, 0]
