"""The kinks that element-wise functions declare are theirs, and no other point is one."""

from __future__ import annotations

import numpy as np
import pytest

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.laws.strategies import static_choices
from gradient_conformance.oracles import ball_namespace as xp
from gradient_conformance.oracles.balls import lift
from gradient_conformance.oracles.precision import precision
from gradient_conformance.oracles.proofs import PROOF_BITS
from gradient_conformance.oracles.taylor import along, derivative
from gradient_conformance.tests.identities.test_refutations import gradients_of

UNARY = [n for n, i in CATALOGUE.items() if list(i.shapes.values()) == ["..."]]
CLOSE = 2.0**-60
SUSPECTS = (0.0, 1.0, -1.0, 3.0, -3.0, 6.0, -6.0, 20.0)
"""Where an element-wise function of the catalogue might change from one formula to another."""


def jump(name: str, at: float) -> float:
    """How far the slopes, or the second derivatives, to the right and to the left are apart.

    The largest over all parameters.
    """
    identity = CATALOGUE[name]
    (argument,) = identity.shapes
    found = []
    with precision(PROOF_BITS):
        sides = lift(np.array([at, at])) + lift(np.array([-CLOSE, CLOSE]))
        line = along(sides, np.ones(2))
        for static in static_choices(name):
            for x, part in ((sides, lambda g: g), (line, derivative)):
                gradient = gradients_of(identity)(
                    xp, lift(np.ones(2)), **{argument: x}, **dict(static)
                )[argument]
                left, right = part(gradient).elements
                found.append(abs(float((right - left).mid())))
    return max(found)


def test_there_are_the_activations_that_frameworks_ship() -> None:
    wanted = {
        *("silu", "softplus", "elu", "selu", "celu", "leaky_relu", "hard_tanh", "hard_sigmoid"),
        *("hard_swish", "mish", "log_sigmoid", "softsign", "relu6", "relu", "gelu", "gelu_tanh"),
        *("sigmoid", "tanh"),
    }
    assert wanted <= set(UNARY)
    assert "glu" in CATALOGUE


@pytest.mark.parametrize("name", UNARY)
def test_kinks(name: str) -> None:
    kinks = next(iter(CATALOGUE[name].kinks.values()), ())
    assert set(kinks) <= set(SUSPECTS)
    assert {at for at in SUSPECTS if jump(name, at) > 1e-3} == set(kinks)
