"""Proofs at 200 bits: a documented formula holds on given arguments, or it does not.

Two balls that hold the same number overlap. Formulas that differ, differ by far more than 2⁻¹⁰⁰ of
the terms they are made of; so an overlap of narrow balls is taken as a proof on these arguments,
and an overlap of wide ones as nothing at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..identities.declaration import Component, Fact, Identity, Jacobian
from . import ball_namespace as xp
from .balls import BallArray, ball_objects, lift, rad
from .facts import Answer
from .machine import is_discrete
from .precision import precision
from .taylor import jvp

PROOF_BITS = 200
NARROW = 2.0**-100
"""A ball wider than this fraction of the terms that it is made of proves nothing."""

Arguments = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Proof:
    """Whether a claim holds on these arguments; ``decided`` is false where a ball was too wide."""

    claim: str
    holds: bool
    decided: bool
    detail: str = ""


def lift_arguments(arguments: Arguments) -> dict[str, Any]:
    """Exact balls for floating-point arguments; integers stay as they are."""
    return {name: x if is_discrete(x) else lift(x) for name, x in arguments.items()}


def prove_gradient(
    identity: Identity, arguments: Arguments, static: Mapping[str, Any], rng: np.random.Generator
) -> list[Proof]:
    """⟨ȳ, J v⟩ = ⟨Jᵀȳ, v⟩ for each argument by itself, J v by Taylor series of the forward."""
    with precision(PROOF_BITS):
        balls = lift_arguments(arguments)
        y = identity.forward(xp, **balls, **static)
        ybar = rng.standard_normal(y.shape)
        gradients = _pullback(identity)(xp, lift(ybar), **balls, **static)
        proofs = [_same_names(identity, gradients)]
        for name in identity.gradients:
            claim = f"gradient of {identity.name} for {name}"
            if gradients[name].shape != arguments[name].shape:
                proofs.append(
                    Proof(
                        claim,
                        holds=False,
                        decided=True,
                        detail=f"the gradient's shape is {gradients[name].shape}, the "
                        f"argument's {arguments[name].shape}",
                    )
                )
                continue
            v = rng.standard_normal(arguments[name].shape)
            forward_derivative = jvp(identity.forward, balls, {name: v}, **static)
            proofs.append(
                _equal(
                    claim,
                    inner(lift(ybar), forward_derivative),
                    inner(gradients[name], lift(v)),
                    scale=_size(gradients[name]) + _size(forward_derivative) * np.abs(ybar).sum(),
                )
            )
        return proofs


def prove_jacobian(
    identity: Identity,
    jacobian: Jacobian,
    arguments: Arguments,
    static: Mapping[str, Any],
    rng: np.random.Generator,
) -> Proof:
    """Contracting the dense Jacobian with ȳ gives the gradient."""
    with precision(PROOF_BITS):
        balls = lift_arguments(arguments)
        J = jacobian.function(xp, **balls, **static)
        y = identity.forward(xp, **balls, **static)
        ybar = rng.standard_normal(y.shape)
        gradient = _pullback(identity)(xp, lift(ybar), **balls, **static)[jacobian.argument]
        claim = f"Jacobian of {identity.name} for {jacobian.argument}"
        if J.shape != y.shape + gradient.shape:
            return Proof(claim, False, True, f"shape {J.shape}, not {y.shape + gradient.shape}")
        flat = BallArray(J.elements.reshape(ybar.size, gradient.elements.size))
        contracted = lift(ybar.reshape(-1)) @ flat
        return _equal(
            claim,
            BallArray(contracted.elements.reshape(gradient.shape)),
            gradient,
            _size(J) * np.abs(ybar).sum() + _size(gradient),  # a Jacobian of zeros is refuted, too
        )


def prove_component(
    identity: Identity,
    component: Component,
    arguments: Arguments,
    static: Mapping[str, Any],
    rng: np.random.Generator,
) -> list[Proof]:
    """The component form has the value of the matrix form and, by Taylor series, its gradient."""
    with precision(PROOF_BITS):
        balls = lift_arguments(arguments)
        y = identity.forward(xp, **balls, **static)
        indexed = component.function(xp, **balls, **static)
        ybar = rng.standard_normal(y.shape)
        gradients = _pullback(identity)(xp, lift(ybar), **balls, **static)
        directions = {
            name: rng.standard_normal(arguments[name].shape) for name in identity.gradients
        }
        slope = jvp(component.function, balls, directions, **static)
        along = sum(
            (inner(gradients[name], lift(v)) for name, v in directions.items()), start=lift(0.0)
        )
        claim = f"component form of {identity.name}"
        terms = sum(_size(g) for g in gradients.values())
        return [
            _equal(f"{claim}, value", indexed, y, _size(y)),
            _equal(f"{claim}, gradient", inner(lift(ybar), slope), along, terms),
        ]


def prove_fact(
    identity: Identity,
    fact: Fact,
    arguments: Arguments,
    static: Mapping[str, Any],
    rng: np.random.Generator,
) -> Proof:
    """The relation that the fact states holds for the exact value and gradients."""
    with precision(PROOF_BITS):
        balls = lift_arguments(arguments)
        if fact.at is not None:
            balls = fact.at(xp, **balls)
        ybar = lift(rng.standard_normal(identity.forward(xp, **balls, **static).shape))
        beside = None
        if fact.beside is not None:
            there = fact.beside(xp, ybar, **balls)
            beside = _answer(identity, there.pop("ybar"), there, static)
        answer = _answer(identity, ybar, balls, static, beside)
        relation, left, right = fact.function(xp, answer, **balls, **static)
        claim = f"fact {fact.name}: {fact.says}"
        scale = 1 + _size(answer.value) + sum(_size(g) for g in answer.gradients.values())
        if relation == "=":
            return _equal(claim, left, right, scale)
        return _at_most(claim, left, right, scale)


def _answer(
    identity: Identity,
    ybar: BallArray,
    balls: Mapping[str, Any],
    static: Mapping[str, Any],
    beside: Answer | None = None,
) -> Answer:
    """The exact value and gradients at a point."""
    gradients = _pullback(identity)(xp, ybar, **balls, **static)
    value = identity.forward(xp, **balls, **static)
    return Answer({None: value, **gradients}, ybar, beside)


def inner(a: BallArray, b: BallArray) -> BallArray:
    """Inner product ⟨a, b⟩."""
    return xp.sum(a * b)


def _pullback(identity: Identity) -> Any:
    if identity.pullback is None:
        raise ValueError(
            f"identity {identity.name!r} has no gradient: register one with @{identity.name}.vjp"
        )
    return identity.pullback


def _same_names(identity: Identity, gradients: Mapping[str, Any]) -> Proof:
    wanted, got = sorted(identity.gradients), sorted(gradients)
    return Proof(
        f"gradients of {identity.name}: names",
        holds=wanted == got,
        decided=True,
        detail=f"declared {wanted}, computed {got}",
    )


def _size(x: BallArray) -> float:
    """Sum of magnitudes: the scale against which a ball is wide or narrow."""
    return float(sum(float(abs(v).mid()) for v in x.elements.flat))


def _equal(claim: str, left: Any, right: Any, scale: float) -> Proof:
    a, b = _broadcast(left, right)
    pairs = list(zip(a.flat, b.flat, strict=True))
    apart = [(x, y) for x, y in pairs if not x.overlaps(y)]
    detail = f"{apart[0][0].str(20)} is not {apart[0][1].str(20)}" if apart else ""
    return Proof(claim, holds=not apart, decided=_narrow(a, b, scale), detail=detail)


def _at_most(claim: str, left: Any, right: Any, scale: float) -> Proof:
    a, b = _broadcast(left, right)
    above = [(x, y) for x, y in zip(a.flat, b.flat, strict=True) if x > y]
    detail = f"{above[0][0].str(20)} is greater than {above[0][1].str(20)}" if above else ""
    return Proof(claim, holds=not above, decided=_narrow(a, b, scale), detail=detail)


def _broadcast(left: Any, right: Any) -> tuple[np.ndarray, np.ndarray]:
    a, b = np.broadcast_arrays(ball_objects(left), ball_objects(right))
    return a, b


def _narrow(a: np.ndarray, b: np.ndarray, scale: float) -> bool:
    widest = max((float(r) for x in (a, b) for r in rad(BallArray(x)).flat), default=0.0)
    return bool(np.isfinite(widest) and widest <= NARROW * max(scale, 1e-300))
