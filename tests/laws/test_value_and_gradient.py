"""The laws of the value and of the gradient: what keeps them, and what each breach is called."""

from __future__ import annotations

import numpy as np
import pytest

from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.laws.value_and_gradient import gradient, value
from gradient_conformance.tests.implementations import broken
from gradient_conformance.tests.implementations.broken import each, spoiled
from gradient_conformance.tests.laws.trials import trial

LINE = "m=3 n=2 seed=1"


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
@pytest.mark.parametrize("line", [LINE, "m=3 n=2 regime=exponents"])
def test_they_hold(line: str, dtype: str) -> None:
    right = trial(NumPy, "least_squares", line, dtype)
    (found,) = value(right)
    assert (found.outcome, found.wrt, found.message) == ("pass", None, "")
    assert [(v.outcome, v.wrt) for v in gradient(right)] == [
        ("pass", "A"),
        ("pass", "x"),
        ("pass", "b"),
    ]


def test_of_an_empty_gradient_nothing_is_decided() -> None:
    empty = trial(NumPy, "least_squares", "m=0 n=2")
    assert [(v.outcome, v.wrt) for v in gradient(empty)] == [
        ("undecided", "A"),
        ("pass", "x"),
        ("undecided", "b"),
    ]


def test_one_entry_that_is_off_is_found() -> None:
    def spoil(y, gradients, arguments):
        A = gradients["A"].copy()
        A[1, 0] *= 1 + 1e-9
        return y, {**gradients, "A": A}

    off = trial(spoiled("off", spoil), "least_squares", LINE)
    assert [v.outcome for v in value(off)] == ["pass"]
    A, x, b = gradient(off)
    assert (A.outcome, x.outcome, b.outcome) == ("imprecise", "pass", "pass")
    assert A.message.startswith("at [1, 0] expected ")
    assert A.message.endswith("1 of 6 entries are off")
    assert A.digits is not None
    assert 8.5 < A.digits < 9.5


def test_a_value_that_is_off_is_found() -> None:
    off = trial(broken.ValueOff, "least_squares", LINE)
    assert [v.outcome for v in value(off)] == ["imprecise"]
    assert [v.outcome for v in gradient(off)] == ["pass"] * 3


def test_another_shape_is_wrong_although_it_would_broadcast() -> None:
    wrong = trial(broken.WrongShape, "least_squares", LINE)
    A, *_ = gradient(wrong)
    assert (A.outcome, A.digits) == ("wrong", 0)
    assert A.message == "the gradient for A has shape (1, 3, 2); it must be (3, 2)"
    unsqueezed = spoiled("unsqueezed", lambda y, g, arguments: (y[None], g))
    (found,) = value(trial(unsqueezed, "least_squares", LINE))
    assert found.message == "the value has shape (1,); it must be ()"


@pytest.mark.parametrize(("slope", "says"), [(0.0, "pass"), (0.5, "pass"), (1.5, "wrong")])
def test_at_a_kink_any_slope_between_the_sides_passes(slope: float, says: str) -> None:
    line = "...=3 seed=1 z[0]=0.0 z[1]=2.0 ybar[0]=8.0"
    kinked = spoiled("kinked", each(lambda g: np.array([slope * 8.0, *g[1:]])))
    assert [v.outcome for v in gradient(trial(kinked, "relu", line))] == [says]
