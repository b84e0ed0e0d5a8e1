"""Which failures a recorded deviation is about: laws, versions, and the cases it names."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from gradient_conformance.implementations.declared import Declared, Deviation, read_records

RIGHT = Deviation(
    identity="trace",
    routes=("native",),
    dtypes=("float64",),
    laws=("gradient",),
    versions="<=2.0",
    reason="it is off",
    issue="",
    witness="n=0 seed=3",
)


@pytest.mark.parametrize(
    ("version", "covered"),
    [
        ("2.0", True),
        ("1.13.1", True),
        ("2.0+cpu", True),
        ("2.0rc1", True),
        ("2.0.1", False),
        ("2.1.0a0+git1234", False),
        ("3", False),
        ("unknown", True),
        ("nightly build", True),
    ],
)
def test_a_range_of_versions(version: str, covered: bool) -> None:
    found = Declared((RIGHT,)).deviations_of("trace", "native", "float64", version)
    assert found == ((RIGHT,) if covered else ())


@pytest.mark.parametrize(
    "asked",
    [
        ("determinant", "native", "float64", "1.0"),
        ("trace", "composed", "float64", "1.0"),
        ("trace", "native", "float32", "1.0"),
    ],
)
def test_a_deviation_is_of_one_identity_route_and_type(asked: tuple[str, str, str, str]) -> None:
    assert Declared((RIGHT,)).deviations_of(*asked) == ()


def test_a_deviation_covers_its_laws() -> None:
    assert RIGHT.covers("gradient", "wrong")
    assert not RIGHT.covers("value", "wrong")


def test_one_that_crashes_covers_no_wrong_number() -> None:
    """Where the call is made, on another processor, its answer is held to the laws."""
    crashing = dataclasses.replace(RIGHT, crashes=("vjp",))
    assert crashing.covers("gradient", "crash")
    assert not crashing.covers("value", "crash")
    assert not any(crashing.covers("gradient", o) for o in ("wrong", "imprecise", "error"))


@pytest.mark.parametrize(
    ("crashes", "ability", "ends"),
    [
        ((), "vjp", False),
        (("hvp",), "vjp", False),
        (("vjp",), "compiled_vjp", False),
        (("vjp", "compiled_vjp"), "compiled_vjp", True),
        (("hvp",), "hvp forward over reverse", True),
        (("hvp forward over reverse",), "hvp forward over reverse", True),
        (("hvp forward over reverse",), "hvp reverse over reverse", False),
    ],
)
def test_a_crash_is_of_an_ability(crashes: tuple[str, ...], ability: str, ends: bool) -> None:
    assert dataclasses.replace(RIGHT, crashes=crashes).ends_process(ability) == ends


@pytest.mark.parametrize(
    ("where", "sizes", "meant"),
    [
        ({}, {"n": 1}, True),
        ({"n": 0}, {"n": 0, "m": 3}, True),
        ({"n": 0}, {"n": 1, "m": 0}, False),
        ({"n": 0}, {"m": 0}, False),
        ({"n": (2, float("inf"))}, {"n": 2}, True),
        ({"n": (2, float("inf"))}, {"n": 1}, False),
        ({"n": (1, 2)}, {"n": 3}, False),
        ({"n": 0, "m": 1}, {"n": 0, "m": 1}, True),
        ({"n": 0, "m": 1}, {"n": 0, "m": 2}, False),
        ({"...": 0}, {"...": (2, 0)}, True),
        ({"...": 0}, {"...": (2, 1)}, False),
        ({"...": 0}, {"...": ()}, False),
        ({"...": 1}, {"...": ()}, True),
        ({"*b": (1, 6)}, {"*b": (2, 3)}, True),
        ({"*b": (1, 6)}, {"*b": (2, 4)}, False),
        ({"*b": (1, 6)}, {"*a": (2, 3)}, False),
    ],
)
def test_a_deviation_may_be_of_some_sizes_only(
    where: dict[str, Any], sizes: dict[str, Any], meant: bool
) -> None:
    assert dataclasses.replace(RIGHT, where=where).holds_at(sizes, {}, {}) == meant


@pytest.mark.parametrize(
    ("recorded", "parameters", "meant"),
    [
        ({}, {"p": 3}, True),
        ({"p": 0}, {"p": 0}, True),
        ({"p": 0}, {"p": 1}, False),
        ({"p": 0}, {}, False),
        ({"p": 0}, {"p": 0.0}, False),
        ({"p": (0, 2)}, {"p": 2}, True),
        ({"p": (0, 2)}, {"p": 1}, False),
        ({"eps": 1e-05}, {"eps": 1e-05}, True),
        ({"eps": 1e-05}, {"eps": 0.001}, False),
        ({"reduction": "mean"}, {"reduction": "mean"}, True),
        ({"keepdims": True}, {"keepdims": True, "axis": None}, True),
        ({"keepdims": True, "axis": "None"}, {"keepdims": True, "axis": None}, True),
        ({"keepdims": True, "axis": "None"}, {"keepdims": True, "axis": 0}, False),
        ({"geometry": "(2,_1,_1,_1)"}, {"geometry": (2, 1, 1, 1)}, True),
        ({"geometry": "(2,_1,_1,_1)"}, {"geometry": (1, 0, 1, 1)}, False),
    ],
)
def test_a_deviation_may_be_of_some_static_parameters_only(
    recorded: dict[str, Any], parameters: dict[str, Any], meant: bool
) -> None:
    record = dataclasses.replace(RIGHT, parameters=recorded)
    assert record.holds_at({}, parameters, {}) == meant


def test_a_deviation_may_be_of_some_magnitudes_only() -> None:
    narrowed = dataclasses.replace(RIGHT, magnitudes={"X": (2.0, 3.0)})
    for numbers, meant in (
        ([[-2.5]], True),
        ([[2.0, 9.0]], True),
        ([[1.9, 3.1]], False),
        (np.zeros((0, 0)), False),
    ):
        assert narrowed.holds_at({}, {}, {"X": np.array(numbers)}) == meant


def test_an_answer_is_the_value_or_a_gradient() -> None:
    for law, of_it in (("value", True), ("gradient", True), ("same_answer_twice", False)):
        assert dataclasses.replace(RIGHT, laws=(law,)).is_of_the_answer == of_it


def test_what_narrows_a_record_is_read_from_its_file() -> None:
    text = """[[deviation]]
        identity = "power"
        routes = ["native"]
        dtypes = ["float64"]
        laws = ["gradient"]
        crashes = ["hvp"]
        where = { "..." = 0, n = [2, inf] }
        parameters = { p = [0, 1], eps = 1e-05 }
        versions = "<=1"
        reason = "off"
        issue = ""
        witness = "…"
        """
    (record,) = read_records(text, "backend").deviations
    assert record.where == {"...": 0, "n": (2, float("inf"))}
    assert record.parameters == {"p": (0, 1), "eps": 1e-05}
    assert record.crashes == ("hvp",)
