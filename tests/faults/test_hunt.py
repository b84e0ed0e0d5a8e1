"""Each fault is killed where it was put, by a law that can see it; what is right is not."""

from __future__ import annotations

import pytest

from gradient_conformance.commands.conduct import deviations_of
from gradient_conformance.commands.selection import Target, select
from gradient_conformance.commands.teeth import cases_for, laws_for
from gradient_conformance.faults import FAULTS, Right, gradient_fault
from gradient_conformance.faults.hunt import HIDDEN, IDLE, KILLED, SURVIVED, Kill, hunt
from gradient_conformance.tests.faults.faulty_backends import ALL, backend_for, places, right

BY_LAW = {
    "inputs_mutated": "inputs_intact",
    "gradient_over_its_argument": "inputs_intact",
    "memory_order_ignored": "layout_independent",
    "not_deterministic": "same_answer_twice",
    "cotangent_squared": "cotangent_linearity",
    "ties_have_all": "facts",
    "ties_have_none": "facts",
    "another_type": "shape_and_dtype",
    "second_derivative_missing": "hvp_reverse_over_reverse",
    "forward_mode_ignores_an_argument": "jvp",
    "batch_mixed_up": "batched_equals_looped",
    "compiled_gradient_off": "compiled_equals_eager",
    "accumulation_overwrites": "accumulation",
    "wrong_branch_at_a_kink": "gradient",
}
"""What each of these must be killed by, whatever else kills it too."""


def hunted(name: str | None, of: Right, argument: str | None, dtype: str, seed: int = 0) -> Kill:
    """A fault hunted as the command does it, in the profile ci."""
    i = of.implementation
    target = Target(i, dtype, i.backend.name)
    selection = select([i.backend.name], [i.identity], [dtype], profile="ci", seed=seed)
    return hunt(
        of,
        FAULTS[name] if name else None,
        argument,
        cases_for(target, selection, seed),
        laws_for(target),
        deviations_of(target),
        selection.costly_sizes(i.identity),
    )


def recorded(identity: str, backend: str) -> bool:
    """Whether a deviation of the right implementation is on record, which may hide a fault."""
    return bool(deviations(right(identity, backend)))


@pytest.mark.parametrize("name", ALL)
def test_each_fault_is_killed(name: str) -> None:
    """At the first place where it is one, and at one in the middle."""
    fault = FAULTS[name]
    backend = backend_for(fault)
    found = [place for place in places(fault) if not recorded(place[0], backend)]
    for identity, argument in dict.fromkeys((found[0], found[len(found) // 2])):
        of = right(identity, backend)
        kill = hunted(name, of, argument, fault.dtypes[0])
        assert kill.outcome == KILLED, (identity, argument)
        if name in BY_LAW:
            assert BY_LAW[name] in kill.laws, kill


def test_a_fault_of_answers_that_a_record_says_there_are_none_of_is_hidden() -> None:
    """PyTorch's batch_norm raises for an input without channels, the only empty one."""
    kill = hunted("wrong_for_empty", right("batch_normalisation", "torch"), "X", "float32")
    assert kill.outcome == HIDDEN
    assert "raises IndexError" in kill.reason


@pytest.mark.parametrize("identity", ["softmax", "log_determinant", "batched_convolution_2d"])
@pytest.mark.parametrize("backend", ["numpy", "torch"])
def test_the_right_implementation_survives(identity: str, backend: str) -> None:
    kill = hunted(None, right(identity, backend), None, "float32", seed=1)
    assert kill.outcome == SURVIVED
    assert kill.examples > 60


def test_what_changes_nothing_is_idle_not_killed() -> None:
    @gradient_fault("nothing is wrong")
    def nothing_wrong(call, g, name):
        return g

    try:
        assert hunted("nothing_wrong", right("softmax"), "z", "float64").outcome == IDLE
    finally:
        del FAULTS["nothing_wrong"]


def test_what_rounding_explains_survives() -> None:
    @gradient_fault("one rounding more")
    def one_rounding_more(call, g, name):
        return g * (1 + 2.0**-52)

    try:
        kill = hunted("one_rounding_more", right("gelu"), "z", "float64")
        assert kill.outcome == SURVIVED
    finally:
        del FAULTS["one_rounding_more"]


def test_a_kill_says_where_and_by_what() -> None:
    kill = hunted("sign", right("softmax"), "z", "float32")
    assert kill.outcome == KILLED
    assert kill.examples >= 1
    assert "n=" in kill.case
    assert "gradient" in kill.laws


def test_a_known_deviation_is_no_kill_and_hides_what_is_like_it() -> None:
    """Softplus of PyTorch is off in float64 above 20, which is recorded."""
    of = right("softplus", "torch")
    assert hunted(None, of, None, "float64").outcome == SURVIVED
    kill = hunted("sign", of, "z", "float64")
    assert kill.outcome == KILLED
    assert "gradient" not in kill.laws
    hidden = hunt(of, FAULTS["sign"], "z", cases_of(of), ["gradient"], deviations(of))
    assert hidden.outcome == HIDDEN
    assert "threshold of 20" in hidden.reason


def cases_of(of: Right) -> list:
    """The cases of a first look."""
    i = of.implementation
    return cases_for(Target(i, "float64", "torch"), select(["torch"], [i.identity]), 0)


def deviations(of: Right) -> tuple:
    """What is recorded of it in float64."""
    return deviations_of(Target(of.implementation, "float64", "torch"))
