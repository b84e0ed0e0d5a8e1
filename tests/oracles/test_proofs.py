"""What a proof may conclude: it holds, it does not, or the balls were too wide to say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gradient_conformance.identities.declaration import Component, Fact, Identity, Jacobian
from gradient_conformance.oracles.balls import BallArray, lift, mid
from gradient_conformance.oracles.precision import precision
from gradient_conformance.oracles.proofs import (
    Proof,
    inner,
    lift_arguments,
    prove_component,
    prove_fact,
    prove_gradient,
    prove_jacobian,
)

ARGUMENTS = {"x": np.array([1.0, -2.0, 0.5]), "k": np.array([0, 2])}


def picked(xp: Any, x: Any, k: Any, *, power: int) -> Any:
    """Two entries of a vector, to a power."""
    return xp.take_along_axis(x, k) ** power


def picked_pullback(xp: Any, ybar: Any, x: Any, k: Any, *, power: int) -> dict[str, Any]:
    scattered = xp.where(k[:, None] == xp.arange(x.shape[0]), ybar[:, None], 0)
    return {"x": xp.sum(scattered, axis=0) * power * x ** (power - 1)}


IDENTITY = Identity(
    name="picked",
    forward=picked,
    tex="",
    shapes={"x": "n", "k": "2"},
    gradients={"x": ""},
    sources=(),
    parameters={"power": (1, 2)},
    pullback=picked_pullback,
)


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def gradient_proof(identity: Identity, power: int = 2) -> Proof:
    """The one proof about the gradient for x."""
    names, proof = prove_gradient(identity, ARGUMENTS, {"power": power}, rng())
    assert names.holds
    assert names.decided
    return proof


def changed(change: Callable[[Any], Any]) -> Identity:
    def pullback(xp: Any, ybar: Any, **arguments: Any) -> dict[str, Any]:
        return {"x": change(picked_pullback(xp, ybar, **arguments)["x"])}

    return replace(IDENTITY, pullback=pullback)


@pytest.mark.parametrize("power", [1, 2, 3])
def test_a_right_gradient_holds(power: int) -> None:
    proof = gradient_proof(IDENTITY, power)
    assert proof == Proof("gradient of picked for x", holds=True, decided=True)


def test_a_wrong_gradient_is_refuted_and_the_numbers_are_shown() -> None:
    proof = gradient_proof(changed(lambda g: g * (1 + 1e-15)))
    assert proof.decided
    assert not proof.holds
    left, _, right = proof.detail.partition(" is not ")
    assert float(left.strip("[").split()[0]) == pytest.approx(float(right.strip("[").split()[0]))


@pytest.mark.parametrize("lost", [300, 150, 110])
def test_a_wide_ball_decides_nothing_right_or_wrong(lost: int) -> None:
    """200 bits hold no unit beside 2³⁰⁰, and too few of its bits beside 2¹⁵⁰."""

    def lossy(xp: Any, x: Any, k: Any, *, power: int) -> Any:
        return picked(xp, 3 * ((x / 3 + 2.0**lost) - 2.0**lost), k, power=power)

    for change in (lambda g: g, lambda g: 2 * g, lambda g: -g):
        proof = gradient_proof(replace(changed(change), forward=lossy))
        assert not proof.decided
    assert gradient_proof(replace(IDENTITY, forward=lossy)).holds


def test_a_little_loss_is_no_excuse() -> None:
    def lossy(xp: Any, x: Any, k: Any, *, power: int) -> Any:
        return picked(xp, 3 * ((x / 3 + 2.0**80) - 2.0**80), k, power=power)

    for change, holds in ((lambda g: g, True), (lambda g: 2 * g, False)):
        proof = gradient_proof(replace(changed(change), forward=lossy))
        assert proof.decided
        assert proof.holds == holds


def test_a_gradient_of_another_shape_is_refuted() -> None:
    """Even one that would broadcast."""
    for change, shape in (
        (lambda g: g[:, None], r"(3, 1)"),
        (lambda g: g[:1], r"(1,)"),
        (lambda g: g[0], r"()"),
    ):
        proof = gradient_proof(changed(change))
        assert proof.decided
        assert not proof.holds
        assert f"the gradient's shape is {shape}, the argument's (3,)" in proof.detail


def test_names_of_the_gradients() -> None:
    def pullback(xp: Any, ybar: Any, **arguments: Any) -> dict[str, Any]:
        return {**picked_pullback(xp, ybar, **arguments), "k": ybar}

    names, _ = prove_gradient(replace(IDENTITY, pullback=pullback), ARGUMENTS, {"power": 1}, rng())
    assert not names.holds
    assert names.decided
    assert names.detail == "declared ['x'], computed ['k', 'x']"


def test_an_identity_without_a_gradient() -> None:
    with pytest.raises(
        ValueError, match=r"'picked' has no gradient: register one with @picked.vjp"
    ):
        prove_gradient(replace(IDENTITY, pullback=None), ARGUMENTS, {"power": 1}, rng())


def jacobian_of(function: Callable[..., Any]) -> Proof:
    jacobian = Jacobian("x", "", "zoo-1", IDENTITY.shapes, function)
    return prove_jacobian(IDENTITY, jacobian, ARGUMENTS, {"power": 1}, rng())


def picked_jacobian(xp: Any, x: Any, k: Any, *, power: int) -> Any:
    return xp.where(k[:, None] == xp.arange(x.shape[0]), 1, lift(0.0))


def test_jacobian() -> None:
    right = jacobian_of(picked_jacobian)
    assert right.holds
    assert right.decided
    wrong = jacobian_of(lambda xp, **a: 1 - picked_jacobian(xp, **a))
    assert wrong.decided
    assert not wrong.holds
    transposed = jacobian_of(lambda xp, **a: picked_jacobian(xp, **a).T)
    assert not transposed.holds
    assert transposed.detail == "shape (3, 2), not (2, 3)"


def component_of(function: Callable[..., Any]) -> list[bool]:
    component = Component("", "zoo-1", IDENTITY.shapes, function)
    proofs = prove_component(IDENTITY, component, ARGUMENTS, {"power": 2}, rng())
    assert [p.claim.rpartition(", ")[2] for p in proofs] == ["value", "gradient"]
    assert all(p.decided for p in proofs)
    return [p.holds for p in proofs]


def test_component_form() -> None:
    """Its value, and its derivative, each by itself."""

    def indexed(xp: Any, x: Any, k: Any, *, power: int) -> Any:
        return xp.stack([x[int(i)] * x[int(i)] for i in k])

    assert component_of(indexed) == [True, True]
    assert component_of(lambda xp, **a: indexed(xp, **a) + 1) == [False, True]
    assert component_of(lambda xp, **a: xp.constant(indexed(xp, **a))) == [True, False]
    assert component_of(lambda xp, **a: -indexed(xp, **a)) == [False, False]


def fact_of(function: Callable[..., Any], at: Callable[..., Any] | None = None) -> Proof:
    fact = Fact("something", "it is so", "zoo-1", function, at)
    proof = prove_fact(IDENTITY, fact, ARGUMENTS, {"power": 1}, rng())
    assert proof.claim == "fact something: it is so"
    return proof


@pytest.mark.parametrize(
    ("relation", "shift", "holds"),
    [
        ("=", 0, True),
        ("=", 1e-30, False),
        ("<=", 0, True),
        ("<=", 1e-30, True),
        ("<=", -1e-30, False),
    ],
)
def test_fact(relation: str, shift: float, holds: bool) -> None:
    proof = fact_of(lambda xp, answer, **a: (relation, answer.value, answer.value + shift))
    assert proof.decided
    assert proof.holds == holds
    if not holds:
        assert (" is not " if relation == "=" else " is greater than ") in proof.detail


def test_fact_broadcasts_and_one_false_entry_is_enough() -> None:
    assert fact_of(lambda xp, answer, x, **a: ("<=", x, 1)).holds
    assert not fact_of(lambda xp, answer, x, **a: ("<=", x, 0.75)).holds


def test_fact_at_a_special_point_uses_its_cotangent_and_gradients() -> None:
    def at(xp: Any, x: Any, k: Any) -> dict[str, Any]:
        return {"x": xp.zeros_like(x), "k": k}

    assert fact_of(lambda xp, answer, **a: ("=", answer.value, 0), at).holds
    assert not fact_of(lambda xp, answer, **a: ("=", answer.value, 0)).holds
    total = fact_of(
        lambda xp, answer, **a: ("=", xp.sum(answer.gradients["x"]), xp.sum(answer.ybar)), at
    )
    assert total.holds
    assert total.decided


def test_inner_product() -> None:
    with precision(53):
        assert mid(inner(lift([1.0, 2.0]), lift([3.0, -4.0]))) == -5
        assert mid(inner(lift(np.zeros((0, 2))), lift(np.zeros((0, 2))))) == 0
        assert mid(inner(lift(2.0), lift(3.0))) == 6


def test_lift_arguments() -> None:
    lifted = lift_arguments(ARGUMENTS | {"h": np.array([0.1], np.float16)})
    assert isinstance(lifted["x"], BallArray)
    assert all(ball.is_exact() for ball in lifted["x"].elements)
    assert lifted["k"] is ARGUMENTS["k"]
    assert mid(lifted["h"]).tolist() == [float(np.float16(0.1))]
