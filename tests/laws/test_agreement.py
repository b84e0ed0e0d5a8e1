"""Implementations are held against one another, and the odd one out is found."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

from gradient_conformance.implementations.declared import framework
from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.laws.agreement import agreement
from gradient_conformance.laws.trial import Trial
from gradient_conformance.laws.verdicts import Verdict
from gradient_conformance.tests.implementations import broken
from gradient_conformance.tests.implementations.broken import spoiled
from gradient_conformance.tests.laws.trials import Triplet, Twin, trial

LINE = "m=3 n=2 seed=1"


def found(*adapters: type, identity: str = "least_squares", line: str = LINE, dtype="float64"):
    """The verdicts by backend."""
    trials: list[Trial] = [trial(adapter, identity, line, dtype) for adapter in adapters]
    verdicts: dict[str, list[Verdict]] = {}
    for asked, verdict in agreement(trials):
        verdicts.setdefault(asked.implementation.backend.name, []).append(verdict)
    return verdicts


def outcomes(*adapters: type, **chosen: str) -> dict[str, set[str]]:
    """The outcomes of the value and all gradients by backend."""
    return {name: {v.outcome for v in each} for name, each in found(*adapters, **chosen).items()}


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_right_ones_agree_on_the_value_and_every_gradient(dtype: str) -> None:
    agreed = found(NumPy, Twin, Triplet, dtype=dtype)
    assert set(agreed) == {"numpy", "twin", "triplet"}
    for verdicts in agreed.values():
        assert [v.wrt for v in verdicts] == [None, "A", "x", "b"]
        assert {v.outcome for v in verdicts} == {"pass"}
        assert {v.margin for v in verdicts} == {0.0}


@pytest.mark.parametrize("adapter", [broken.Zeros, broken.Negated, broken.NotANumber])
def test_the_odd_one_of_three_fails_and_only_it(adapter: type) -> None:
    seen = outcomes(NumPy, adapter, Twin)
    assert "wrong" in seen.pop(adapter.name)  # type: ignore[attr-defined]
    assert "wrong" not in seen["numpy"] | seen["twin"]


def test_the_odd_one_is_told_with_whom_it_disagrees() -> None:
    value, *gradients = found(NumPy, broken.Zeros, Twin)["zeros"]
    assert value.outcome == "pass"
    assert {v.outcome for v in gradients} == {"wrong"}
    assert gradients[0].message.startswith(
        "it disagrees with numpy (native), twin (native); with numpy (native): at ["
    )


def test_a_small_disagreement_is_imprecise() -> None:
    seen = outcomes(NumPy, broken.ScaledByBillionth, Twin)
    assert seen == {"numpy": {"pass"}, "scaled": {"pass", "imprecise"}, "twin": {"pass"}}


def test_of_two_that_disagree_both_fail() -> None:
    seen = found(NumPy, broken.Negated)
    for verdicts in seen.values():
        assert [v.outcome for v in verdicts] == ["pass", "wrong", "wrong", "wrong"]
    assert "it disagrees with negated (native)" in seen["numpy"][1].message


def test_of_four_in_two_camps_nobody_has_the_majority() -> None:
    """Each agrees with one other and disagrees with two of three."""

    class NegatedTwin(broken.Negated):  # type: ignore[misc, valid-type]
        name = "negated_twin"

    seen = outcomes(NumPy, Twin, broken.Negated, NegatedTwin)
    assert all(each == {"pass", "wrong"} for each in seen.values())


def test_a_framework_has_one_vote_however_many_paths_it_has(monkeypatch) -> None:
    """Three paths that are wrong alike do not make the other two frameworks the odd ones out."""

    class First(broken.Negated):  # type: ignore[misc, valid-type]
        name = "many_first"

    class Second(broken.Negated):  # type: ignore[misc, valid-type]
        name = "many_second"

    class Third(broken.Negated):  # type: ignore[misc, valid-type]
        name = "many_third"

    monkeypatch.setattr(
        import_module("gradient_conformance.laws.agreement"),  # the package has the function
        "framework",
        lambda backend: backend.name.partition("_")[0],
    )
    seen = outcomes(NumPy, First, Second, Third, Twin)
    assert {name for name, each in seen.items() if "wrong" in each} == {
        "many_first",
        "many_second",
        "many_third",
    }
    # Alone, a framework's own paths are all there is to compare.
    assert outcomes(First, Second) == {"many_first": {"pass"}, "many_second": {"pass"}}


def test_adapters_from_outside_are_frameworks_of_their_own() -> None:
    """Whatever their names: two that begin alike have two votes."""

    class First(NumPy):
        name = "many_first"

    class Second(NumPy):
        name = "many_second"

    assert "wrong" in outcomes(First, Second, broken.Negated)["negated"]
    assert framework(First()) == "many_first"
    assert framework(NumPy()) == "numpy"


def test_another_shape_is_no_agreement() -> None:
    seen = found(NumPy, broken.WrongShape, Twin)
    assert {v.outcome for v in seen["numpy"] + seen["twin"]} == {"pass"}
    value, A, *_ = seen["wrong_shape"]
    assert value.outcome == "pass"
    assert (A.outcome, A.digits) == ("wrong", 0)
    assert "shapes (1, 3, 2) and (3, 2) differ" in A.message


def test_one_that_gives_no_answer_has_no_say() -> None:
    seen = found(NumPy, broken.Raising, Twin)
    assert [(v.outcome, v.wrt, v.message) for v in seen["raising"]] == [
        ("undecided", None, "it gave no answer")
    ]
    assert {v.outcome for v in seen["numpy"] + seen["twin"]} == {"pass"}


def test_with_nothing_to_agree_with_nothing_is_decided() -> None:
    for verdicts in (found(NumPy)["numpy"], found(NumPy, broken.Raising)["numpy"]):
        assert {v.outcome for v in verdicts} == {"undecided"}
        assert {v.message for v in verdicts} == {"there is nothing to agree with"}
    assert outcomes(broken.Raising) == {"raising": {"undecided"}}
    assert not list(agreement([]))


def at_the_kink(slope: float) -> type:
    """A relu whose derivative at 0 is that."""

    def kinked(value, gradients, arguments):
        z, g = arguments["z"], gradients["z"]
        return value, {"z": np.where(z == 0, slope * np.float64(8.0), g)}

    return spoiled(f"slope {slope}", kinked)


RELU = "...=3 seed=1 z[0]=0.0 z[1]=2.0 z[2]=-1.0 ybar[0]=8.0 ybar[1]=20.0 ybar[2]=20.0"


@pytest.mark.parametrize(
    ("one", "other", "says"),
    [(0.0, 1.0, "pass"), (1.0, 0.5, "pass"), (0.0, 0.0, "pass"), (0.0, 2.0, "wrong")],
)
def test_at_a_kink_each_may_choose_its_side(one: float, other: float, says: str) -> None:
    class Other(at_the_kink(other)):  # type: ignore[misc]
        name = "other"

    for verdicts in found(at_the_kink(one), Other, identity="relu", line=RELU).values():
        assert [v.outcome for v in verdicts] == ["pass", says]


def test_where_the_answer_is_too_large_for_the_type_nothing_is_decided() -> None:
    large = "...=2 X[0]=300.0"
    assert outcomes(NumPy, Twin, identity="square", line=large, dtype="float16") == {
        "numpy": {"undecided", "pass"},
        "twin": {"undecided", "pass"},
    }


def test_empty_arrays_can_disagree_in_their_shape_alone() -> None:
    assert outcomes(NumPy, Twin, identity="square", line="...=2x0") == {
        "numpy": {"undecided"},
        "twin": {"undecided"},
    }
    seen = found(NumPy, broken.WrongShape, Twin, identity="square", line="...=2x0")
    assert [v.outcome for v in seen["wrong_shape"]] == ["undecided", "wrong"]
