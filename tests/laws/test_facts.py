"""The law of facts: what an elementwise tolerance forgives is caught, and nothing else is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.implementations.protocol import Backend
from gradient_conformance.laws import examine
from gradient_conformance.laws.facts import _compared, facts, sides_of
from gradient_conformance.laws.strategies import PROFILES, fixed_cases
from gradient_conformance.laws.trial import Trial
from gradient_conformance.laws.verdicts import Verdict
from gradient_conformance.oracles.facts import Sides
from gradient_conformance.oracles.machine import MACHINES
from gradient_conformance.tests.implementations import broken
from gradient_conformance.tests.implementations.broken import spoiled
from gradient_conformance.tests.laws.trials import trial

EQUAL_LOGITS = "...=- n=2 z[0]=1e8 z[1]=1e8 ybar[0]=1.0"
SUM = "logsumexp_gradient_sums_to_cotangent"


def verdicts(adapter: type[Backend], identity: str, line: str, dtype: str = "float64") -> Any:
    """The verdict on each fact, by its name."""
    return {v.wrt: v for v in facts(trial(adapter, identity, line, dtype))}


def from_the_rounded_value(value: Any, gradients: Any, arguments: Mapping[str, Any]) -> Any:
    """The gradient of log-sum-exp as e^(z − y), from the rounded y."""
    return value, {"z": np.exp(arguments["z"] - np.asarray(value)[..., None])}


FromTheRoundedValue = spoiled("from_the_rounded_value", from_the_rounded_value)


def test_two_equal_logits_of_1e8() -> None:
    """Each entry is what a logit one rounding away would give; their sum is not."""
    tried = trial(FromTheRoundedValue, "logsumexp", EQUAL_LOGITS, "float32")
    assert tried.observed.gradients["z"].tolist() == [1.0, 1.0]
    found: dict[str, Verdict] = {v.law: v for v in examine(tried, ["gradient"])}
    assert not found["gradient"].failed
    assert {v.wrt: v.outcome for v in facts(tried)}[SUM] == "wrong"
    assert (
        "the answer gives 2 where it should be 1"
        in verdicts(FromTheRoundedValue, "logsumexp", EQUAL_LOGITS, "float32")[SUM].message
    )


def test_the_right_answer_for_them_passes() -> None:
    found = verdicts(NumPy, "logsumexp", EQUAL_LOGITS, "float32")
    assert {v.outcome for v in found.values()} == {"pass"}


def nudged(*entry: int, by: float = 1e-9) -> Any:
    """Every gradient's first entry off by a part of it."""

    def spoil(value: Any, gradients: dict[str, np.ndarray], arguments: Any) -> Any:
        for g in gradients.values():
            g[entry] += by * np.abs(g).max()
        return value, gradients

    return spoil


Nudged = spoiled("nudged", nudged(0, 0))
NudgedVector = spoiled("nudged_vector", nudged(0))
ValueOff = broken.ValueOff
Shifted = spoiled("shifted", lambda value, gradients, arguments: (value + 1e-9, gradients))


def by_the_level(value: Any, gradients: dict[str, np.ndarray], arguments: Any) -> Any:
    """The gradient grows with the scores, all alike."""
    return value, {"z": gradients["z"] * (1 + 1e-9 * np.abs(arguments["z"]).max())}


ByTheLevel = spoiled("by_the_level", by_the_level)


@pytest.mark.parametrize(
    ("adapter", "identity", "line", "fact"),
    [
        (Nudged, "softmax", "...=2 n=3 seed=1", "softmax_gradient_sums_to_zero"),
        (Nudged, "softmax", "...=2 n=3 seed=1", "softmax_is_equivariant"),
        (ByTheLevel, "softmax", "...=2 n=3 seed=1", "softmax_is_invariant"),
        (ValueOff, "softmax", "...=2 n=3 seed=1", "softmax_sums_to_one"),
        (Nudged, "attention", "n=2 m=3 d=2 v=2 seed=1", "attention_keys_sum_to_zero"),
        (Nudged, "attention", "n=2 m=3 d=2 v=2 seed=1", "attention_scores_are_shared"),
        (NudgedVector, "quadratic_form", "n=3 seed=1", "quadratic_form_is_quadratic"),
        (ValueOff, "determinant", "n=3 seed=1", "determinant_is_of_degree_n"),
        (Shifted, "tanh", "...=4 seed=1", "tanh_is_odd"),
        (ValueOff, "silu", "...=4 seed=1", "silu_gates"),
        (broken.Negated, "sigmoid", "...=4 seed=1", "sigmoid_slope_at_zero"),
        (broken.Negated, "linear_form", "n=2 seed=1", "linear_form_worked_example"),
    ],
)
def test_an_answer_that_breaks_a_fact_is_caught(
    adapter: type[Backend], identity: str, line: str, fact: str
) -> None:
    assert verdicts(NumPy, identity, line)[fact].outcome == "pass"
    found = verdicts(adapter, identity, line)[fact]
    assert found.failed
    assert found.margin > 1
    assert found.message


