"""The witness of finite differences, on the identities themselves."""

from __future__ import annotations

import functools
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.laws.cases import Case
from gradient_conformance.oracles import ball_namespace
from gradient_conformance.oracles.balls import lift, mid, rad
from gradient_conformance.oracles.differences import (
    Difference,
    directional_difference,
    numpy_namespace,
    rademacher,
    rounding,
)
from gradient_conformance.oracles.expected import Expected
from gradient_conformance.oracles.machine import MACHINES
from gradient_conformance.oracles.precision import precision
from gradient_conformance.oracles.proofs import PROOF_BITS, lift_arguments
from gradient_conformance.tests.identities.points import points

U = 2.0**-53
BLIND = 0.5
"""The share of points, per identity, at which the witness may decline or be too unsure to see a
tenth of the largest term. Where softmax saturates there is nothing to see; most see nearly all."""


def difference_of(case: Case, wrt: str) -> tuple[Difference, np.ndarray, float]:
    """The witness for one argument, the exact terms that it should add up to, and their radii."""
    identity, static, arguments = CATALOGUE[case.identity], case.parameters, case.arguments()
    ybar = case.cotangent()
    directions = rademacher(np.random.default_rng(case.seed), arguments, [wrt])
    forward = functools.partial(identity.forward, numpy_namespace, **static)
    noise = rounding(identity, static)
    assert identity.pullback is not None
    found = directional_difference(forward, arguments, directions, ybar, noise)
    with precision(PROOF_BITS):
        balls = lift_arguments(arguments)
        gradient = identity.pullback(ball_namespace, lift(ybar), **balls, **static)[wrt]
        terms = gradient * lift(directions[wrt])
        return found, mid(terms), float(rad(terms).sum())


def on_a_kink(case: Case, wrt: str) -> bool:
    """Whether the slopes to either side differ in an output that counts."""
    if wrt not in CATALOGUE[case.identity].kinks:
        return False
    identity, float64 = CATALOGUE[case.identity], MACHINES["float64"]
    expected = Expected(identity, case.arguments(), case.cotangent(), case.parameters, float64)
    target = expected.target(wrt)
    assert target is not None
    return bool(np.any(target.high - target.low > 1e-9 * np.abs(case.cotangent())))


def looked_at(name: str, examples: int) -> list[bool]:
    """Whether the witness was blind, at drawn points with a derivative; it must not be wrong."""
    blind: list[bool] = []

    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(points(name))
    def holds(case: Case) -> None:
        names = list(CATALOGUE[name].gradients)
        wrt = names[case.seed % len(names)]
        found, terms, doubt = difference_of(case, wrt)
        if on_a_kink(case, wrt) or not np.all(np.isfinite(terms)):
            assert not found.decided, f"{found}: {case.line()}"
            return
        exact = math.fsum(terms.flat)
        honest = replace(found, error=found.error + doubt)
        assert honest.admits(exact), f"{found} is not {exact}: {case.line()}"
        if np.any(terms):
            off = exact + 0.1 * terms.flat[np.argmax(np.abs(terms))]
            blind.append(not found.decided or found.admits(off))

    holds()
    return blind


@pytest.mark.parametrize("name", CATALOGUE)
def test_it_agrees_with_the_exact_gradient_and_catches_a_tenth(name: str) -> None:
    blind = looked_at(name, examples=10)
    assert blind
    assert np.mean(blind) <= BLIND


def test_it_is_seldom_blind() -> None:
    names = ("gelu", "relu", "softmax", "least_squares", "attention", "log_determinant", "square")
    blind = [b for name in names for b in looked_at(name, examples=15)]
    assert len(blind) > 50
    assert np.mean(blind) <= 0.15


def test_most_errors_are_tiny() -> None:
    """Ten digits at ordinary points, for four of five."""
    digits = []
    for name in ("gelu", "softmax", "least_squares", "log_determinant", "trace_of_quadratic"):
        for seed in range(5):
            sizes: dict[str, Any] = {"m": 3, "n": 3, "...": (2,)}
            dimensions = {d for s in CATALOGUE[name].shapes.values() for d in s.split()}
            shape = tuple((k, v) for k, v in sizes.items() if k in dimensions)
            wrt = next(iter(CATALOGUE[name].gradients))
            found, terms, _ = difference_of(Case(name, "float64", shape, seed=seed), wrt)
            digits.append(found.error <= 1e-10 * np.abs(terms).sum())
    assert np.mean(digits) >= 0.8


def test_rounding_bounds_what_numpy_loses() -> None:
    """And not by much; it is infinite where the function is not defined."""
    identity = CATALOGUE["log_softmax"]
    z = np.random.default_rng(0).standard_normal((4, 5)) * 30
    noise = rounding(identity, {})(z=z)
    with precision(PROOF_BITS):
        exact = identity.forward(ball_namespace, z=lift(z))
        lost = np.abs(mid(lift(identity.forward(numpy_namespace, z=z)) - exact))
    assert np.all(lost <= noise)
    assert np.all(noise < 1e-12)
    undefined = rounding(CATALOGUE["cross_entropy"], {})(s=np.array([-1.0]), y=np.array([1.0]))
    assert np.all(np.isinf(undefined))


def test_rounding_of_a_factorised_matrix_goes_by_its_largest_entry() -> None:
    X = np.diag([1.0, 1e-10])
    assert rounding(CATALOGUE["determinant"], {})(X=X) > U
    assert rounding(CATALOGUE["trace"], {})(X=1e-10 * X) < 1e-8 * U
