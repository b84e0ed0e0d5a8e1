"""A backend that multiplies matrices in TF32 passes where it says so, and fails where it does not.

Every product of PyTorch, forward and backward, has its factors rounded to 11 bits here; no graphics
processor is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

pytest.importorskip("torch")

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.implementation import Implementation
from gradient_conformance.implementations.protocol import Backend, Function
from gradient_conformance.laws import Trial, agreement, examine
from gradient_conformance.laws.cases import parse
from gradient_conformance.laws.verdicts import FAILURES
from gradient_conformance.tests.implementations.tensor_float import (
    SilentTensorFloatTorch,
    TensorFloatTorch,
)

CASES = {
    "matrix_product": "k=4 n=5 m=3 regime=ordinary seed=3",
    "linear_layer_on_batch": "k=3 n=5 m=4 regime=ordinary seed=3",
    "convolution_1d": "n=7 k=3 regime=ordinary seed=3",
    "convolution_2d": "h=5 w=4 d=3 p=2 q=2 c=2 regime=ordinary seed=3",
    "attention": "n=3 m=4 d=5 v=2 regime=ordinary seed=3",
    "trace_of_product": "m=3 n=4 regime=ordinary seed=3",
    "gaussian_log_likelihood": "n=5 regime=extreme seed=6",
}
"""Found by a run over the catalogue in TF32; each is wrong where it is not said."""

LAWS = ("value", "gradient", "cotangent_linearity", "facts")


class OffByAHundredth(TensorFloatTorch):
    """The gradients are 1.01 times what they should be."""

    name = "off_by_a_hundredth"

    def vjp(
        self, function: Function, arguments: Mapping[str, Any], wrt: tuple[str, ...], ybar: Any
    ) -> tuple[Any, dict[str, Any]]:
        value, gradients = super().vjp(function, arguments, wrt, ybar)
        return value, {name: 1.01 * g for name, g in gradients.items()}


def trial(adapter: type[Backend], identity: str, route: str) -> Trial:
    forward = CATALOGUE[identity].forward
    case = parse(identity, "float32", CASES[identity])
    return Trial(Implementation(adapter(), route, identity, forward), case)


def outcomes(adapter: type[Backend], identity: str, route: str) -> set[str]:
    return {v.outcome for v in examine(trial(adapter, identity, route), LAWS)}


@pytest.mark.parametrize("identity", CASES)
@pytest.mark.parametrize("route", ["composed", "native"])
def test_one_that_says_so_passes(identity: str, route: str) -> None:
    assert not outcomes(TensorFloatTorch, identity, route) & set(FAILURES)


@pytest.mark.parametrize("identity", CASES)
def test_one_that_does_not_say_so_fails(identity: str) -> None:
    route = "native" if identity in ("gaussian_log_likelihood", "trace_of_product") else "composed"
    assert outcomes(SilentTensorFloatTorch, identity, route) & set(FAILURES)


SECOND = ("jvp", "adjointness", "hvp_reverse_over_reverse", "hvp_forward_over_reverse")


@pytest.mark.parametrize("identity", [*CASES][:6])
def test_so_do_forward_mode_and_second_derivatives(identity: str) -> None:
    found = {
        kind: {v.outcome for v in examine(trial(kind, identity, "composed"), SECOND)}
        for kind in (TensorFloatTorch, SilentTensorFloatTorch)
    }
    assert not found[TensorFloatTorch] & set(FAILURES)
    assert found[SilentTensorFloatTorch] & set(FAILURES)


@pytest.mark.parametrize("identity", [*CASES][:4])
def test_that_hides_no_error_of_a_hundredth(identity: str) -> None:
    assert outcomes(OffByAHundredth, identity, "composed") & set(FAILURES)


def test_two_that_compute_differently_agree_within_both_tolerances() -> None:
    """Whichever is asked: what one may lose is what the other must allow."""
    from gradient_conformance.implementations.torch import Torch

    pair = [trial(kind, "matrix_product", "composed") for kind in (Torch, TensorFloatTorch)]
    assert {v.outcome for _, v in agreement(pair)} == {"pass"}
    silent = [trial(kind, "matrix_product", "composed") for kind in (Torch, SilentTensorFloatTorch)]
    assert {v.outcome for _, v in agreement(silent)} & set(FAILURES)