@pytest.mark.parametrize("identity", [n for n, i in CATALOGUE.items() if i.facts])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_right_answer_never_fails_and_every_fact_decides(identity: str, dtype: str) -> None:
    found: dict[str | None, set[str]] = {}
    for case in fixed_cases(identity, dtype, PROFILES["ci"], seed=0):
        implementation = trial(NumPy, identity, case.line(), dtype).implementation
        for verdict in facts(Trial(implementation, case)):
            assert not verdict.failed, f"{case.line()}: {verdict}"
            found.setdefault(verdict.wrt, set()).add(verdict.outcome)
    assert all("pass" in outcomes for outcomes in found.values()), found


def test_a_fact_about_formulas_alone_says_nothing_of_an_implementation() -> None:
    assert [f.name for f in CATALOGUE["identity_map"].facts] == ["kronecker_delta_collapses"]
    assert verdicts(broken.Zeros, "identity_map", "m=2 n=2") == {}


def test_a_gross_fault_that_would_not_show_is_undecided() -> None:
    """The gradient of a row of one is 0, however it is computed."""
    found = verdicts(NumPy, "softmax", "...=- n=1")
    assert found["softmax_gradient_sums_to_zero"].outcome == "undecided"


def test_an_answer_of_another_shape_is_wrong() -> None:
    found = verdicts(broken.WrongShape, "softmax", "...=2 n=3")
    assert {v.outcome for v in found.values()} == {"wrong"}
    assert "has shape (1, 2, 3); it must be (2, 3)" in found["softmax_sums_to_one"].message


def test_no_numbers_are_wrong() -> None:
    found = verdicts(broken.NotANumber, "softmax", "...=2 n=3 seed=1")
    assert found["softmax_gradient_sums_to_zero"].outcome == "wrong"
    assert found["softmax_sums_to_one"].outcome == "pass"


def test_no_answer_is_an_error() -> None:
    (found,) = examine(trial(broken.Raising, "softmax", "...=2 n=3"), ["facts"])
    assert found.outcome == "error"


def test_both_sides_can_be_shown() -> None:
    sides = sides_of(trial(FromTheRoundedValue, "logsumexp", EQUAL_LOGITS, "float32"), SUM)
    assert sides is not None
    assert (sides.left.item(), sides.right.item()) == (2.0, 1.0)
    assert 0 < sides.tolerance.item() < 1e-5


def test_a_literal_point_is_judged_as_a_case_is() -> None:
    tried = trial(NumPy, "softmax", "...=2 n=3 seed=1")
    given = Trial(tried.implementation, tried.case, given=(tried.arguments, tried.ybar))
    assert list(facts(given)) == list(facts(tried))


def flushing(value: Any, gradients: Any, arguments: Mapping[str, Any]) -> Any:
    """The root and its slope by a machine that reads subnormal numbers as 0."""
    tiny = np.abs(arguments["x"]) < np.finfo(arguments["x"].dtype).smallest_normal
    return np.where(tiny, 0, value), {"x": np.where(tiny, np.inf, gradients["x"])}


def test_a_machine_may_read_subnormal_numbers_as_zero() -> None:
    line = "...=2 x[0]=1e-310 x[1]=4.0 ybar[0]=1.0 ybar[1]=1.0"
    found = verdicts(spoiled("flushing", flushing), "square_root", line)
    assert {v.outcome for v in found.values()} == {"undecided"}
    normal = line.replace("1e-310", "1e-300")
    infinite = spoiled("infinite", lambda v, g, a: (v, {"x": g["x"] * np.inf}))
    found = verdicts(infinite, "square_root", normal)
    assert {v.outcome for v in found.values()} == {"wrong"}


def test_a_point_that_rounding_makes_singular_is_undecided_whatever_is_raised_there() -> None:
    """S = XᵀX of this matrix is singular in float32, and NumPy's inverse raises."""
    found = verdicts(NumPy, "log_determinant", "n=2 regime=wide seed=18", "float32")
    assert found["log_determinant_of_a_multiple"].outcome == "pass"
    assert found["log_determinant_of_symmetric"].outcome == "undecided"
    assert "lost in the rounding of float32" in found["log_determinant_of_symmetric"].message


