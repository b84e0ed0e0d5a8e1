"""The third vote: what it says of a forward, a derivative and a precision that are off."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradient_conformance.commands.conduct import conduct
from gradient_conformance.commands.selection import Target, select
from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.implementation import Implementation
from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.laws.value_and_gradient import gradient, value
from gradient_conformance.laws.verdicts import Verdict
from gradient_conformance.laws.witness import (
    DERIVATIVE,
    FOLLOWS,
    FORWARD,
    NEITHER,
    NO_ANSWER,
    NOT_HERE,
    NOT_SETTLED,
    PRECISION,
    VALUE_PRECISION,
    witness,
)
from gradient_conformance.tests.implementations import broken
from gradient_conformance.tests.implementations.broken import each, spoiled
from gradient_conformance.tests.laws.trials import trial

LINE = "m=3 n=2 seed=1"
AnotherFunction = spoiled(
    "another_function",
    lambda value, gradients, arguments: (3 * value, {k: 3 * g for k, g in gradients.items()}),
)
"""Forward and derivative fit together, and are those of three times the function."""
Unrelated = spoiled(
    "unrelated",
    lambda value, gradients, arguments: (3 * value, {k: -g for k, g in gradients.items()}),
)
Imprecise = spoiled("imprecise", each(lambda g: np.asarray(g * (1 + 2e-14), g.dtype)))


def votes(
    adapter: type, identity: str = "least_squares", line: str = LINE, **more: Any
) -> set[str]:
    """What is said of every gradient that fails."""
    tried = trial(adapter, identity, line, **more)
    return {witness(tried, v) for v in gradient(tried) if v.failed}


@pytest.mark.parametrize(
    ("adapter", "says"),
    [
        (broken.Zeros, DERIVATIVE),
        (broken.Negated, DERIVATIVE),
        (broken.NotANumber, DERIVATIVE),
        (AnotherFunction, FOLLOWS),
        (Unrelated, NEITHER),
        (Imprecise, PRECISION),
    ],
)
def test_what_is_at_fault(adapter: type, says: str) -> None:
    assert votes(adapter) == {says}


def test_of_the_value_it_is_the_forward() -> None:
    wrong = trial(AnotherFunction, "least_squares", LINE)
    assert [witness(wrong, v) for v in value(wrong)] == [FORWARD]
    off = trial(broken.ValueOff, "least_squares", LINE)
    assert [witness(off, v) for v in value(off)] == [VALUE_PRECISION]


def test_other_types_have_none() -> None:
    assert votes(broken.Zeros, dtype="float32") == {NOT_HERE}


def test_at_a_kink_it_declines() -> None:
    beyond = spoiled("beyond", each(lambda g: np.asarray(g - 7.0, g.dtype)))
    assert votes(beyond, "relu", "...=- z[0]=0.0 ybar[0]=1.0") == {NOT_SETTLED}


def test_a_forward_that_answers_only_at_the_point_is_said() -> None:
    calls: list[int] = []

    def once(value: Any, gradients: Any, arguments: Any) -> Any:
        calls.append(1)
        if len(calls) > 1:
            raise RuntimeError("once is enough")
        return value, {k: 0 * g for k, g in gradients.items()}

    tried = trial(spoiled("once", once), "linear_form", "n=1 seed=1")
    found = [v for v in gradient(tried) if v.failed]
    assert witness(tried, found[0]) == NO_ANSWER


def test_a_forward_that_hangs_is_left() -> None:
    calls: list[int] = []

    def slow(value: Any, gradients: Any, arguments: Any) -> Any:
        calls.append(1)
        if len(calls) > 1:
            broken.hang(value, gradients, arguments)
        return value, {k: 0 * g for k, g in gradients.items()}

    tried = trial(spoiled("slow", slow), "linear_form", "n=1 seed=1", seconds=0.3)
    found = [v for v in gradient(tried) if v.failed]
    assert witness(tried, found[0]) == NO_ANSWER


@pytest.mark.parametrize("law", ["shape_and_dtype", "inputs_intact"])
def test_of_other_laws_it_says_nothing(law: str) -> None:
    assert witness(trial(broken.Zeros, "relu", "...=2"), Verdict(law, None, "wrong")) == ""


def test_it_ends_the_message_of_a_failure_and_of_no_pass() -> None:
    chosen = select(backends=["numpy"], laws=["value", "gradient"])
    forward = CATALOGUE["softmax"].forward
    implementation = Implementation(broken.Zeros(), "native", "softmax", forward)
    rows = {row["law"]: row for row in conduct(Target(implementation, "float64", ""), chosen)}
    assert rows["gradient"]["message"].endswith(DERIVATIVE)
    assert rows["value"]["message"] == ""
    right = Implementation(NumPy(), "native", "softmax", forward)
    assert all(not row["message"] for row in conduct(Target(right, "float64", ""), chosen))


def test_near_the_largest_number_the_step_is_a_number() -> None:
    line = "...=1 z[0]=-1e308 ybar[0]=1.0"
    assert votes(broken.NotANumber, "silu", line) == {DERIVATIVE}
