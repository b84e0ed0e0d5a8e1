"""All inputs of a 16-bit type: none is left out, and a fault at one of them is found and shown."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from gradient_conformance.commands.conduct import conduct, failures
from gradient_conformance.commands.selection import Target, select
from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.implementation import Implementation
from gradient_conformance.laws.cases import Case, parse
from gradient_conformance.laws.exhaustive import every_input, exhaust
from gradient_conformance.laws.sixteen_bit import cotangents, numbers
from gradient_conformance.laws.strategies import PROFILES
from gradient_conformance.laws.verdicts import Verdict
from gradient_conformance.oracles.machine import MACHINES
from gradient_conformance.tests.implementations.broken import OneInput

COUNTS = {"float16": 2 * 31744, "bfloat16": 2 * 32640}
SIXTEEN = pytest.mark.parametrize("dtype", COUNTS)


def patterns(x: np.ndarray) -> np.ndarray:
    return np.asarray(x).view(np.uint16)


@SIXTEEN
def test_the_cases_hold_every_finite_number_once(dtype: str) -> None:
    tried = np.concatenate([case.arguments()["z"] for case in every_input("tanh", dtype)])
    assert tried.dtype == MACHINES[dtype].dtype
    assert len(set(patterns(tried).tolist())) == len(tried) == COUNTS[dtype]
    x = np.asarray(tried, np.float64)
    assert np.isfinite(x).all()
    assert np.all(np.diff(x) >= 0)
    assert (x[0], x[-1]) == (-MACHINES[dtype].largest, MACHINES[dtype].largest)


@SIXTEEN
def test_every_number_has_the_same_cotangent_however_they_are_cut(dtype: str) -> None:
    all_of_them = cotangents(MACHINES[dtype])
    assert all_of_them.min() < -1 < 1 < all_of_them.max()
    cut = [parse("tanh", dtype, f"...={n} regime=every seed={600 // n}") for n in (1, 2, 5, 100)]
    assert {float(case.cotangent()[0]) for case in cut} == {float(cut[0].cotangent()[0])}
    assert {float(case.arguments()["z"][0]) for case in cut} == {numbers(MACHINES[dtype])[600]}


def test_every_set_of_parameters_is_tried() -> None:
    sets = Counter(case.static for case in every_input("elu", "bfloat16"))
    assert sets == {(("alpha", 1.0),): 255, (("alpha", 0.5),): 255}


@pytest.mark.parametrize(
    ("identity", "dtype"), [("tanh", "float32"), ("softmax", "float16"), ("residual", "bfloat16")]
)
def test_nothing_else_can_be_tried_so(identity: str, dtype: str) -> None:
    assert list(every_input(identity, dtype)) == []
    sizes = "...=2 n=3" if identity == "softmax" else "...=2"
    with pytest.raises(ValueError, match=f"{identity} in {dtype} is none of those"):
        parse(identity, dtype, f"{sizes} regime=every")


class Judge:
    """Fails the cases for which ``fault`` holds of the numbers, and remembers all cases."""

    def __init__(self, fault: Callable[[np.ndarray], bool], outcome: str = "wrong") -> None:
        self.fault = fault
        self.outcome = outcome
        self.asked: list[Case] = []

    def __call__(self, case: Case) -> list[Verdict]:
        self.asked.append(case)
        if not self.fault(np.asarray(case.arguments()["z"], np.float64)):
            return []
        return [Verdict("gradient", "z", self.outcome), Verdict("value", None, self.outcome)]

    @property
    def smallest(self) -> Case:
        failing = [c for c in self.asked if self.fault(np.asarray(c.arguments()["z"], np.float64))]
        return min(failing, key=lambda case: case.size)


@SIXTEEN
@pytest.mark.parametrize("number", [-1.5, 2.0**-20, 61440.0])
def test_a_failure_is_narrowed_down_to_its_number(dtype: str, number: float) -> None:
    judge = Judge(lambda z: bool(np.any(z == number)))
    exhaust(judge, "tanh", dtype)
    found = judge.smallest
    assert found.line().startswith(f"...=1 regime=ordinary seed=0 z[0]={number!r} ybar[0]=")
    assert parse("tanh", dtype, found.line()) == found
    at = int(np.flatnonzero(numbers(MACHINES[dtype]) == number)[0])
    whole = next(case for case in every_input("tanh", dtype) if case.seed == at // 256)
    assert found.cotangent()[0] == whole.cotangent()[at % 256]
    assert len(judge.asked) < len(list(every_input("tanh", dtype))) + 40


def test_a_failure_that_takes_two_neighbours_keeps_both() -> None:
    judge = Judge(lambda z: bool(np.any(z == 1.0) and z.size > 3))
    exhaust(judge, "tanh", "float16")
    assert judge.smallest.regime == "every"
    assert judge.smallest.arguments()["z"].size == 4


def test_of_failures_of_one_kind_the_first_is_narrowed_down() -> None:
    judge = Judge(lambda z: True)
    exhaust(judge, "tanh", "float16")
    assert len(judge.asked) == 248 + 2 * 8  # eight halvings for the value, eight for the gradient


def test_nothing_more_is_tried_after_a_timeout() -> None:
    judge = Judge(lambda z: True, "timeout")
    exhaust(judge, "tanh", "float16")
    assert len(judge.asked) == 1


def target() -> Target:
    """An adapter that is wrong for one number of bfloat16."""
    forward = CATALOGUE["leaky_relu"].forward
    implementation = Implementation(OneInput(), "native", "leaky_relu", forward)
    return Target(implementation, "bfloat16", "one_input")


def test_a_fault_at_one_number_is_found_by_trying_all_and_not_by_drawing() -> None:
    drawn = select(backends=["numpy"], dtypes=["float16"], laws=["gradient"], profile="ci")
    assert not failures(conduct(target(), drawn))
    every = select(
        backends=["numpy"], dtypes=["float16"], laws=["gradient"], profile="ci", every_input=True
    )
    (row,) = failures(conduct(target(), every))
    assert row["verdict"] == "wrong"
    assert f"z[0]={OneInput.number!r} ybar[0]=" in row["case"]
    assert f"--case '{row['case']}'" in row["reproduce"]
    alone = parse("leaky_relu", "bfloat16", row["case"])
    assert failures(conduct(target(), dataclasses.replace(every, case=alone.line())))


def test_the_thorough_profile_tries_all_and_the_others_where_asked_to() -> None:
    assert [name for name, p in PROFILES.items() if p.every_input] == ["thorough"]
    assert select(backends=["numpy"], profile="thorough").every_input
    assert not select(backends=["numpy"]).every_input
    assert select(backends=["numpy"], every_input=True).every_input
    one = select(
        backends=["numpy"], identities=["tanh"], case="...=1", profile="thorough", every_input=True
    )
    assert not one.every_input
