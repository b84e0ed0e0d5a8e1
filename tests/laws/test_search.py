"""The search: the fixed layer first, then what Hypothesis draws, and a small counterexample."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from gradient_conformance.laws.cases import Case
from gradient_conformance.laws.search import search
from gradient_conformance.laws.strategies import Profile, fixed_cases
from gradient_conformance.laws.verdicts import Verdict

PROFILE = Profile(shapes=6, examples=300, fixed=12, dtypes=("float64",))


class Judge:
    """Fails the cases for which ``fault`` holds, and remembers all that it was asked."""

    def __init__(self, fault: Callable[[Case], bool], outcome: str = "wrong") -> None:
        self.fault = fault
        self.outcome = outcome
        self.asked: list[Case] = []

    def __call__(self, case: Case) -> list[Verdict]:
        self.asked.append(case)
        failed = self.fault(case)
        return [Verdict("gradient", "x", self.outcome, message="here")] if failed else []

    @property
    def failing(self) -> list[Case]:
        """The cases that failed, in the order in which they were asked for."""
        return [case for case in self.asked if self.fault(case)]


def searched(fault: Callable[[Case], bool], seed: int = 0, identity: str = "linear_form") -> Judge:
    """A whole search with that fault in what is tried."""
    judge = Judge(fault)
    search(judge, identity, "float64", PROFILE, seed)
    return judge


def nothing(case: Case) -> bool:
    return False


def everything(case: Case) -> bool:
    return True


def a_large_entry(case: Case) -> bool:
    """One that N(0, 1) would not show: an x beyond 9 in an array of three or more."""
    x = case.arguments()["x"]
    return x.size > 2 and bool(np.abs(x).max() > 9)


def an_odd_cotangent(case: Case) -> bool:
    """One that no regime draws, so that only an injection shows it."""
    return abs(float(case.cotangent())) == 1e4


def test_the_fixed_layer_comes_first() -> None:
    fixed = fixed_cases("linear_form", "float64", PROFILE, 5)
    judge = searched(nothing, seed=5)
    assert judge.asked[: len(fixed)] == fixed
    assert judge.asked[len(fixed) :] != fixed


def test_where_nothing_fails_the_number_of_cases_is_the_profiles() -> None:
    judge = searched(nothing)
    assert len(judge.asked) == PROFILE.fixed + PROFILE.examples
    assert len(set(judge.asked)) > PROFILE.fixed + PROFILE.examples // 2


def test_a_failure_in_the_fixed_layer_ends_neither_layer() -> None:
    judge = searched(everything)
    assert judge.asked[: PROFILE.fixed] == fixed_cases("linear_form", "float64", PROFILE, 0)
    assert len(judge.asked) > PROFILE.fixed


@pytest.mark.parametrize("fault", [a_large_entry, an_odd_cotangent])
@pytest.mark.parametrize("seed", range(3))
def test_a_planted_fault_is_found_and_shrunk(fault: Callable[[Case], bool], seed: int) -> None:
    judge = searched(fault, seed)
    smallest = judge.failing[-1]
    assert smallest in judge.asked[PROFILE.fixed :]
    if fault is a_large_entry:
        assert dict(smallest.sizes) == {"n": 3}
        assert len(smallest.injections) <= 1
    else:
        assert dict(smallest.sizes) == {"n": 1}
        assert smallest.injections == (("ybar", 0, 1e4),)
        assert (smallest.regime, smallest.seed) == ("ordinary", 0)


def test_what_is_wrong_everywhere_is_shown_on_the_first_shape() -> None:
    assert searched(everything).asked[-1] == Case("linear_form", "float64", (("n", 1),))


def test_every_static_parameter_is_reached() -> None:
    judge = searched(lambda case: case.parameters["reduction"] == "sum", 0, "mean_squared_error")
    assert judge.failing[-1].parameters == {"reduction": "sum"}
    assert judge.failing[-1].size == 2


@pytest.mark.parametrize("fault", [nothing, a_large_entry])
def test_one_seed_gives_one_search(fault: Callable[[Case], bool]) -> None:
    assert searched(fault, seed=3).asked == searched(fault, seed=3).asked


def test_another_seed_gives_another_search() -> None:
    one, other = searched(nothing, seed=1).asked, searched(nothing, seed=2).asked
    assert not set(one[: PROFILE.fixed]) <= set(other)
    assert not set(one[PROFILE.fixed :]) <= set(other)


def test_it_gives_up_at_the_first_case_that_times_out() -> None:
    judge = Judge(everything, "timeout")
    search(judge, "linear_form", "float64", PROFILE, 0)
    assert len(judge.asked) == 1


def test_it_gives_up_in_the_drawn_layer_too() -> None:
    fixed = set(fixed_cases("linear_form", "float64", PROFILE, 0))
    judge = Judge(lambda case: case not in fixed, "timeout")
    search(judge, "linear_form", "float64", PROFILE, 0)
    assert len(set(judge.asked) - fixed) == 1


def test_an_answer_that_is_wrong_now_and_then_ends_no_run() -> None:
    """Hypothesis calls it flaky where a failure does not come again."""
    asked = []

    def judge(case: Case) -> list[Verdict]:
        asked.append(case)
        return [Verdict("gradient", "x", "wrong")] if len(asked) % 7 == 0 else []

    search(judge, "linear_form", "float64", PROFILE, 0)
    assert len(asked) > 12


@pytest.mark.parametrize("outcome", ["imprecise", "wrong", "error"])
def test_other_failures_are_not_raised(outcome: str) -> None:
    judge = Judge(everything, outcome)
    search(judge, "linear_form", "float64", PROFILE, 0)
    assert len(judge.asked) > 1


def test_what_the_judge_raises_itself_is_not_hidden() -> None:
    def broken_judge(case: Case) -> list[Verdict]:
        raise ZeroDivisionError("a fault of this project, not of a backend")

    with pytest.raises(ZeroDivisionError):
        search(broken_judge, "linear_form", "float64", PROFILE, 0)
