"""The laws of forward mode: what each catches, on purpose."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradient_conformance.laws import examine
from gradient_conformance.laws.verdicts import Verdict
from gradient_conformance.tests.laws.second_derivatives import Analytic, spoiled
from gradient_conformance.tests.laws.trials import trial

FORM = ("quadratic_form", "n=3 seed=1")
SQUARE = ("square", "...=2x3 seed=2")


def verdicts(adapter: type, of: tuple[str, str], law: str, dtype: str = "float64") -> list[Verdict]:
    return examine(trial(adapter, *of, dtype), [law])


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
@pytest.mark.parametrize("of", [FORM, SQUARE])
@pytest.mark.parametrize("law", ["jvp", "adjointness"])
def test_they_hold(law: str, of: tuple[str, str], dtype: str) -> None:
    assert [v.outcome for v in verdicts(Analytic, of, law, dtype)] == ["pass"]


@pytest.mark.parametrize("law", ["jvp", "adjointness"])
@pytest.mark.parametrize(
    ("spoil", "outcome"),
    [
        (lambda slope: slope * (1 + 1e-9), "imprecise"),
        (lambda slope: -slope, "wrong"),
        (lambda slope: slope * 0, "wrong"),
        (lambda slope: slope * np.nan, "wrong"),
        (lambda slope: slope[None], "wrong"),
    ],
)
def test_a_wrong_slope_is_found(law: str, spoil: Any, outcome: str) -> None:
    (found,) = verdicts(spoiled(jvp=spoil), SQUARE, law)
    assert found.outcome == outcome
    assert found.message
    assert "J v" in found.message


def test_a_wrong_entry_is_found() -> None:
    def spoil(slope: np.ndarray) -> np.ndarray:
        slope[1, 1] *= 1 + 1e-12
        return slope

    (found,) = verdicts(spoiled(jvp=spoil), SQUARE, "jvp")
    assert found.outcome == "imprecise"
    assert "at [1, 1]" in found.message


def test_adjointness_finds_a_gradient_that_is_not_the_transpose() -> None:
    class Transposed(Analytic):
        def vjp(self, function: Any, arguments: Any, wrt: Any, ybar: Any) -> Any:
            value, gradients = super().vjp(function, arguments, wrt, ybar)
            return value, {**gradients, "A": gradients["A"] * 2}

    assert verdicts(Transposed, FORM, "adjointness")[0].outcome == "wrong"
    assert verdicts(Transposed, FORM, "jvp")[0].outcome == "pass"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda slope: None, "J v is a builtins.NoneType"),
        (lambda slope: slope.tolist(), "J v is a builtins.list"),
    ],
)
def test_what_is_no_array_is_an_error(answer: Any, says: str) -> None:
    (found,) = verdicts(spoiled(jvp=answer), SQUARE, "jvp")
    assert found.outcome == "error"
    assert says in found.message


def test_an_answer_that_is_no_pair_is_an_error() -> None:
    class NoPair(Analytic):
        def jvp(self, function: Any, arguments: Any, tangents: Any) -> Any:
            return tangents["X"]

    (found,) = verdicts(NoPair, SQUARE, "jvp")
    assert found.outcome == "error"
    assert "it must return a pair" in found.message
