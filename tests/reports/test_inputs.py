"""The arrays of a case in the page: the very numbers, and never more than numbers."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gradient_conformance.identities.digest import catalogue_hash
from gradient_conformance.laws.cases import parse
from gradient_conformance.laws.strategies import PROFILES, fixed_cases
from gradient_conformance.oracles.machine import MACHINES, is_discrete
from gradient_conformance.reports import arrays
from gradient_conformance.reports.inputs import inputs_of
from gradient_conformance.reports.lines import Entry, Environment

from .synthetic import failure, verdict

NOW = Environment(catalogue=catalogue_hash())
NAMES = {"array": np.array, "nan": np.nan, "inf": np.inf}


def evaluated(text: str) -> np.ndarray:
    return eval(text, {"__builtins__": {}, "float": float}, NAMES)


def told(line: dict[str, Any], ran: Environment = NOW, limit: int = 64) -> Any:
    return inputs_of(Entry.parse(line), ran, limit)


@pytest.mark.parametrize("dtype", MACHINES)
@given(bits=st.integers(0, 2**64 - 1))
def test_a_number_is_the_same_when_it_is_read_back(dtype: str, bits: int) -> None:
    machine = MACHINES[dtype]
    size = machine.dtype.itemsize
    number = np.frombuffer((bits % 2 ** (8 * size)).to_bytes(size, "little"), machine.dtype)
    with np.errstate(invalid="ignore"):  # a signalling NaN
        assume(number == number)
    text = arrays.expression(json_numbers(number), dtype)
    assert np.asarray(evaluated(text), machine.dtype).tobytes() == number.tobytes()


def json_numbers(x: np.ndarray) -> Any:
    """As the ledger has them."""
    return [value if np.isfinite(value) else str(value) for value in np.asarray(x, float).tolist()]


@pytest.mark.parametrize(
    ("array", "text"),
    [
        ([0, 3], "array([0, 3])"),
        ([True, False], "array([True, False])"),
        (2, "array(2)"),
        (2.0, "array(2, float)"),
        ([-0.0, 0.5], "array([-0.0, 0.5], float)"),
        (["nan", "-inf"], "array([nan, -inf], float)"),
        (["__import__('os').system('reboot')"], ""),
        ([1.0, {"a": 1}], ""),
        ([1.0, None], ""),
    ],
)
def test_only_numbers_become_code(array: Any, text: str) -> None:
    assert arrays.expression(array, "float32") == text


def test_the_arrays_of_a_failure_are_those_of_the_ledger() -> None:
    names = [name for name, _ in told(failure(case="no case at all"), Environment())]
    assert names == ["A", "x", "b", "ybar"]
    each: list[Any] = ["text", ["x"], [[1.0], [2.0, 3.0]], [], [[], []], None]
    for bad in each:
        line = failure()
        line["shown"]["arguments"]["A"] = bad
        assert told(line) is None


@pytest.mark.parametrize("identity", ["softmax", "embedding", "masked_quotient", "least_squares"])
def test_other_arrays_are_built_as_the_run_built_them(identity: str) -> None:
    for case in fixed_cases(identity, "float32", PROFILES["smoke"], 3):
        found = told(verdict(identity=identity, case=case.line()), limit=10**6)
        wanted = {**case.arguments(), "ybar": case.cotangent()}
        if 0 in [x.size for x in wanted.values()]:
            assert found is None
            continue
        assert [name for name, _ in found] == [*wanted]
        for (name, text), x in zip(found, wanted.values(), strict=True):
            again = evaluated(text)
            assert is_discrete(again) == is_discrete(x), name
            np.testing.assert_array_equal(again.astype(x.dtype), x)


def test_of_another_catalogue_none_are_built() -> None:
    line = verdict(identity="softmax", case="...=2 n=3 regime=ties seed=1")
    assert told(line) is not None
    assert told(line, Environment(catalogue="8d1fc0a2b7e4")) is None


def test_large_ones_are_left_to_the_command() -> None:
    case = "...=2 n=3 regime=ties seed=1"
    assert parse("softmax", "float32", case)
    line = verdict(identity="softmax", case=case)
    assert told(line, limit=12) is not None
    assert told(line, limit=11) is None, "6 in the argument, 6 in the cotangent"


@pytest.mark.parametrize(
    "case",
    [
        "...=99999999 n=99999999 regime=ties seed=1", "nonsense", "...=2 regime=ties seed=1",
        "...=2 n=0 regime=ties seed=1",
    ],
)  # fmt: skip
def test_a_case_that_is_none_or_is_huge_costs_nothing(case: str) -> None:
    started = time.perf_counter()
    assert told(verdict(identity="softmax", case=case)) is None
    assert told(verdict(identity="no_such_identity", case=case)) is None
    assert told(verdict(dtype="float8", identity="softmax", case=case)) is None
    assert time.perf_counter() - started < 1
