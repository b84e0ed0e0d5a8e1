"""A fault spoils what it names, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from gradient_conformance.faults import FAULTS, Faulty, fault, with_fault
from gradient_conformance.laws.cases import Case, parse
from gradient_conformance.laws.trial import Trial
from gradient_conformance.oracles.expected import Target
from gradient_conformance.tests.faults.faulty_backends import right

CASE = parse("linear_layer", "float64", "m=3 n=4 seed=1")


def trial(name: str, argument: str | None, case: Case = CASE, backend: str = "numpy") -> Trial:
    """The case on an implementation with a fault."""
    return Trial(with_fault(right(case.identity, backend), FAULTS[name], argument), case)


def exact(target: Target | None) -> np.ndarray:
    """The exact answer, where there is one."""
    assert target is not None
    return target.exact


def changed(made: Trial) -> int:
    """How many answers the fault changed."""
    assert isinstance(made.implementation.backend, Faulty)
    return made.implementation.backend.changed


@pytest.mark.parametrize("backend", ["numpy", "torch", "jax"])
def test_only_the_named_gradient_is_wrong(backend: str) -> None:
    expected = Trial(right("linear_layer", backend).implementation, CASE).observed
    observed = trial("sign", "W", backend=backend).observed
    assert np.array_equal(observed.gradients["W"], -expected.gradients["W"])
    for name in ("x", "b"):
        assert np.array_equal(observed.gradients[name], expected.gradients[name])
    assert np.array_equal(observed.value, expected.value)


def test_the_other_modes_are_right() -> None:
    made = trial("doubled", "W", backend="torch")
    _, along = made.observe_jvp()
    assert np.allclose(along, exact(made.directional().jvp()))
    products = made.observe_hvp("reverse over reverse")
    assert np.allclose(products["W"], exact(made.directional().hvp("W")))


def test_a_fault_of_another_mode_leaves_the_gradient_right() -> None:
    made = trial("forward_mode_doubled", None, backend="torch")
    assert np.allclose(made.observed.gradients["W"], made.expected.plain("W").exact)
    _, along = made.observe_jvp()
    assert np.allclose(along, 2 * exact(made.directional().jvp()))


def test_what_changes_no_bit_is_counted_as_no_change() -> None:
    zeros = parse("linear_layer", "float64", "m=1 n=1 W[0]=0.0 x[0]=0.0 ybar[0]=1.0")
    made = trial("sign", "W", zeros)
    assert not made.observed.gradients["W"].any()
    assert changed(made) == 0


def test_changes_are_counted() -> None:
    made = trial("sign", "W")
    assert made.observed is not None
    assert changed(made) == 1


def test_a_stale_cache_shows_from_the_second_point_on() -> None:
    implementation = with_fault(right("linear_layer"), FAULTS["stale_forward"], "W")
    first = Trial(implementation, CASE)
    other = Trial(implementation, parse("linear_layer", "float64", "m=3 n=4 seed=2"))
    assert np.allclose(first.observed.gradients["W"], first.expected.plain("W").exact)
    stale = np.outer(other.ybar, first.arguments["x"])
    assert np.allclose(other.observed.gradients["W"], stale)


def test_the_right_answer_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    of = right("linear_layer")
    asked = []
    whole = of.backend.vjp

    def counting(*arguments):
        asked.append(1)
        return whole(*arguments)

    monkeypatch.setattr(of.backend, "vjp", counting)
    for name in ("sign", "zero", "doubled"):
        assert Trial(with_fault(of, FAULTS[name], "W"), CASE).observed is not None
    assert len(asked) == 1


def test_a_fault_keeps_the_type_of_what_it_spoils() -> None:
    case = parse("linear_layer", "bfloat16", "m=3 n=4 seed=1")
    observed = trial("over_root_d", "W", case, "torch").observed
    assert observed.gradients["W"].dtype == case.arguments()["W"].dtype


def test_a_fault_of_the_whole_gives_value_and_gradients() -> None:
    @fault("the value is off by one")
    def value_off_by_one(call):
        value, gradients = call.right()
        return value + 1, gradients

    try:
        made = trial("value_off_by_one", None)
        assert np.allclose(made.observed.value, made.expected.plain(None).exact + 1)
        assert changed(made) == 1
    finally:
        del FAULTS["value_off_by_one"]
