"""Where the documents are loose or wrong: the literal reading fails, the catalogue's holds."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.laws.cases import Case
from gradient_conformance.oracles import ball_namespace
from gradient_conformance.oracles.balls import BallArray, lift
from gradient_conformance.oracles.precision import precision
from gradient_conformance.oracles.proofs import (
    PROOF_BITS,
    Proof,
    lift_arguments,
    prove_gradient,
)
from gradient_conformance.tests.identities.literal_readings import (
    LITERAL_READINGS,
    Formula,
    Literal,
)
from gradient_conformance.tests.identities.points import filled, over, points
from gradient_conformance.tests.identities.test_refutations import apart, with_gradient

EXAMPLES = 40


def said(formula: Formula, ybar: Any, arguments: dict[str, Any]) -> BallArray | str:
    """What a formula amounts to, or in which way it does not amount to anything."""
    try:
        found = formula(ball_namespace, ybar, SimpleNamespace(**arguments))
    except IndexError:
        return "outside"
    except ValueError:  # the shapes of two arrays do not fit together
        return "shape"
    return "undefined" if any(v.is_nan() for v in found.elements.flat) else found


def outcome(reading: Literal, case: Case, rng: np.random.Generator) -> str:
    """How the literal reading fares where the catalogue's is proved; or that this is not known."""
    identity = CATALOGUE[reading.identity]
    arguments = dict(reading.at(case.arguments()) if reading.at else case.arguments())
    if reading.holds:
        identity = with_gradient(identity, reading.argument, replaced_by(reading.holds))
    assert identity.pullback is not None
    claim = f"gradient of {reading.identity} for {reading.argument}"
    right = only(claim, prove_gradient(identity, arguments, case.parameters, rng))
    assert right.holds, right.detail
    if not right.decided:
        return "undecided"
    with precision(PROOF_BITS):
        ybar = lift(rng.standard_normal(case.cotangent().shape))
        balls = lift_arguments(arguments) | case.parameters
        literal = said(reading.formula, ybar, balls)
        if isinstance(literal, str):
            return literal
        if not apart(identity.pullback(ball_namespace, ybar, **balls)[reading.argument], literal):
            return "same"
    wrong = with_gradient(identity, reading.argument, replaced_by(reading.formula))
    proof = only(claim, prove_gradient(wrong, arguments, case.parameters, rng))
    if literal.shape != arguments[reading.argument].shape:
        assert not proof.holds
        return "shape"
    if not proof.decided:
        return "undecided"
    return "holds" if proof.holds else "refuted"


def replaced_by(formula: Formula) -> Any:
    return lambda xp, ybar, right, arguments: formula(xp, ybar, arguments)


def only(claim: str, proofs: list[Proof]) -> Proof:
    """The one proof of a claim."""
    (found,) = (proof for proof in proofs if proof.claim == claim)
    return found


def outcomes(reading: Literal) -> Counter[str]:
    """How the reading fares at the drawn points whose arguments have entries."""
    found: Counter[str] = Counter()

    def look(case: Case, rng: np.random.Generator) -> list[Proof]:
        if filled(case):
            found[outcome(reading, case, rng)] += 1
        return []

    over(points(reading.identity), look, examples=EXAMPLES)
    return found


@pytest.mark.parametrize("reading", LITERAL_READINGS, ids=str)
def test_the_literal_reading_fails_where_the_catalogues_is_proved(reading: Literal) -> None:
    found = outcomes(reading)
    assert set(found) - {"same", "undecided"} == reading.fails, found
    assert sum(found[way] for way in reading.fails) >= 3, found


def test_a_reading_that_is_right_does_not_fail() -> None:
    right = replace(LITERAL_READINGS[0], formula=lambda xp, g, a: xp.linalg.outer(g, a.x))
    assert set(outcomes(right)) == {"same"}


@pytest.mark.parametrize("reading", LITERAL_READINGS, ids=str)
def test_the_identity_says_so_in_its_notes(reading: Literal) -> None:
    assert "document" in CATALOGUE[reading.noted or reading.identity].notes