def test_a_point_that_is_too_large_for_any_number_is_undecided() -> None:
    """XᵀX of 10³⁰⁰ has no float64."""
    found = verdicts(NumPy, "log_determinant", "n=1 X[0]=1e300")
    assert found["log_determinant_of_symmetric"].outcome == "undecided"
    assert "does not fit in float64" in found["log_determinant_of_symmetric"].message


def of_the_overflowed_variance(value: Any, gradients: Any, arguments: Mapping[str, Any]) -> Any:
    """What an implementation gives that takes the variance as mean(x²) − mean(x)²: ∞ − ∞."""
    return value * np.nan, {name: g * np.nan for name, g in gradients.items()}


OfTheOverflowedVariance = spoiled("of_the_overflowed_variance", of_the_overflowed_variance)


def test_an_answer_that_may_leave_the_range_breaks_no_fact() -> None:
    """The value is undecided there, as x² overflows: then so are the facts about the answer."""
    line = "...=- n=1 eps:1e-05 x[0]=1e300"
    tried = trial(OfTheOverflowedVariance, "layer_normalisation", line)
    assert {v.outcome for v in examine(tried, ["value", "facts"])} == {"undecided"}
    smaller = trial(OfTheOverflowedVariance, "layer_normalisation", line.replace("1e300", "1e3"))
    assert "wrong" in {v.outcome for v in facts(smaller)}


def test_an_error_may_be_too_many_tolerances_to_be_a_number() -> None:
    sides = Sides("=", np.array([1e300]), np.array([0.0]), np.array([1e-20]), used=True)
    found = _compared(sides, sides, MACHINES["float64"])
    assert (found.outcome, found.margin) == ("wrong", np.inf)


def test_a_primitive_may_multiply_the_cotangent_in_first() -> None:
    """ȳ X Xᵀ as (ȳX) Xᵀ, where an entry is a difference of equal terms: symmetric but for that."""
    adapter = pytest.importorskip("gradient_conformance.implementations.jax").Jax
    line = "n=4 m=4 regime=special seed=10"
    found = examine(trial(adapter, "trace_of_quadratic", line, "float32"), ["facts"])
    assert {v.outcome for v in found} == {"pass"}


@pytest.mark.parametrize(("roundings", "outcome"), [(6.0, "pass"), (60.0, "imprecise")])
def test_the_gradient_of_a_factorised_matrix_is_rounded_as_its_largest_entry_is(
    roundings: float, outcome: str
) -> None:
    """Of a badly scaled matrix the entry [2, 0] is 9000 times smaller than the largest."""

    def lopsided(value: Any, gradients: dict[str, np.ndarray], arguments: Any) -> Any:
        S = gradients["S"]
        S[2, 0] += roundings * MACHINES["float32"].u * np.abs(S).max()
        return value, gradients

    adapter = spoiled("lopsided", lopsided)
    line = "n=3 regime=wide seed=5"
    found = verdicts(adapter, "gaussian_log_likelihood", line, "float32")
    assert found["gaussian_log_likelihood_gradient_is_symmetric"].outcome == outcome


@pytest.mark.parametrize(
    ("left", "tolerance", "says"),
    [
        ([1.0, np.inf], [1e-15, np.inf], "undecided"),
        ([1.0, np.nan], [1e-15, np.inf], "undecided"),
        ([1.0, np.nan], [1e-15, np.nan], "wrong"),
        ([1.0, np.inf], [1e-15, 1e-15], "wrong"),
        ([2.0, np.inf], [1e-15, np.inf], "wrong"),
        ([1.0, 1.0], [1e-15, 1e-15], "pass"),
    ],
)
def test_an_entry_that_rounding_explains_altogether_says_nothing(
    left: list[float], tolerance: list[float], says: str
) -> None:
    """Exponentials of a rounded answer that overflow need not sum to 1; those beside them must."""
    sides = Sides("=", np.array(left), np.ones(2), np.array(tolerance), used=True)
    gross = Sides("=", np.array([2.0, 2.0]), np.ones(2), np.array([1e-15, 1e-15]), used=True)
    assert _compared(sides, gross, MACHINES["float64"]).outcome == says
    no_numbers = _compared(sides, gross, MACHINES["float64"], finite=False).outcome
    assert no_numbers == ("pass" if says == "pass" else "wrong")
