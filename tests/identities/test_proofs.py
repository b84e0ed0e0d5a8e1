"""Everything documented about every identity holds at 200 bits, on drawn points."""

from __future__ import annotations

import numpy as np
import pytest

from gradient_conformance.identities import CATALOGUE, Identity
from gradient_conformance.identities.declaration import Component, Fact, Jacobian
from gradient_conformance.laws.cases import Case
from gradient_conformance.oracles import ball_namespace
from gradient_conformance.oracles.balls import lift
from gradient_conformance.oracles.differences import numpy_namespace
from gradient_conformance.oracles.precision import precision
from gradient_conformance.oracles.proofs import (
    Proof,
    lift_arguments,
    prove_component,
    prove_fact,
    prove_gradient,
    prove_jacobian,
)
from gradient_conformance.tests.identities.points import filled, narrowed, over, points

UNDECIDED = 0.85
"""The share of points at which a claim may stay undecided. Self-attention, a softmax of products of
four matrices, comes near: 200 bits do not hold 1 and e^(−10⁴) together."""

MOSTLY_DECIDED = 0.1
"""The share of all gradients that may stay undecided."""

JACOBIANS = [(n, j) for n, identity in CATALOGUE.items() for j in identity.jacobians]
COMPONENTS = [(n, c) for n, identity in CATALOGUE.items() for c in identity.components]
FACTS = [(n, f) for n, identity in CATALOGUE.items() for f in identity.facts]


def described(part: object) -> str | None:
    """The part of a test's id that a Jacobian, component form or fact gives."""
    if isinstance(part, Jacobian):
        return part.argument
    return part.function.__name__ if isinstance(part, (Component, Fact)) else None


def hold(proofs: list[Proof]) -> list[Proof]:
    """The same proofs, each of which must hold."""
    for proof in proofs:
        assert proof.holds, f"{proof.claim}: {proof.detail}"
    return proofs


def decided(proofs: list[Proof]) -> None:
    """Each claim among the proofs is decided somewhere, and at most points."""
    assert proofs
    for claim in {proof.claim for proof in proofs}:
        one = [proof.decided for proof in proofs if proof.claim == claim]
        assert any(one), f"{claim}: nothing was decided"
        assert one.count(False) <= UNDECIDED * len(one), (
            f"{claim}: {one.count(False)} of {len(one)}"
        )


@pytest.mark.parametrize("name", CATALOGUE)
def test_gradient(name: str) -> None:
    identity = CATALOGUE[name]

    def prove(case: Case, rng: np.random.Generator) -> list[Proof]:
        return hold(prove_gradient(identity, case.arguments(), case.parameters, rng))

    proofs = over(points(name), prove)
    decided(proofs)
    assert {f"gradient of {name} for {a}" for a in identity.gradients} <= {p.claim for p in proofs}


def test_most_gradients_are_decided() -> None:
    proofs: list[Proof] = []
    for name, identity in CATALOGUE.items():

        def prove(case: Case, rng: np.random.Generator, own: Identity = identity) -> list[Proof]:
            return prove_gradient(own, case.arguments(), case.parameters, rng)

        proofs += over(points(name), prove, examples=5)
    undecided = [proof.claim for proof in proofs if not proof.decided]
    assert len(undecided) <= MOSTLY_DECIDED * len(proofs), undecided


@pytest.mark.parametrize(("name", "jacobian"), JACOBIANS, ids=described)
def test_jacobian(name: str, jacobian: Jacobian) -> None:
    def prove(case: Case, rng: np.random.Generator) -> list[Proof]:
        arguments = case.arguments()
        return hold([prove_jacobian(CATALOGUE[name], jacobian, arguments, case.parameters, rng)])

    decided(over(narrowed(name, jacobian.shapes), prove))


@pytest.mark.parametrize(("name", "component"), COMPONENTS, ids=described)
def test_component(name: str, component: Component) -> None:
    def prove(case: Case, rng: np.random.Generator) -> list[Proof]:
        arguments = case.arguments()
        return hold(prove_component(CATALOGUE[name], component, arguments, case.parameters, rng))

    decided(over(narrowed(name, component.shapes), prove))


@pytest.mark.parametrize(("name", "fact"), FACTS, ids=described)
def test_fact(name: str, fact: Fact) -> None:
    def prove(case: Case, rng: np.random.Generator) -> list[Proof]:
        return hold([prove_fact(CATALOGUE[name], fact, case.arguments(), case.parameters, rng)])

    decided(over(points(name), prove))


@pytest.mark.parametrize("name", CATALOGUE)
def test_gradient_has_the_shape_of_its_argument(name: str) -> None:
    """rules-1, over balls and over NumPy, empty arrays included."""
    identity = CATALOGUE[name]
    pullback = identity.pullback
    assert pullback is not None
    seen: set[bool] = set()

    def look(case: Case, rng: np.random.Generator) -> list[Proof]:
        arguments, static, ybar = case.arguments(), case.parameters, case.cotangent()
        with precision(53):
            over_balls = pullback(ball_namespace, lift(ybar), **lift_arguments(arguments), **static)
        with np.errstate(all="ignore"):
            over_numpy = pullback(numpy_namespace, ybar, **arguments, **static)
        for argument in identity.gradients:
            assert over_balls[argument].shape == arguments[argument].shape
            assert over_numpy[argument].shape == arguments[argument].shape
        seen.add(filled(case))
        return []

    over(points(name), look, examples=8)
    assert True in seen


def test_narrowed_shapes_are_those_asked_for() -> None:
    """The points of the other tests have the shapes that the document speaks of."""
    ranks: set[tuple[int, ...]] = set()

    def look(case: Case, rng: np.random.Generator) -> list[Proof]:
        ranks.add(tuple(x.ndim for x in case.arguments().values()))
        return []

    over(narrowed("softmax", {"z": "n"}), look)
    over(narrowed("tanh", {"z": "n"}), look)
    assert ranks == {(1,)}
    over(narrowed("cross_entropy", {"s": "n", "y": "n"}), look)
    assert ranks == {(1,), (1, 1)}
    over(narrowed("softmax", CATALOGUE["softmax"].shapes), look)
    assert max(len(r) and r[0] for r in ranks) > 1
