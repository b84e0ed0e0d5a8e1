"""The partners of the proofs: what is wrong, on purpose, is refuted."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from gradient_conformance.identities import CATALOGUE, Identity
from gradient_conformance.identities.declaration import Component, Fact, Jacobian
from gradient_conformance.laws.cases import Case
from gradient_conformance.oracles import ball_namespace
from gradient_conformance.oracles.balls import BallArray, lift, mid
from gradient_conformance.oracles.precision import precision
from gradient_conformance.oracles.proofs import (
    PROOF_BITS,
    Proof,
    lift_arguments,
    prove_component,
    prove_fact,
    prove_gradient,
    prove_jacobian,
)
from gradient_conformance.tests.identities import points as all_points
from gradient_conformance.tests.identities.points import narrowed, points
from gradient_conformance.tests.identities.test_proofs import (
    COMPONENTS,
    FACTS,
    JACOBIANS,
    described,
)
from gradient_conformance.tests.identities.wrong_formulas import WRONG_FORMULAS, Wrong

A_LITTLE = 1e-12
"""Far below what float64 would show; 200 bits see it."""

OFTEN = 0.3
"""Directions are signs: a row (g, −g) along (1, 1) is 0 with either sign of g."""

over = functools.partial(all_points.over, examples=12)


def gradients_of(identity: Identity) -> Callable[..., Any]:
    """The pullback, which every identity of the catalogue has."""
    assert identity.pullback is not None
    return identity.pullback


def with_gradient(identity: Identity, argument: str, change: Callable[..., Any]) -> Identity:
    """The identity with ``change(xp, ybar, right, arguments)`` as its gradient for one argument."""

    def pullback(xp: Any, ybar: Any, **arguments: Any) -> dict[str, Any]:
        right = dict(gradients_of(identity)(xp, ybar, **arguments))
        right[argument] = change(xp, ybar, right[argument], SimpleNamespace(**arguments))
        return right

    return replace(identity, pullback=pullback)


def largest_entry_changed(x: BallArray) -> BallArray:
    """Multiply the entry of largest magnitude by 1 + 10⁻¹²."""
    elements = x.elements.copy()
    if elements.size:
        worst = int(np.argmax(np.abs(mid(x))))
        elements.flat[worst] = elements.flat[worst] * (1 + A_LITTLE)
    return BallArray(elements)


def refuted(proofs: list[Proof], claim: str) -> tuple[int, int]:
    """Of the decided proofs of a claim: how many do not hold, and how many there are."""
    one = [proof for proof in proofs if proof.claim == claim and proof.decided]
    return sum(not proof.holds for proof in one), len(one)


def apart(right: BallArray, wrong: BallArray) -> bool:
    """Whether two arrays differ at all: a sign does not, where everything is zero."""
    if right.shape != wrong.shape:
        return True
    pairs = zip(right.elements.flat, wrong.elements.flat, strict=True)
    return any(not a.overlaps(b) for a, b in pairs)


def gradient_proofs(wrong: Identity, argument: str) -> list[Proof]:
    """Proofs of a wrong identity's gradients, where its gradient for the argument is wrong."""
    identity = CATALOGUE[wrong.name]

    def prove(case: Case, rng: np.random.Generator) -> list[Proof]:
        arguments, static = case.arguments(), case.parameters
        with precision(PROOF_BITS):
            ybar = lift(rng.standard_normal(case.cotangent().shape))
            balls = lift_arguments(arguments)
            both = [
                gradients_of(i)(ball_namespace, ybar, **balls, **static) for i in (identity, wrong)
            ]
            if not apart(both[0][argument], both[1][argument]):
                return []
        return prove_gradient(wrong, arguments, static, rng)

    return over(points(wrong.name), prove)


GRADIENTS = [(name, a) for name, identity in CATALOGUE.items() for a in identity.gradients]


@pytest.mark.parametrize(("name", "argument"), GRADIENTS)
def test_one_entry_off_by_a_trillionth(name: str, argument: str) -> None:
    wrong = with_gradient(CATALOGUE[name], argument, lambda xp, g, x, a: largest_entry_changed(x))
    proofs = gradient_proofs(wrong, argument)
    found, tried = refuted(proofs, f"gradient of {name} for {argument}")
    assert found == tried > 0, f"{found} of {tried}"
    for other in set(CATALOGUE[name].gradients) - {argument}:
        assert refuted(proofs, f"gradient of {name} for {other}")[0] == 0


@pytest.mark.parametrize(("name", "argument"), GRADIENTS)
def test_sign(name: str, argument: str) -> None:
    wrong = with_gradient(CATALOGUE[name], argument, lambda xp, g, x, a: -x)
    claim = f"gradient of {name} for {argument}"
    found, tried = refuted(gradient_proofs(wrong, argument), claim)
    assert found >= OFTEN * tried > 0, f"{found} of {tried}"


@pytest.mark.parametrize("wrong", WRONG_FORMULAS, ids=str)
def test_wrong_formula(wrong: Wrong) -> None:
    identity = with_gradient(
        CATALOGUE[wrong.identity],
        wrong.argument,
        lambda xp, ybar, right, arguments: wrong.formula(xp, ybar, arguments),
    )
    claim = f"gradient of {wrong.identity} for {wrong.argument}"
    found, tried = refuted(gradient_proofs(identity, wrong.argument), claim)
    assert found >= OFTEN * tried > 0, f"{found} of {tried}"


