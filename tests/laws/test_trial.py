"""A trial asks a backend once for each cotangent, and turns what goes wrong into words."""

from __future__ import annotations

import numpy as np
import pytest

from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.laws import LAW_NAMES, LAWS, QUICK_LAWS, examine
from gradient_conformance.laws.trial import NoAnswer, Trial
from gradient_conformance.tests.implementations import broken
from gradient_conformance.tests.laws.trials import trial

QUICK = [law for law in QUICK_LAWS if law in LAWS]
"""The laws that NumPy, which differentiates nothing, can be held to."""

LINE = "m=3 n=2 seed=1"


class Counting(NumPy):
    """Remembers the cotangents that it was asked with."""

    name = "counting"

    def __init__(self):
        self.asked = []

    def vjp(self, function, arguments, wrt, ybar):
        self.asked.append(float(ybar))
        return super().vjp(function, arguments, wrt, ybar)


def counting() -> tuple[Trial, list[float]]:
    """A trial, and what its backend was asked."""
    asked = trial(Counting, "least_squares", LINE)
    backend = asked.implementation.backend
    assert isinstance(backend, Counting)
    return asked, backend.asked


def test_one_cotangent_is_asked_for_once() -> None:
    once, asked = counting()
    assert once.observed is once.observed
    assert once.observe(once.ybar.copy()) is once.observed
    assert asked == [float(once.ybar)]
    doubled = np.asarray(once.ybar * 2)
    assert once.observe(doubled) is not once.observed
    assert asked == [float(once.ybar), float(doubled)]


def test_it_can_be_asked_again() -> None:
    again, asked = counting()
    assert again.observe_again(again.ybar) is not again.observed
    assert len(asked) == 2


def test_all_laws_together_ask_for_five_answers() -> None:
    """ȳ, ȳ again, 0 and −2ȳ; of the two halves of a single entry one is 0 and one ȳ. And ȳ at the
    solution of the least squares, which a fact is about.
    """
    every, asked = counting()
    examine(every, QUICK)
    assert len(asked) == 5
    assert sorted(asked) == sorted([asked[0], asked[0], 0, -2 * asked[0], asked[0]])


def test_a_failure_is_remembered_too() -> None:
    raising = trial(broken.Raising, "least_squares", LINE)
    with pytest.raises(NoAnswer) as first:
        _ = raising.observed
    with pytest.raises(NoAnswer) as second:
        _ = raising.observed
    assert first.value is second.value


@pytest.mark.parametrize(
    ("adapter", "outcome", "words"),
    [
        (broken.Raising, "error", "RuntimeError: no kernel for this shape (raised at "),
        (broken.NotAPair, "error", "vjp returned float64; it must return a pair"),
        (broken.Nothing, "error", "NotImplementedError: Nothing does not define from_numpy"),
        (broken.Hanging, "timeout", "no answer within 0.1 s, the time limit for a case"),
    ],
)
def test_no_answer_says_why(adapter: type, outcome: str, words: str) -> None:
    found = trial(adapter, "least_squares", LINE, seconds=0.1)
    with pytest.raises(NoAnswer) as said:
        _ = found.observed
    assert said.value.outcome == outcome
    assert str(said.value).startswith(words)


def test_where_it_was_raised_is_said_with_file_and_line() -> None:
    with pytest.raises(NoAnswer, match=r"tests/implementations/broken\.py:\d+\)$"):
        _ = trial(broken.Raising, "least_squares", LINE).observed


def test_an_answer_in_time_is_an_answer() -> None:
    assert trial(NumPy, "least_squares", LINE, seconds=0.1).observed.value.shape == ()


def test_every_law_says_that_there_is_no_answer() -> None:
    found = examine(trial(broken.Raising, "least_squares", LINE), LAWS)
    at_a_point = [law for law in LAWS if law != "convention"]  # that one is about other cases
    assert [(v.law, v.outcome) for v in found] == [(law, "error") for law in at_a_point]


def test_the_list_of_laws_has_them_all() -> None:
    assert (*LAWS, "agreement") == LAW_NAMES
    assert all(law.__name__ == name and law.__doc__ for name, law in LAWS.items())


def test_only_the_laws_that_are_chosen_are_held() -> None:
    found = examine(trial(NumPy, "least_squares", LINE), ["value", "inputs_intact"])
    assert [v.law for v in found] == ["value", "inputs_intact"]


def test_literal_arrays_stand_in_for_those_of_the_case() -> None:
    """Another right answer: (2·3)² at ȳ = −1, whatever the case would have drawn."""
    case = trial(NumPy, "least_squares", "m=1 n=1")
    arguments = {"A": np.array([[2.0]]), "x": np.array([3.0]), "b": np.array([0.0])}
    given = Trial(case.implementation, case.case, given=(arguments, np.array(-1.0)))
    assert given.observed.value == 36
    assert {k: float(g.item()) for k, g in given.observed.gradients.items()} == {
        "A": -36.0,
        "x": -24.0,
        "b": 12.0,
    }
    assert {v.outcome for v in examine(given, QUICK)} == {"pass"}
    assert not np.array_equal(case.observed.value, given.observed.value)
    wrong = trial(broken.Negated, "least_squares", "m=1 n=1")
    spoiled = Trial(wrong.implementation, wrong.case, given=(arguments, np.array(-1.0)))
    assert {v.outcome for v in examine(spoiled, ["gradient"])} == {"wrong"}
