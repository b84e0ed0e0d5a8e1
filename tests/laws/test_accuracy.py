"""Digits lost: what a formula throws away shows up, and what rounding costs anyway does not."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.implementations.protocol import Backend
from gradient_conformance.laws import examine
from gradient_conformance.laws.accuracy import Loss, digits_lost
from gradient_conformance.laws.trial import NoAnswer
from gradient_conformance.tests.implementations import broken
from gradient_conformance.tests.implementations.broken import Cancelling, each, spoiled
from gradient_conformance.tests.laws.trials import trial

DIGITS = {"float64": 15.95, "float32": 7.22}


def losses(
    adapter: type[Backend], identity: str, line: str, dtype: str = "float32"
) -> dict[str | None, Loss]:
    """The losses of an adapter on a case, by argument."""
    return {loss.wrt: loss for loss in digits_lost(trial(adapter, identity, line, dtype))}


def at(z: float, argument: str = "z") -> str:
    """The case of one number, with the cotangent 1."""
    return f"...=1 {argument}[0]={z!r} ybar[0]=1.0"


@pytest.mark.parametrize(("dtype", "z", "least"), [("float32", 15.0, 3.5), ("float64", 35.0, 13.0)])
def test_a_slope_from_a_rounded_sigmoid_loses_digits(dtype: str, z: float, least: float) -> None:
    lossy = losses(Cancelling, "sigmoid", at(z), dtype)
    assert lossy["z"].lost > least
    assert lossy["z"].lost <= lossy["z"].of < DIGITS[dtype]
    assert lossy["z"].at == (0,)
    assert lossy["z"].expected == pytest.approx(math.exp(-z), rel=1e-4, abs=0)
    assert lossy["z"].got != pytest.approx(math.exp(-z), rel=1e-4, abs=0)
    assert lossy[None].lost == 0
    assert {loss.lost for loss in losses(NumPy, "sigmoid", at(z), dtype).values()} == {0.0}


def test_no_law_minds() -> None:
    lossy = trial(Cancelling, "sigmoid", at(15.0), "float32")
    assert {v.outcome for v in examine(lossy, ["value", "gradient"])} <= {"pass", "undecided"}


def test_where_no_digit_is_left_all_are_lost() -> None:
    found = losses(Cancelling, "sigmoid", at(20.0))["z"]
    huge = spoiled("huge", each(lambda g: np.asarray(g * 1e6, g.dtype)))
    assert (found.got, found.lost) == (0.0, found.of)
    assert losses(huge, "sigmoid", at(20.0))["z"].lost == found.of
    assert found.of == pytest.approx(-math.log10(22 * 2.0**-24), abs=0.01)


def test_one_plus_erf_of_a_large_negative_number_loses_digits() -> None:
    def by_erf(value: Any, gradients: Any, arguments: Any) -> Any:
        z = np.asarray(arguments["z"])
        erf = np.float32(math.erf(float(z[0]) / math.sqrt(2)))
        return np.asarray(z * np.float32(0.5) * (1 + erf), np.float32), gradients

    lossy = losses(spoiled("by_erf", by_erf), "gelu", at(-5.0))
    assert lossy[None].lost > 3
    assert lossy["z"].lost == 0
    assert losses(NumPy, "gelu", at(-5.0))[None].lost == 0


def test_what_the_problem_loses_is_not_the_algorithms() -> None:
    """The sum of 1 and −0.999 with one input off by a rounding, exactly added."""
    line = "n=2 a[0]=1.0 a[1]=-0.999 x[0]=1.0 x[1]=1.0"

    def nudged(value: Any, gradients: Any, arguments: Any) -> Any:
        return np.asarray(value + np.float32(2.0**-24), np.float32), gradients

    assert losses(spoiled("nudged", nudged), "linear_form", line)[None].lost == 0
    far = spoiled("far", lambda value, g, a: (np.float32(value + 2.0**-16), g))
    found = losses(far, "linear_form", line)[None]
    assert 1.5 < found.lost < 2.5
    assert found.of < 5


@pytest.mark.parametrize("factor", [1.5, 40.0, 1e6])
def test_the_number_is_the_logarithm_of_the_error_over_the_ideal_one(factor: float) -> None:
    """1.5 · 3u is within half a digit of 3u, which is no loss; the square has the condition 2."""
    by = 1 + 3 * factor * 2.0**-53
    off = spoiled("off", lambda value, gradients, arguments: (value * by, gradients))
    found = losses(off, "square", at(1.5, "X"), "float64")[None]
    assert found.lost == pytest.approx(math.log10(factor) if factor > 10**0.5 else 0, abs=0.05)


def test_the_worst_entry_is_told() -> None:
    def spoil(x: np.ndarray) -> np.ndarray:
        y = x.copy()
        y[1, 2] *= 1 + 1e-9
        y[0, 0] *= 1 + 1e-12
        return y

    found = losses(spoiled("spoil", each(spoil)), "square", "...=2x3 seed=1", "float64")["X"]
    assert found.at == (1, 2)
    assert found.got == pytest.approx(found.expected, rel=1e-8, abs=0)
    assert found.got != found.expected


def test_zero_has_no_digits_to_lose() -> None:
    """The gradient of softmax of one entry is zero."""
    noisy = spoiled("noisy", each(lambda g: np.asarray(g + 1e-9, g.dtype)))
    assert "z" not in losses(noisy, "softmax", "...=3 n=1", "float64")
    assert losses(noisy, "softmax", "...=3 n=2", "float64")["z"].lost > 3


def test_kinks_and_what_is_not_finite_or_misshapen_are_left_to_the_laws() -> None:
    assert "z" not in losses(NumPy, "relu", at(0.0))
    assert "z" in losses(NumPy, "relu", at(1.0))
    assert set(losses(broken.NotANumber, "square", at(2.0, "X"))) == {None}
    assert set(losses(broken.WrongShape, "square", at(2.0, "X"))) == {None}
    assert losses(NumPy, "squared_norm", "n=1 x[0]=3e30").keys() == {"x"}  # overflows
    assert losses(NumPy, "square", "...=0") == {}
    assert losses(NumPy, "leaky_relu", f"{at(0.0)} slope:0.25").keys() == set()
    largest = spoiled("largest", lambda value, g, a: (np.full_like(value, 65504), g))
    assert losses(largest, "squared_norm", "n=1 x[0]=300.0", "float16").keys() == {"x"}


def test_no_answer_is_raised() -> None:
    with pytest.raises(NoAnswer):
        list(digits_lost(trial(broken.Raising, "square", at(2.0, "X"))))