def test_every_family_has_a_wrong_formula() -> None:
    tried = {CATALOGUE[wrong.identity].family for wrong in WRONG_FORMULAS}
    assert tried == {identity.family for identity in CATALOGUE.values()}
    assert {(w.identity, w.argument) for w in WRONG_FORMULAS} <= set(GRADIENTS)


def test_missing_and_surplus_gradients() -> None:
    identity = CATALOGUE["linear_form"]

    def pullback(xp: Any, ybar: Any, **arguments: Any) -> Mapping[str, Any]:
        return {**gradients_of(identity)(xp, ybar, **arguments), "z": ybar}

    def prove(case: Case, rng: np.random.Generator) -> list[Proof]:
        wrong = replace(identity, pullback=pullback)
        return prove_gradient(wrong, case.arguments(), case.parameters, rng)

    found, tried = refuted(over(points("linear_form"), prove), "gradients of linear_form: names")
    assert found == tried > 0


@pytest.mark.parametrize(("name", "jacobian"), JACOBIANS, ids=described)
@pytest.mark.parametrize("mistake", ["an entry", "sign", "axes"])
def test_wrong_jacobian(name: str, jacobian: Jacobian, mistake: str) -> None:
    changes: dict[str, Callable[[BallArray], BallArray]] = {
        "an entry": largest_entry_changed,
        "sign": lambda J: -J,
        "axes": lambda J: BallArray(J.elements[..., None]),
    }

    def function(xp: Any, **arguments: Any) -> BallArray:
        return changes[mistake](jacobian.function(xp, **arguments))

    wrong = replace(jacobian, function=function)

    def prove(case: Case, rng: np.random.Generator) -> list[Proof]:
        arguments = case.arguments()
        with precision(PROOF_BITS):
            balls = lift_arguments(arguments) | case.parameters
            right = jacobian.function(ball_namespace, **balls)
            if not apart(right, changes[mistake](right)):
                return []
        return [prove_jacobian(CATALOGUE[name], wrong, arguments, case.parameters, rng)]

    proofs = over(narrowed(name, jacobian.shapes), prove)
    found, tried = refuted(proofs, proofs[0].claim)
    assert found == tried > 0, f"{found} of {tried}"


@pytest.mark.parametrize(("name", "component"), COMPONENTS, ids=described)
@pytest.mark.parametrize(("part", "share"), [("value", 0.7), ("gradient", 0.2)])
def test_wrong_component(name: str, component: Component, part: str, share: float) -> None:
    """One form with another value, one with no derivative.

    The slope is truly 0 for a softmax of one score, and along (1, 1) for one of two.
    """

    def function(xp: Any, **arguments: Any) -> BallArray:
        right = component.function(xp, **arguments)
        return largest_entry_changed(right) if part == "value" else xp.constant(right)

    wrong = replace(component, function=function)

    def prove(case: Case, rng: np.random.Generator) -> list[Proof]:
        arguments = case.arguments()
        return prove_component(CATALOGUE[name], wrong, arguments, case.parameters, rng)

    proofs = over(narrowed(name, component.shapes), prove)
    found, tried = refuted(proofs, f"component form of {name}, {part}")
    assert found >= share * tried > 0, f"{found} of {tried}"


@pytest.mark.parametrize(("name", "fact"), FACTS, ids=described)
def test_false_fact(name: str, fact: Fact) -> None:
    """An equation that is off by 10⁻¹² of its size; a bound turned round, with 1 added."""

    def function(xp: Any, answer: Any, **arguments: Any) -> tuple[str, Any, Any]:
        relation, left, right = fact.function(xp, answer, **arguments)
        if relation == "=":
            return "=", left + A_LITTLE * (1 + xp.abs(left)), right
        return "<=", right + 1, left

    wrong = replace(fact, function=function)

    def prove(case: Case, rng: np.random.Generator) -> list[Proof]:
        arguments = case.arguments()
        return [prove_fact(CATALOGUE[name], wrong, arguments, case.parameters, rng)]

    proofs = over(points(name), prove)
    found, tried = refuted(proofs, proofs[0].claim)
    assert found == tried > 0, f"{found} of {tried}"


def test_bound_that_is_too_tight() -> None:
    """The slope of the sigmoid is at most ¼, and not at most 0.2499."""
    fact = CATALOGUE["sigmoid"].facts[0]

    def function(xp: Any, answer: Any, z: Any) -> tuple[str, Any, Any]:
        return "<=", xp.abs(answer.gradients["z"]), 0.2499 * xp.abs(answer.ybar)

    def at(xp: Any, z: Any) -> dict[str, Any]:
        return {"z": xp.zeros_like(z)}

    wrong = replace(fact, function=function, at=at)

    def prove(case: Case, rng: np.random.Generator) -> list[Proof]:
        return [prove_fact(CATALOGUE["sigmoid"], wrong, case.arguments(), {}, rng)]

    found, tried = refuted(proofs := over(points("sigmoid"), prove), proofs[0].claim)
    assert found == tried > 0
