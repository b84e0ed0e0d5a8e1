"""The tally: many verdicts on one law and argument become one row."""

from __future__ import annotations

from typing import Any

import pytest

from gradient_conformance.implementations.declared import Deviation
from gradient_conformance.laws.cases import Case, parse
from gradient_conformance.laws.tally import Entry, Tally
from gradient_conformance.laws.verdicts import OUTCOMES, Verdict


def case(n: int, odd: str = "") -> Case:
    """One of that many entries."""
    return parse("square", "float64", f"...={n} {odd}")


def verdict(
    outcome: str,
    margin: float | None = None,
    digits: float | None = None,
    law: str = "gradient",
    wrt: str | None = "X",
    message: str = "",
) -> Verdict:
    return Verdict(law, wrt, outcome, margin, digits, message)


def entry(tally: Tally, law: str = "gradient", wrt: str | None = "X") -> Entry:
    """The row of one law and argument."""
    return tally.entries[(law, wrt)]


def deviation(**changes: Any) -> Deviation:
    """A record that the gradient of square is off."""
    fields: dict[str, Any] = {
        "identity": "square",
        "routes": ("native",),
        "dtypes": ("float64",),
        "laws": ("gradient",),
        "versions": ">=1",
        "reason": "off by a billionth",
        "issue": "",
        "witness": "...=3",
    }
    return Deviation(**{**fields, **changes})


def test_one_row_for_each_law_and_argument() -> None:
    tally = Tally()
    tally.add(case(1), [verdict("pass"), verdict("pass", wrt="Z"), verdict("pass", law="value")])
    tally.add(case(2), [verdict("pass")])
    assert {key: e.examples for key, e in tally.entries.items()} == {
        ("gradient", "X"): 2,
        ("gradient", "Z"): 1,
        ("value", "X"): 1,
    }


def test_passes_keep_the_least_digits_and_the_largest_margin() -> None:
    tally = Tally()
    for n, margin, digits in ((1, 0.125, 15.0), (2, 0.5, 14.0), (3, 0.25, 15.5)):
        assert tally.add(case(n), [verdict("pass", margin, digits)]) == []
    row = entry(tally)
    assert (row.outcome(), row.examples, row.passed, row.undecided) == ("pass", 3, 3, 0)
    assert (row.margin, row.digits) == (0.5, 14.0)
    assert row.case == case(2)


def test_one_failure_among_passes_is_the_row() -> None:
    tally = Tally()
    tally.add(case(1), [verdict("pass", 0.5, 15.0)])
    failed = tally.add(case(2), [verdict("wrong", 9.0, 0.0, message="here")])
    tally.add(case(3), [verdict("pass", 0.75, 15.0)])
    row = entry(tally)
    assert [v.message for v in failed] == ["here"]
    assert (row.outcome(), row.examples, row.passed) == ("wrong", 3, 2)
    assert (row.margin, row.digits, row.case) == (9.0, 0.0, case(2))
    assert row.worst is failed[0]


def test_the_worst_outcome_stands() -> None:
    """In whichever order they come, and however small the case of the lesser one."""
    seen = ["wrong", "imprecise", "error", "imprecise", "pass"]
    for order in (seen, seen[::-1]):
        tally = Tally()
        for n, outcome in enumerate(order):
            tally.add(case(n), [verdict(outcome)])
        assert entry(tally).outcome() == "error"
        assert entry(tally).case == case(2)


def test_of_equal_failures_the_smallest_case_is_shown() -> None:
    for sizes in ((5, 2, 4), (2, 4, 5), (5, 4, 2)):
        tally = Tally()
        for n in sizes:
            tally.add(case(n), [verdict("wrong", margin=10.0 * n)])
        assert entry(tally).case == case(2)
        assert entry(tally).margin == 50.0


def test_of_equally_small_failures_the_last_is_shown_for_that_is_what_shrinking_ends_at() -> None:
    tally = Tally()
    for odd in ("seed=9", "seed=3", "seed=0"):
        tally.add(case(2, odd), [verdict("wrong", 1.5)])
    tally.add(case(2, "X[0]=1.0"), [verdict("wrong", 7.0)])
    assert entry(tally).case == case(2, "seed=0")


