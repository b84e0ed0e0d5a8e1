"""Verdicts: what passes, what is imprecise, what is wrong, and what cannot be said."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.laws.verdicts import (
    FAILURES,
    OUTCOMES,
    SEVERITY,
    Comparison,
    Verdict,
    Worst,
    compare,
    digits_right,
    judge,
    judge_against,
)
from gradient_conformance.oracles.expected import Expected, Target
from gradient_conformance.oracles.machine import MACHINES, Machine

DOUBLE = MACHINES["float64"]
EVERY_TYPE = pytest.mark.parametrize("machine", MACHINES.values(), ids=list(MACHINES))


def target(*exact: float, tolerance: float = 1e-12) -> Target:
    """One number for each entry."""
    x = np.array(exact, np.float64)
    return Target(x, x, np.full_like(x, tolerance))


def outcome(observed: list[float], wanted: Target, machine: Machine = DOUBLE) -> str:
    """What comes of comparing these numbers."""
    return compare(np.array(observed, np.float64), wanted, machine).outcome


def test_outcomes_are_from_best_to_worst() -> None:
    assert next(iter(OUTCOMES)) == "pass"
    assert SEVERITY["pass"] < SEVERITY["undecided"] < SEVERITY["imprecise"] < SEVERITY["wrong"]
    assert SEVERITY["wrong"] < SEVERITY["error"] < SEVERITY["timeout"] < SEVERITY["crash"]
    assert set(OUTCOMES) - set(FAILURES) == {"pass", "known", "unsupported", "undecided"}
    assert {o for o in OUTCOMES if Verdict("value", None, o).failed} == set(FAILURES)


def test_within_the_tolerance_is_a_pass() -> None:
    found = compare(np.array([1.0, 2.0 + 5e-13]), target(1.0, 2.0), DOUBLE)
    assert found.outcome == "pass"
    assert found.margin == pytest.approx(0.5, rel=1e-3)
    assert found.digits == pytest.approx(-np.log10(5e-13 / 2), rel=1e-3)
    assert found.message == ""


def test_at_the_tolerance_is_a_pass_and_beyond_it_is_none() -> None:
    wanted = target(0.0, 1.0, tolerance=2.0**-40)
    assert outcome([2.0**-40, 1.0], wanted) == "pass"
    assert outcome([2.0**-40 * (1 + 2.0**-52), 1.0], wanted) in FAILURES


def test_an_exact_answer_has_all_digits() -> None:
    assert compare(np.array([3.0]), target(3.0), DOUBLE) == Comparison("pass", 0, DOUBLE.digits)


@EVERY_TYPE
def test_wrong_is_at_most_half_of_the_digits(machine: Machine) -> None:
    half = 10 ** (-machine.digits / 2)
    wanted = target(1.0, tolerance=half / 4)
    assert outcome([1 + 0.24 * half], wanted, machine) == "pass"
    assert outcome([1 + 0.9 * half], wanted, machine) == "imprecise"
    assert outcome([1 + 1.1 * half], wanted, machine) == "wrong"
    assert outcome([1 - 1.1 * half], wanted, machine) == "wrong"


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_is_wrong(number: float) -> None:
    found = compare(np.array([1.0, number, 2.0]), target(1.0, 2.0, 2.0), DOUBLE)
    assert (found.outcome, found.margin, found.digits) == ("wrong", np.inf, 0)
    assert found.message.startswith(f"at [1] expected 2, got {number}")


@pytest.mark.parametrize("number", [1.0, 7.0, np.nan])
def test_a_tolerance_that_is_not_finite_decides_nothing(number: float) -> None:
    found = compare(np.array([number]), target(1.0, tolerance=np.inf), DOUBLE)
    assert (found.outcome, found.message) == ("undecided", "the tolerance is not finite")
    assert outcome([number], target(1.0, tolerance=np.nan)) == "undecided"
    assert outcome([number], target(np.inf)) == "undecided"
    assert outcome([number], target(1.0)) == ("pass" if number == 1 else "wrong")


def test_an_answer_that_the_type_cannot_hold_decides_nothing() -> None:
    half = MACHINES["float16"]
    found = compare(np.array([np.inf]), target(65505.0, tolerance=40.0), half)
    assert found.outcome == "undecided"
    assert found.message == "the exact answer is too large for float16"
    assert outcome([np.inf], target(65504.0, tolerance=40.0), half) == "wrong"
    assert outcome([np.inf], target(65505.0, tolerance=0.01), MACHINES["float32"]) == "wrong"


@pytest.mark.parametrize(("tolerance", "exact"), [(np.inf, 2.0), (1e-12, 1e309), (1e-12, 70000.0)])
def test_what_cannot_be_told_of_one_entry_hides_no_other(tolerance: float, exact: float) -> None:
    machine = MACHINES["float16"]
    wanted = target(1.0, exact)
    wanted.tolerance[1] = tolerance
    assert outcome([1.0, 9.0], wanted, machine) == "undecided"
    assert outcome([1.0, np.nan], wanted, machine) == "undecided"
    found = compare(np.array([2.0, np.nan]), wanted, machine)
    assert found.outcome == "wrong"
    assert found.message.startswith("at [0] expected 1, got 2")
    assert outcome([2.0, 9.0], target(1.0, 9.0), machine) == "wrong"


def test_a_tolerance_in_which_a_gross_fault_would_fit_decides_nothing() -> None:
    found = compare(np.array([1.0, 0.1]), target(1.0, 0.1, tolerance=0.51), DOUBLE)
    assert found.outcome == "undecided"
    assert found.message == "a gross fault would fit in the tolerance"
    assert outcome([1.0, 0.1], target(1.0, 0.1, tolerance=0.49)) == "pass"
    # The largest entry counts: beside 2, a tolerance of 0.51 tells a fault.
    assert outcome([2.0, 0.1], target(2.0, 0.1, tolerance=0.51)) == "pass"


@settings(max_examples=200, database=None, deadline=None)
@given(
    st.floats(1e-3, 1e3),
    st.floats(1.01, 1e6),
    st.floats(1e-12, 1e6),
    st.booleans(),
)
def test_a_failure_is_a_failure_however_wide_the_tolerance(
    exact: float, times: float, tolerance: float, above: bool
) -> None:
    """Only what would pass may be undecided for its tolerance."""
    off = times * tolerance if above else -times * tolerance
    wanted = target(exact, tolerance=tolerance)
    assert outcome([exact + off], wanted) in FAILURES or abs(off) < 1e-9 * exact
    assert outcome([exact], wanted) == ("undecided" if tolerance > exact / 2 else "pass")


def test_where_the_answer_is_zero_all_over_zeros_are_exact() -> None:
    found = compare(np.zeros(3), target(0.0, 0.0, 0.0), DOUBLE)
    assert found == Comparison("pass", 0, DOUBLE.digits)
    near = compare(np.array([0.0, 5e-13, 0.0]), target(0.0, 0.0, 0.0), DOUBLE)
    assert near == Comparison("pass", 0.5, DOUBLE.digits)  # no digit of a zero is wrong
    found = compare(np.array([0.0, 1e-11, 0.0]), target(0.0, 0.0, 0.0), DOUBLE)
    assert (found.outcome, found.digits) == ("wrong", 0)
    assert found.margin == pytest.approx(10)


def test_numbers_below_the_normal_ones_are_not_too_wide() -> None:
    tiny = DOUBLE.smallest
    assert outcome([tiny / 2], target(tiny / 2, tolerance=4 * tiny)) == "pass"
    assert outcome([9 * tiny], target(tiny / 2, tolerance=4 * tiny)) in FAILURES


def test_of_an_empty_array_nothing_is_decided() -> None:
    empty = np.zeros((0, 3))
    found = compare(empty, Target(empty, empty, empty), DOUBLE)
    assert found == Comparison("undecided", 0, DOUBLE.digits, "there is nothing to compare")


@pytest.mark.parametrize(
    ("number", "says"),
    [(0.0, "pass"), (0.4, "pass"), (1.0, "pass"), (-1e-3, "wrong"), (1.1, "wrong")],
)
def test_at_a_kink_everything_between_the_two_sides_passes(number: float, says: str) -> None:
    low, high = np.array([0.0, 2.0]), np.array([1.0, 2.0])
    found = compare(np.array([number, 2.0]), Target(low, high, np.full(2, 1e-12)), DOUBLE)
    assert found.outcome == says
    assert ("expected between 0 and 1" in found.message) == (says == "wrong")


def test_a_sixteen_bit_array_is_compared_as_it_is() -> None:
    machine = MACHINES["bfloat16"]
    x = machine.round(np.array([1.0, 3.0]))
    assert compare(x, target(1.0, 3.0, tolerance=1e-9), machine).outcome == "pass"
    assert compare(x, target(1.0, 4.0, tolerance=1e-9), machine).outcome == "wrong"


def test_the_worst_entry_is_described() -> None:
    wanted = Target(np.zeros((2, 2)), np.zeros((2, 2)), np.array([[1.0, 1.0], [4.0, 1.0]]))
    found = compare(np.array([[0.0, 2.0], [40.0, 3.0]]), wanted, DOUBLE)
    assert found.message == (
        "at [1, 0] expected 0, got 40; the tolerance is 4 and the error 10 times that; "
        "3 of 4 entries are off"
    )
    scalar = Target(np.array(1.0), np.array(1.0), np.array(0.125))
    assert compare(np.array(2.0), scalar, DOUBLE).message.startswith("(a scalar) expected 1, got 2")


@EVERY_TYPE
def test_digits_right(machine: Machine) -> None:
    assert digits_right(0.0, 5.0, machine) == machine.digits
    assert digits_right(0.0, 0.0, machine) == machine.digits
    assert digits_right(1e-320, 1e300, machine) == machine.digits
    assert digits_right(machine.u / 1000, 1.0, machine) == machine.digits
    assert digits_right(2e-2, 2.0, machine) == pytest.approx(2)
    assert digits_right(5.0, 2.0, machine) == 0
    assert digits_right(1e-300, 0.0, machine) == 0
    assert digits_right(np.inf, 1.0, machine) == 0


class Asked:
    """A target for each level, and which of them were asked for."""

    def __init__(self, **levels: Target | None) -> None:
        self.levels = levels
        self.asked: list[str] = []

    def __call__(self, level: str) -> Target | None:
        self.asked.append(level)
        return self.levels[level]

    def judge(self, number: float) -> Comparison:
        self.asked.clear()
        return judge_against(np.array([number]), self, DOUBLE, list(self.levels))


def test_the_next_level_is_asked_for_only_where_one_is_missed() -> None:
    levels = Asked(
        plain=target(1.0), ranged=target(1.0, tolerance=0.1), last=target(1.0, tolerance=0.2)
    )
    for number, says, asked in (
        (1.0, "pass", ["plain"]),
        (1.05, "pass", ["plain", "ranged"]),
        (1.15, "pass", ["plain", "ranged", "last"]),
        (1.25, "wrong", ["plain", "ranged", "last"]),
    ):
        assert levels.judge(number).outcome == says
        assert levels.asked == asked


def test_what_is_undecided_is_not_asked_for_again() -> None:
    levels = Asked(plain=target(1.0, tolerance=np.inf), ranged=target(1.0))
    assert levels.judge(2.0).outcome == "undecided"
    assert levels.asked == ["plain"]


def test_a_failure_is_measured_by_the_last_level() -> None:
    levels = Asked(plain=target(1.0), ranged=target(1.0, tolerance=0.25))
    assert levels.judge(2.0).margin == 4


def test_where_the_formula_leaves_the_range_nothing_can_be_said() -> None:
    levels = Asked(plain=target(1.0), ranged=None, last=target(1.0))
    found = levels.judge(np.inf)
    assert found.outcome == "undecided"
    assert found.message == "the formula itself leaves the range of float64"
    assert levels.asked == ["plain", "ranged"]
    assert levels.judge(1.0).outcome == "pass"


def expected(diagonal: float) -> Expected:
    """The log det of a diagonal matrix, whose determinant is the product."""
    X = np.diag([diagonal, diagonal])
    return Expected(CATALOGUE["log_determinant"], {"X": X}, np.array(1.0), {}, DOUBLE)


@pytest.mark.parametrize(
    ("diagonal", "answer", "says"),
    [
        (1e200, 2 * np.log(1e200), "pass"),  # a better algorithm than the formula's
        (1e200, np.inf, "undecided"),  # what det, then log gives: 10⁴⁰⁰ overflows
        (1e100, 2 * np.log(1e100), "pass"),
        (1e100, np.inf, "wrong"),
    ],
)
@pytest.mark.parametrize("route", ["native", "composed"])
def test_an_overflow_is_forgiven_where_the_formula_overflows(
    diagonal: float, answer: float, says: str, route: str
) -> None:
    assert judge(np.array(answer), None, expected(diagonal), route).outcome == says


def test_a_gradient_is_judged_by_its_name() -> None:
    inverse: Callable[[float], np.ndarray] = lambda d: np.diag([1 / d, 1 / d])  # noqa: E731
    assert judge(inverse(8.0), "X", expected(8.0), "native").outcome == "pass"
    assert judge(inverse(4.0), "X", expected(8.0), "native").outcome == "wrong"


def test_the_worst_entry_is_told_of_a_pass_too() -> None:
    wanted = Target(np.array([1.0, 2.0]), np.array([1.0, 3.0]), np.array([1e-12, 1e-12]))
    for beyond, verdict in ((5e-13, "pass"), (5e-9, "imprecise")):
        found = compare(np.array([1.0, 3.0 + beyond]), wanted, DOUBLE)
        assert found.outcome == verdict
        assert found.worst == Worst((1,), 2.0, 3.0, 3.0 + beyond, 1e-12)
