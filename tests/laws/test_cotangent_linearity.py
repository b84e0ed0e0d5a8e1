"""The law of linearity in the cotangent: each of its three parts catches what it is for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.laws import examine
from gradient_conformance.laws.cotangent_linearity import cotangent_linearity
from gradient_conformance.laws.verdicts import Verdict
from gradient_conformance.tests.implementations import broken
from gradient_conformance.tests.laws.trials import trial

LINE = "...=5 seed=3 X[0]=2.0 X[1]=3.0 X[2]=-1.0 X[3]=1.0 X[4]=0.5"


def verdicts(adapter: type, identity="square", line=LINE, dtype="float64") -> list[Verdict]:
    return list(cotangent_linearity(trial(adapter, identity, line, dtype)))


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
@pytest.mark.parametrize(
    ("identity", "line"),
    [
        ("square", LINE),
        ("least_squares", "m=3 n=2 seed=1"),
        ("softmax", "...=2 n=3 seed=1"),
        ("relu", "...=4 seed=1 z[0]=0.0"),
        ("square", "...=-"),
    ],
)
def test_it_holds(identity: str, line: str, dtype: str) -> None:
    found = verdicts(NumPy, identity, line, dtype)
    assert {v.outcome for v in found} == {"pass"}
    wrt = [v.wrt for v in found]
    assert wrt == [name for name in dict.fromkeys(wrt) for _ in range(3)]


def cotangent_first(name: str, change: Callable[[Any], Any]) -> type:
    """An adapter that does something to the cotangent before it uses it."""

    class Changed(NumPy):
        def vjp(self, function, arguments, wrt, ybar):
            changed = np.asarray(change(ybar), ybar.dtype)
            return super().vjp(function, arguments, wrt, changed)

    Changed.name = name
    return Changed


def gradient_last(name: str, change: Callable[[Any, Any], Any]) -> type:
    """An adapter that does something to the gradient, knowing the cotangent."""

    class Changed(NumPy):
        def vjp(self, function, arguments, wrt, ybar):
            value, gradients = super().vjp(function, arguments, wrt, ybar)
            return value, {k: np.asarray(change(g, ybar), g.dtype) for k, g in gradients.items()}

    Changed.name = name
    return Changed


Quadratic = cotangent_first("quadratic", lambda y: y * np.abs(y))
Absolute = cotangent_first("absolute", np.abs)
Levelled = cotangent_first("levelled", lambda y: np.sign(y) * np.abs(y).max(initial=0))
Clipped = cotangent_first("clipped", lambda y: np.clip(y, -0.25, 0.25))
Shifted = gradient_last("shifted", lambda g, y: g + 1)
Slightly = gradient_last("slightly", lambda g, y: g + 1e-10)
Leftover = gradient_last("leftover", lambda g, y: g if y.any() else np.full_like(g, 1e-300))

ZERO = "a zero cotangent must give a zero gradient for X; 5 entries are not zero"
TWICE = "the gradient for X from −2ȳ is not what linearity makes of the gradient from ȳ: at ["
HALVES = "the gradient for X from two halves of ȳ is not what linearity makes of the gradient"


@pytest.mark.parametrize(
    ("adapter", "outcomes", "says"),
    [
        (Quadratic, ["pass", "wrong", "pass"], TWICE),  # entry by entry, so halves add up
        (Absolute, ["pass", "wrong", "pass"], TWICE),
        (Clipped, ["pass", "wrong", "pass"], TWICE),
        (Levelled, ["pass", "pass", "wrong"], HALVES),  # of degree 1, and yet not linear
        (Leftover, ["wrong", "pass", "pass"], ZERO),
        (Shifted, ["wrong", "wrong", "wrong"], ZERO),
        (Slightly, ["wrong", "imprecise", "imprecise"], ZERO),
    ],
)
def test_what_is_not_linear_is_caught_and_said(
    adapter: type, outcomes: list[str], says: str
) -> None:
    found = verdicts(adapter)
    assert [v.outcome for v in found] == outcomes
    assert [v.wrt for v in found] == ["X"] * 3
    assert next(v for v in found if v.failed).message.startswith(says)
    assert all(v.message for v in found if v.failed)
    assert not any(v.message for v in found if not v.failed)


def test_a_cotangent_that_is_left_out_is_caught() -> None:
    assert [v.outcome for v in verdicts(broken.IgnoresCotangent)] == ["wrong"] * 3


def test_what_is_linear_and_wrong_is_for_another_law() -> None:
    assert {v.outcome for v in verdicts(broken.Negated)} == {"pass"}
    assert {v.outcome for v in verdicts(broken.Zeros)} == {"pass"}


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_a_constant_is_caught_in_every_type(dtype: str) -> None:
    assert [v.outcome for v in verdicts(Shifted, dtype=dtype)] == ["wrong"] * 3


def test_of_an_empty_gradient_nothing_but_zero_for_zero_is_decided() -> None:
    found = verdicts(NumPy, "square", "...=0", "float64")
    assert [v.outcome for v in found] == ["pass", "undecided", "undecided"]


def test_a_gradient_of_the_wrong_shape_is_wrong() -> None:
    (found,) = verdicts(broken.WrongShape)
    assert found.outcome == "wrong"
    assert "has shapes" in found.message


class RaisesOnZero(NumPy):
    """Has no answer for a cotangent of zeros."""

    name = "raises_on_zero"

    def vjp(self, function, arguments, wrt, ybar):
        if not ybar.any():
            raise FloatingPointError("division by zero")
        return super().vjp(function, arguments, wrt, ybar)


def test_no_answer_for_zeros_is_an_error() -> None:
    (verdict,) = examine(trial(RaisesOnZero, "square", LINE), ["cotangent_linearity"])
    assert verdict.outcome == "error"
    assert verdict.message.startswith("FloatingPointError: division by zero")


def test_where_the_formula_leaves_the_range_only_the_zero_cotangent_is_judged() -> None:
    line = "...=1 X[0]=60000.0 ybar[0]=8.0"
    zero, *others = verdicts(Shifted, line=line, dtype="float16")
    assert zero.outcome == "wrong"
    assert "a zero cotangent" in zero.message
    assert {v.outcome for v in others} == {"undecided"}


def test_an_entry_that_leaves_the_range_hides_no_other() -> None:
    line = "...=2 X[0]=60000.0 ybar[0]=8.0 X[1]=1.0"
    failed = [v for v in verdicts(Shifted, line=line, dtype="float16") if v.failed]
    assert any("a zero cotangent must give a zero gradient" in v.message for v in failed)


def test_twice_the_gradient_may_leave_the_range() -> None:
    """Y = XY at Y = 1.5·10³⁰⁸: so much is the gradient for X, and twice that is no number."""
    line = "m=1 n=1 regime=literal Y[0]=1.5e308"
    found = verdicts(NumPy, "hadamard_product", line)
    assert [v.outcome for v in found] == ["pass", "undecided", "pass", "pass", "pass", "pass"]
