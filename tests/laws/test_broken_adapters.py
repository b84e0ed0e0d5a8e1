"""Every law has an adapter that breaks it, and every adapter that is broken gets caught."""

from __future__ import annotations

import pytest

from gradient_conformance.commands.conduct import Row, conduct, failures, sentence
from gradient_conformance.commands.selection import Selection, Target, select
from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.implementation import Implementation
from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.laws import QUICK_LAWS
from gradient_conformance.laws.convention import point_cases
from gradient_conformance.tests.implementations import broken

SMOKE = select(backends=["numpy"], profile="smoke")
EVERY_IDENTITY = pytest.mark.parametrize("identity", CATALOGUE)


def rows(adapter: type, identity: str, selection: Selection = SMOKE) -> list[Row]:
    """The rows of one adapter on one identity in float64."""
    backend = adapter()
    forward = CATALOGUE[identity].forward
    target = Target(Implementation(backend, "native", identity, forward), "float64", backend.name)
    return conduct(target, selection)


def failing(found: list[Row]) -> dict[str, set[str]]:
    """The failed verdicts by law."""
    laws: dict[str, set[str]] = {}
    for row in failures(found):
        laws.setdefault(row["law"], set()).add(row["verdict"])
    return laws


def facts_of(identity: str) -> list[str]:
    """The facts that an implementation can fail."""
    of_formulas_alone = {"kronecker_delta_collapses", "affine_coupling_flow_determinant"}
    return [f.name for f in CATALOGUE[identity].facts if f.name not in of_formulas_alone]


@EVERY_IDENTITY
def test_the_right_adapter_passes(identity: str) -> None:
    found = rows(NumPy, identity)
    assert not failures(found), sentence(failures(found)[0])
    without = set() if facts_of(identity) else {"facts"}
    without |= set() if point_cases(identity, "float64") else {"convention"}
    assert {row["law"] for row in found} == set(QUICK_LAWS) - {"agreement"} - without


@EVERY_IDENTITY
def test_implementing_nothing_gets_no_pass(identity: str) -> None:
    found = rows(broken.Nothing, identity)
    assert found
    assert {row["verdict"] for row in found} == {"error"}
    assert "does not define from_numpy" in found[0]["message"]


@EVERY_IDENTITY
def test_zeros_are_wrong(identity: str) -> None:
    assert failing(rows(broken.Zeros, identity))["gradient"] == {"wrong"}


@EVERY_IDENTITY
def test_one_part_in_a_billion_is_imprecise(identity: str) -> None:
    assert "imprecise" in failing(rows(broken.ScaledByBillionth, identity))["gradient"]


@EVERY_IDENTITY
def test_the_sign_is_wrong(identity: str) -> None:
    assert failing(rows(broken.Negated, identity))["gradient"] == {"wrong"}


@EVERY_IDENTITY
def test_an_ignored_cotangent_is_wrong(identity: str) -> None:
    found = failing(rows(broken.IgnoresCotangent, identity))
    assert "wrong" in found["gradient"]
    assert "wrong" in found["cotangent_linearity"]


@EVERY_IDENTITY
def test_single_precision_inside_is_caught(identity: str) -> None:
    found = failing(rows(broken.SinglePrecision, identity))
    assert found["gradient"] & {"imprecise", "wrong"}


@EVERY_IDENTITY
def test_a_value_off_by_a_billionth_is_caught(identity: str) -> None:
    found = failing(rows(broken.ValueOff, identity))
    assert found["value"] & {"imprecise", "wrong"}
    assert "gradient" not in found


@pytest.mark.parametrize(
    ("adapter", "law", "verdict", "words"),
    [
        (broken.Raising, "gradient", "error", "RuntimeError: no kernel for this shape"),
        (broken.Leaving, "gradient", "error", "SystemExit"),
        (broken.ComplexNumbers, "gradient", "error", "holds complex128, not real numbers"),
        (broken.WithoutCopies, "inputs_intact", "wrong", "changed its input ybar"),
        (broken.WrongShape, "shape_and_dtype", "wrong", "it must have shape"),
        (broken.WrongShape, "gradient", "wrong", "it must be"),
        (broken.WrongType, "shape_and_dtype", "wrong", "type float16; it must have"),
        (broken.NotANumber, "gradient", "wrong", "got nan"),
        (broken.ForeignArray, "gradient", "error", "is a builtins.list; the backend's own arrays"),
        (broken.Mutating, "inputs_intact", "wrong", "changed its input"),
        (broken.MissingGradient, "gradient", "error", "returned no gradient for"),
        (broken.NotAPair, "gradient", "error", "it must return a pair"),
        (broken.Inconstant, "same_answer_twice", "wrong", "gave another answer for the gradient"),
    ],
)
def test_what_is_wrong_is_said(adapter: type, law: str, verdict: str, words: str) -> None:
    found = [row for row in rows(adapter, "least_squares") if row["law"] == law]
    spoiled = [row for row in found if row["verdict"] == verdict]
    assert spoiled, found
    assert any(words in row["message"] for row in spoiled), [row["message"] for row in spoiled]
    assert all(row["reproduce"].startswith("gradient-conformance run") for row in spoiled)


def test_one_that_hangs_times_out_and_is_not_asked_again() -> None:
    hurried = select(backends=["numpy"], profile="smoke", seconds=0.2)
    found = rows(broken.Hanging, "softmax", hurried)
    assert {row["verdict"] for row in found} == {"timeout"}
    assert {row["examples"] for row in found} == {1}
    assert "within 0.2 s" in found[0]["message"]


def test_a_failure_shows_its_arrays_and_a_small_case() -> None:
    found = [row for row in failures(rows(broken.Zeros, "linear_form")) if row["wrt"] == "x"]
    shown = found[0]["shown"]
    assert set(shown) == {"arguments", "ybar", "expected", "tolerance", "observed"}
    assert len(shown["arguments"]["a"]) <= 3
    assert not any(shown["observed"])