def test_undecided_is_counted_by_case() -> None:
    tally = Tally()
    tally.add(case(1), [verdict("undecided"), verdict("undecided")])
    tally.add(case(2), [verdict("undecided"), verdict("pass")])
    tally.add(case(3), [verdict("undecided"), verdict("wrong")])
    row = entry(tally)
    assert (row.examples, row.undecided, row.passed) == (3, 1, 1)
    assert tally.decided("gradient") == 2
    assert tally.decided("value") == 0


def test_nothing_decided_is_no_pass() -> None:
    tally = Tally()
    assert tally.add(case(1), [verdict("undecided", 0.0, 0.0)]) == []
    row = entry(tally)
    assert (row.outcome(), row.passed, row.worst, row.digits) == ("undecided", 0, None, None)
    assert tally.decided("gradient") == 0
    tally.add(case(2), [verdict("pass", 0.0, 15.0)])
    assert row.outcome() == "pass"


def test_decided_counts_every_argument() -> None:
    tally = Tally()
    tally.add(case(1), [verdict("pass"), verdict("undecided", wrt="Z"), verdict("wrong", wrt="b")])
    assert tally.decided("gradient") == 2


def test_a_case_in_which_one_of_two_fails_is_not_passed() -> None:
    tally = Tally()
    failed = tally.add(case(1), [verdict("pass", 0.1, 15.0), verdict("imprecise", 3.0, 9.0)])
    assert [v.outcome for v in failed] == ["imprecise"]
    row = entry(tally)
    assert (row.examples, row.passed, row.undecided) == (1, 0, 0)
    assert (row.outcome(), row.digits, row.margin) == ("imprecise", 9.0, 3.0)


def test_what_is_recorded_is_known_and_no_failure() -> None:
    tally = Tally([deviation()])
    assert tally.add(case(3), [verdict("wrong", 4.0, 2.0)]) == []
    tally.add(case(5), [verdict("pass", 0.5, 15.0)])
    row = entry(tally)
    assert (row.outcome(), row.examples, row.known, row.passed) == ("known", 2, 1, 1)
    assert row.record == deviation()
    assert (row.digits, row.margin) == (15.0, 0.5)  # those of what is not known
    assert row.deviation == verdict("wrong", 4.0, 2.0)
    assert row.deviation_case == case(3)


def test_without_the_record_it_fails() -> None:
    assert len(Tally().add(case(3), [verdict("wrong", 4.0, 2.0)])) == 1


def test_a_record_of_another_law_covers_nothing() -> None:
    tally = Tally([deviation(laws=("value",))])
    assert len(tally.add(case(3), [verdict("wrong"), verdict("wrong", law="value")])) == 1
    assert entry(tally).outcome() == "wrong"
    assert entry(tally, "value").outcome() == "known"


def test_a_record_may_be_of_some_sizes_only() -> None:
    sized = deviation(identity="trace", where={"n": 0})
    tally = Tally([sized])
    empty, single = (parse("trace", "float64", f"n={n}") for n in (0, 1))
    assert tally.add(empty, [verdict("error")]) == []
    assert entry(tally).outcome() == "known"
    assert len(tally.add(single, [verdict("error")])) == 1
    assert entry(tally).outcome() == "error"
    assert entry(tally).case == single


def test_a_failure_that_is_not_recorded_outweighs_one_that_is() -> None:
    tally = Tally([deviation(identity="trace", where={"n": 0})])
    tally.add(parse("trace", "float64", "n=1"), [verdict("imprecise", 2.0, 9.0)])
    tally.add(parse("trace", "float64", "n=0"), [verdict("error")])
    row = entry(tally)
    assert (row.outcome(), row.known, row.examples) == ("imprecise", 1, 2)
    assert tally.decided("gradient") == 2


def test_the_worst_of_what_is_known_is_kept() -> None:
    tally = Tally([deviation()])
    for n, margin in ((4, 2.0), (5, 8.0), (6, 3.0)):
        tally.add(case(n), [verdict("imprecise", margin)])
    assert entry(tally).deviation == verdict("imprecise", 8.0)
    assert entry(tally).deviation_case == case(5)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_only_a_pass_is_counted_as_one(outcome: str) -> None:
    tally = Tally()
    tally.add(case(1), [verdict(outcome)])
    assert bool(entry(tally).passed) == (outcome == "pass")
