"""What several cotangents, facts and precisions share is what each would have by itself."""

from __future__ import annotations

import numpy as np
import pytest

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.laws.cases import Case
from gradient_conformance.laws.shape_pool import telling_shapes_of
from gradient_conformance.laws.strategies import static_choices
from gradient_conformance.oracles import ball_linalg
from gradient_conformance.oracles.balls import lift, once
from gradient_conformance.oracles.expected import Expected
from gradient_conformance.oracles.machine import MACHINES
from gradient_conformance.oracles.machine_range import following
from gradient_conformance.oracles.precision import precision

FEW = ("softmax_cross_entropy", "log_determinant", "layer_normalisation", "relu", "attention")


def case_of(name: str) -> Case:
    sizes = telling_shapes_of(name)[0]
    return Case(name, "float32", sizes, static_choices(name)[0], "special", 3)


@pytest.mark.parametrize("name", FEW)
def test_another_cotangent_at_the_same_point_is_expected_as_if_alone(name: str) -> None:
    case = case_of(name)
    machine, static = MACHINES["float32"], case.parameters
    first = Expected(CATALOGUE[name], case.arguments(), case.cotangent(), static, machine)
    for wrt in (None, *CATALOGUE[name].gradients):
        first.target(wrt, "plain")
    ybar = (case.cotangent() * 3).astype(np.float32)
    shared = first.for_cotangent(ybar)
    alone = Expected(CATALOGUE[name], case.arguments(), ybar, static, machine)
    for wrt in (None, *CATALOGUE[name].gradients):
        for level in ("plain", "in range"):
            a, b = shared.target(wrt, level), alone.target(wrt, level)
            assert (a is None) == (b is None)
            if a is not None and b is not None:
                for x, y in ((a.low, b.low), (a.high, b.high), (a.tolerance, b.tolerance)):
                    assert np.array_equal(x, y, equal_nan=True)


def test_the_answer_does_not_depend_on_which_part_is_asked_for_first() -> None:
    case = case_of("softmax_cross_entropy")
    machine, identity = MACHINES["float32"], CATALOGUE["softmax_cross_entropy"]
    given = identity, case.arguments(), case.cotangent(), case.parameters, machine
    one, other = Expected(*given), Expected(*given)
    ranged, plain = one.target("z", "in range"), one.target("z")
    assert plain is not None
    assert ranged is not None
    again, first = other.target("z"), other.target("z", "in range")
    assert again is not None
    assert first is not None
    assert np.array_equal(plain.tolerance, again.tolerance)
    assert np.array_equal(ranged.low, first.low)
    assert np.array_equal(ranged.tolerance, first.tolerance)


def test_arguments_are_lifted_once_and_handed_out_in_a_dict_of_ones_own() -> None:
    case = case_of("softmax_cross_entropy")
    machine, identity = MACHINES["float32"], CATALOGUE["softmax_cross_entropy"]
    e = Expected(identity, case.arguments(), case.cotangent(), case.parameters, machine)
    first, second = e.arguments_within(0.0), e.arguments_within(0.0)
    assert first["z"] is second["z"]
    assert e.arguments_within(machine.u)["z"] is not first["z"]
    first["z"] = None
    assert e.arguments_within(0.0)["z"] is second["z"]


def test_what_is_kept_is_kept_for_its_precision() -> None:
    x = lift(np.array([[3.0, 1.0], [1.0, 3.0]]))
    with precision(53):
        rough = ball_linalg.inv(x)
        assert ball_linalg.inv(x).elements is rough.elements
    with precision(200):
        fine = ball_linalg.inv(x)
    assert float(fine.elements[0, 0].rad()) < float(rough.elements[0, 0].rad())


def test_what_depends_on_other_arrays_is_kept_for_those() -> None:
    x, y, z = (lift(np.array([n])) for n in (1.0, 2.0, 3.0))
    total, other = once("sum", x, lambda: x + y, (y,)), once("sum", x, lambda: x + z, (z,))
    assert [float(a.elements[0]) for a in (total, other)] == [3.0, 4.0]
    assert once("sum", x, lambda: x + z, (y,)) is total


def test_nothing_is_kept_where_a_range_is_followed() -> None:
    x, made = lift(np.array([1.0])), []

    def make():
        made.append(x)
        return x

    with following(MACHINES["float16"]):
        once("it", x, make)
        once("it", x, make)
    once("it", x, make)
    once("it", x, make)
    assert len(made) == 3
