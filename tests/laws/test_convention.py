"""The law of conventions: at kinks and ties, between the one-sided derivatives, and recorded."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradient_conformance.commands.conduct import conduct
from gradient_conformance.commands.selection import Target, select
from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.implementation import Implementation
from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.laws.cases import parse
from gradient_conformance.laws.convention import (
    answers,
    convention,
    conventions,
    not_finite_cases,
    point_cases,
)
from gradient_conformance.laws.trial import Trial
from gradient_conformance.tests.implementations import broken
from gradient_conformance.tests.implementations.broken import each, spoiled
from gradient_conformance.tests.laws.trials import trial

NOT_FINITE = [(name, *pair) for name in CATALOGUE for pair in not_finite_cases(name, "float32")]
POINTS = [(name, *pair) for name in CATALOGUE for pair in point_cases(name, "float64")]
ENDLESS = {("square_root", "x = 0"), ("xlogy", "x = 0, y = 0")}
"""Where a one-sided derivative is infinite."""
CHOSEN = select(backends=["numpy"], laws=["convention", "gradient"])


def on(adapter: type, identity: str, case: Any) -> Trial:
    """A trial of the native implementation at a point."""
    implementation = Implementation(adapter(), "native", identity, CATALOGUE[identity].forward)
    return Trial(implementation, case)


def rows(adapter: type, identity: str) -> dict[tuple[str, str | None], dict[str, Any]]:
    """The rows of the laws of conventions and of gradients, by law and argument."""
    implementation = Implementation(adapter(), "native", identity, CATALOGUE[identity].forward)
    found = conduct(Target(implementation, "float64", "numpy"), CHOSEN)
    return {(row["law"], row["wrt"]): row for row in found}


def test_there_are_the_points_that_libraries_differ_at() -> None:
    named = {name for name, *_ in POINTS}
    assert named >= {"relu", "absolute_value", "maximum", "max_reduction", "clip", "sort"}
    assert named >= {"hard_tanh", "hard_sigmoid", "hard_swish", "relu6"}
    assert named >= {"euclidean_norm", "square_root", "power", "xlogy", "masked_quotient"}


@pytest.mark.parametrize(("name", "point", "case"), POINTS)
def test_a_point_is_what_it_says_and_a_line_says_it(name: str, point: Any, case: Any) -> None:
    for argument, given in point.arguments.items():
        assert np.array_equal(np.asarray(case.arguments()[argument], np.float64), given)
    ybar = case.cotangent()
    assert np.array_equal(ybar, np.ones(ybar.shape) if point.ybar is None else point.ybar)
    assert parse(name, "float64", case.line()) == case


@pytest.mark.parametrize(("name", "point", "case"), POINTS)
def test_hand_written_pairs_keep_to_the_interval(name: str, point: Any, case: Any) -> None:
    found = list(convention(on(NumPy, name, case)))
    assert [v.wrt for v in found] == list(CATALOGUE[name].gradients)
    assert {v.outcome for v in found} == {"pass"}


@pytest.mark.parametrize(("name", "point", "case"), POINTS)
def test_beyond_the_interval_is_wrong(name: str, point: Any, case: Any) -> None:
    beyond = spoiled("beyond", each(lambda g: np.asarray(g + 2.5, g.dtype)))
    outcomes = [v.outcome for v in convention(on(beyond, name, case))]
    assert set(outcomes) <= {"wrong", "pass"}
    assert ("wrong" in outcomes) or (name, point.says) in ENDLESS


@pytest.mark.parametrize(("name", "point", "case"), POINTS)
def test_not_a_number_is_wrong_where_the_sides_have_derivatives(
    name: str, point: Any, case: Any
) -> None:
    outcomes = {v.outcome for v in convention(on(broken.NotANumber, name, case))}
    endless = (name, point.says) in ENDLESS
    assert outcomes <= ({"wrong", "undecided"} if endless else {"wrong"})


@pytest.mark.parametrize(
    ("identity", "at", "wrt", "interval"),
    [
        ("relu", "z = 0", "z", (0.0, 1.0)),
        ("absolute_value", "x = 0", "x", (-1.0, 1.0)),
        ("maximum", "x = y", "y", (0.0, 1.0)),
        ("max_reduction", "three equal entries", "x", (0.0, 1.0)),
        ("sort", "three, cotangent (1, 0, 0)", "x", (0.0, 1.0)),
        ("euclidean_norm", "x = (0, 0)", "x", (-1.0, 1.0)),
        ("hard_swish", "z = 3", "z", (1.0, 1.5)),
        ("leaky_relu", "z = 0, slope = 0.25", "z", (0.25, 1.0)),
        ("power", "x = 0, p = 0", "x", (0.0, 0.0)),
        ("square_root", "x = 0", "x", (np.inf, np.inf)),
        ("xlogy", "x = 0, y = 0", "y", (0.0, 0.0)),
        ("masked_quotient", "b = 0, masked out", "a", (0.0, 0.0)),
    ],
)
def test_the_interval(identity: str, at: str, wrt: str, interval: tuple[float, float]) -> None:
    found = [
        c.interval
        for point, case in point_cases(identity, "float64")
        for c in conventions(on(NumPy, identity, case), point)
        if (c.at, c.wrt) == (at, wrt)
    ]
    assert found == [interval]


def test_entries_of_a_tie_may_share() -> None:
    (_, case), *_ = point_cases("max_reduction", "float64")

    def returning(xbar: np.ndarray) -> type:
        return spoiled("returning", lambda value, gradients, arguments: (value, {"x": xbar}))

    for share, outcome in (([0.5, 0, 0.5], "pass"), ([0, 0, 1], "pass"), ([0, 1, 0], "wrong")):
        xbar = np.array(share, np.float64)
        assert [v.outcome for v in convention(on(returning(xbar), "max_reduction", case))] == [
            outcome
        ]


def test_only_the_law_of_conventions_looks_at_the_points() -> None:
    """A fault at the point alone is reported there alone; elsewhere it says nothing."""

    def spoil(value: Any, gradients: Any, arguments: Any) -> Any:
        zero = not np.any(arguments["x"])
        return value, {"x": np.full_like(gradients["x"], np.nan) if zero else gradients["x"]}

    found = rows(spoiled("at_zero", spoil), "euclidean_norm")
    assert found["gradient", "x"]["verdict"] == "pass"
    assert found["convention", "x"]["verdict"] == "wrong"
    assert "between -1 and 1, got nan" in found["convention", "x"]["message"]
    assert list(convention(trial(NumPy, "relu", "...=2 regime=special"))) == []


def test_what_is_returned_is_written_down() -> None:
    row = rows(NumPy, "absolute_value")["convention", "x"]
    assert row["verdict"] == "pass"
    (line,) = [line for line in row["conventions"] if line.get("finite", True)]
    assert (line["at"], line["wrt"], line["value"]) == ("x = 0", "x", 0.0)
    assert line["interval"] == (-1.0, 1.0)
    assert line["case"] == "...=- regime=literal seed=0 x[0]=0.0"


def test_no_answer_is_written_down_too() -> None:
    row = rows(broken.Raising, "absolute_value")["convention", None]
    assert row["verdict"] == "error"
    assert {line["value"] for line in row["conventions"]} == {None}


def test_an_identity_without_such_points_has_no_row() -> None:
    assert not [key for key in rows(NumPy, "least_squares") if key[0] == "convention"]


@pytest.mark.parametrize(("name", "point", "case"), NOT_FINITE)
def test_what_is_not_finite_reaches_the_backend_and_is_not_judged(
    name: str, point: Any, case: Any
) -> None:
    for argument, given in point.arguments.items():
        read = parse(name, "float32", case.line()).arguments()[argument]
        assert np.array_equal(np.asarray(read, np.float64), given, equal_nan=True)
    (verdict,) = convention(on(broken.Zeros, name, case))
    assert verdict.outcome == "undecided"
    assert "not judged" in verdict.message
    kept = list(answers(on(NumPy, name, case), point))
    assert [a.wrt for a in kept] == ["value", *CATALOGUE[name].gradients]
    assert all(a.value is not None and a.interval is None for a in kept)


def test_inputs_that_are_not_finite_are_of_many_identities() -> None:
    named = {name for name, *_ in NOT_FINITE}
    assert named >= {"relu", "sigmoid", "gelu", "softmax", "logsumexp", "additive_mask_attention"}


def test_what_relu_returns_for_them_is_kept() -> None:
    kept = {
        point.says: [a.value for a in answers(on(NumPy, "relu", case), point)]
        for point, case in not_finite_cases("relu", "float64")
    }
    assert kept["z = ∞"] == [np.inf, 1.0]
    assert kept["z = −∞"] == [0.0, 0.0]
    assert set(kept) == {"z = ∞", "z = −∞", "z = NaN"}


def test_one_that_gives_no_answer_for_them_is_kept_as_that() -> None:
    (point, case), *_ = not_finite_cases("relu", "float64")
    assert [a.value for a in answers(on(broken.Raising, "relu", case), point)] == [None, None]


def test_they_travel_with_a_verdict_where_there_is_no_kink() -> None:
    implementation = Implementation(NumPy(), "native", "sigmoid", CATALOGUE["sigmoid"].forward)
    found = conduct(Target(implementation, "float64", "numpy"), CHOSEN)
    lines = [line for row in found for line in row.get("conventions", [])]
    assert {line["at"] for line in lines} == {"z = ∞", "z = −∞", "z = NaN"}
    assert {line["finite"] for line in lines} == {False}
    assert {row["verdict"] for row in found} == {"pass"}


def test_only_a_literal_case_may_inject_what_is_not_finite() -> None:
    with pytest.raises(ValueError, match="not finite"):
        parse("relu", "float64", "...=1 seed=0 z[0]=inf")
