"""The laws of second order: what each catches, on purpose, and in which nesting."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradient_conformance.implementations.protocol import NESTINGS
from gradient_conformance.laws import examine
from gradient_conformance.laws.second_order import HVP_LAWS, MANY, law_name
from gradient_conformance.laws.verdicts import Verdict
from gradient_conformance.tests.laws.second_derivatives import Analytic, Arrays, spoiled
from gradient_conformance.tests.laws.trials import trial

FORM = ("quadratic_form", "n=3 seed=1")
SQUARE = ("square", "...=2x3 seed=2")


def verdicts(adapter: type, of: tuple[str, str], law: str, dtype: str = "float64") -> list[Verdict]:
    return examine(trial(adapter, *of, dtype), [law])


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
@pytest.mark.parametrize("of", [FORM, SQUARE])
@pytest.mark.parametrize("law", [*HVP_LAWS, "hessian_symmetry"])
def test_they_hold(law: str, of: tuple[str, str], dtype: str) -> None:
    assert {v.outcome for v in verdicts(Analytic, of, law, dtype)} == {"pass"}


@pytest.mark.parametrize("nesting", NESTINGS)
@pytest.mark.parametrize(
    ("spoil", "outcome"),
    [
        (lambda g: g * (1 + 1e-9), "imprecise"),
        (lambda g: g * 0, "wrong"),
        (lambda g: g * np.nan, "wrong"),
        (lambda g: g[None], "wrong"),
        (lambda g: g.tolist(), "error"),
    ],
)
def test_a_wrong_product_is_found_in_its_nesting(nesting: str, spoil: Any, outcome: str) -> None:
    def only_there(by: str, products: Arrays) -> Any:
        return {**products, "x": spoil(products["x"])} if by == nesting else products

    adapter = spoiled(hvp=only_there)
    for law in HVP_LAWS:
        found = {v.wrt: v.outcome for v in verdicts(adapter, FORM, law)}
        if law != law_name(nesting):
            assert set(found.values()) == {"pass"}
        elif outcome == "error":
            assert found == {None: "error"}
        else:
            assert found == {"A": "pass", "x": outcome}


def test_a_constant_second_derivative_is_found() -> None:
    """What a framework gives that treats the gradient's own dependence on x as constant."""
    adapter = spoiled(hvp=lambda nesting, products: {n: g * 0 for n, g in products.items()})
    (found,) = verdicts(adapter, SQUARE, "hvp_reverse_over_reverse")
    assert (found.outcome, found.digits) == ("wrong", 0.0)
    assert "H v for X at" in found.message


def test_a_missing_product_is_an_error() -> None:
    adapter = spoiled(hvp=lambda nesting, products: {"x": products["x"]})
    (found,) = verdicts(adapter, FORM, "hvp_forward_over_reverse")
    assert found.outcome == "error"
    assert "hvp returned no product for A" in found.message


def test_a_hessian_that_is_not_symmetric_is_found() -> None:
    def lopsided(nesting: str, products: Arrays) -> Arrays:
        return {**products, "A": products["A"] * 2}

    (found,) = verdicts(spoiled(hvp=lopsided), FORM, "hessian_symmetry")
    assert found.outcome == "wrong"
    assert "wᵀ H v and vᵀ H w differ" in found.message


def test_forward_over_forward_leaves_large_cases_out() -> None:
    large = ("square", f"...={MANY + 1} seed=2")
    assert verdicts(Analytic, large, "hvp_forward_over_forward") == []
    assert verdicts(Analytic, ("square", f"...={MANY} seed=2"), "hvp_forward_over_forward")
    assert verdicts(Analytic, large, "hvp_forward_over_reverse")


def test_abilities_are_claims() -> None:
    assert all(Analytic().can(f"hvp {nesting}") for nesting in NESTINGS)

    class One(Analytic):
        nestings = ("reverse over reverse",)

    assert One().can("hvp")
    assert not One().can("hvp forward over reverse")
    assert Analytic.__mro__[1]().can("jvp") is False
