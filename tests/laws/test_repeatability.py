"""The laws of intact inputs and of the same answer twice: what keeps them, and what breaks them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.laws import examine
from gradient_conformance.laws.repeatability import identical, inputs_intact, same_answer_twice
from gradient_conformance.laws.verdicts import Verdict
from gradient_conformance.tests.implementations import broken
from gradient_conformance.tests.implementations.broken import spoiled
from gradient_conformance.tests.laws.trials import trial

LINE = "m=3 n=2 seed=1 x[0]=-0.0"


def intact(adapter: type, line: str = LINE) -> Verdict:
    (verdict,) = inputs_intact(trial(adapter, "least_squares", line))
    return verdict


def twice(adapter: type) -> Verdict:
    (verdict,) = same_answer_twice(trial(adapter, "least_squares", LINE))
    return verdict


def test_both_hold() -> None:
    assert intact(NumPy) == Verdict("inputs_intact", None, "pass")
    assert twice(NumPy) == Verdict("same_answer_twice", None, "pass")


def writing(change: Callable[[Any], None]) -> type:
    """An adapter that does something to its arguments after it has used them."""

    def spoil(value, gradients, arguments):
        change(arguments)
        return value, gradients

    return spoiled("writing", spoil)


def test_an_argument_that_is_written_to_is_named() -> None:
    def scale(arguments):
        arguments["b"] *= 2

    found = intact(writing(scale))
    assert found.outcome == "wrong"
    assert found.message == "the call changed its input b in place"


def test_several_that_are_written_to_are_all_named() -> None:
    assert intact(broken.Mutating).message == "the call changed its input A, x, b in place"


def test_one_bit_is_enough() -> None:
    def lose_the_sign_of_zero(arguments):
        arguments["x"] += 0.0

    assert intact(writing(lose_the_sign_of_zero)).message.endswith("its input x in place")


def test_writing_what_was_there_changes_nothing() -> None:
    def write_the_same(arguments):
        arguments["x"][:] = arguments["x"].copy()

    assert intact(writing(write_the_same)).outcome == "pass"


class WritesCotangent(NumPy):
    """Scales the cotangent in place, as a layer does that saves an array."""

    name = "writes_cotangent"

    def vjp(self, function, arguments, wrt, ybar):
        value, pullback = function(**arguments)
        ybar *= 2
        return value, pullback(ybar / 2)


def test_a_cotangent_that_is_written_to_is_named() -> None:
    assert intact(WritesCotangent).message == "the call changed its input ybar in place"


def by_turns(name: str, change: Callable[[Any, Any], Any]) -> type:
    """An adapter whose second, fourth, … answer is changed."""
    calls = [0]

    def spoil(value, gradients, arguments):
        calls[0] += 1
        return (value, gradients) if calls[0] % 2 else change(value, gradients)

    return spoiled(name, spoil)


NudgedValue = by_turns("nudged", lambda v, g: (np.nextafter(v, np.inf), g))
NudgedGradient = by_turns("nudged", lambda v, g: (v, {**g, "x": np.nextafter(g["x"], np.inf)}))
OtherType = by_turns("typed", lambda v, g: (v, {**g, "b": g["b"].astype(np.float32)}))
OtherShape = by_turns("shaped", lambda v, g: (v, {**g, "A": g["A"].ravel()}))


@pytest.mark.parametrize(
    ("adapter", "what"),
    [
        (NudgedValue, "the value"),
        (NudgedGradient, "the gradient for x"),
        (OtherType, "the gradient for b"),
        (OtherShape, "the gradient for A"),
    ],
)
def test_another_answer_the_second_time_is_wrong(adapter: type, what: str) -> None:
    found = twice(adapter)
    assert found.outcome == "wrong"
    assert found.message == f"the second call on the same arrays gave another answer for {what}"


def test_the_same_nonsense_twice_is_the_same_answer() -> None:
    assert twice(broken.NotANumber).outcome == "pass"
    assert twice(broken.Zeros).outcome == "pass"


class OnlyOnce(NumPy):
    """Has an answer for the first call only."""

    name = "only_once"
    calls = 0

    def vjp(self, function, arguments, wrt, ybar):
        self.calls += 1
        if self.calls > 1:
            raise RuntimeError("the graph was freed")
        return super().vjp(function, arguments, wrt, ybar)


def test_no_answer_the_second_time_is_an_error() -> None:
    asked = trial(OnlyOnce, "least_squares", LINE)
    (verdict,) = examine(asked, ["same_answer_twice"])
    assert verdict.outcome == "error"
    assert "RuntimeError: the graph was freed" in verdict.message
    (verdict,) = examine(asked, ["inputs_intact"])
    assert verdict.outcome == "pass"


def test_identical_is_to_the_last_bit() -> None:
    x = np.array([1.0, -0.0, np.nan])
    assert identical(x, x.copy())
    assert identical(x[::-1], x[::-1].copy())
    assert not identical(x, np.array([1.0, 0.0, np.nan]))
    assert not identical(x, np.array([np.nextafter(1, 2), -0.0, np.nan]))
    assert not identical(x, x[None])
    assert not identical(np.zeros(2, np.float32), np.zeros(2, np.int32))
    assert not identical(np.zeros((0, 2)), np.zeros((2, 0)))
