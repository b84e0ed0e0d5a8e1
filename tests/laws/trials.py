"""One adapter on one case: what the tests of the laws look at."""

from __future__ import annotations

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.implementation import Implementation
from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.implementations.protocol import Backend
from gradient_conformance.laws.cases import parse
from gradient_conformance.laws.trial import Trial


def trial(
    adapter: type[Backend],
    identity: str,
    line: str,
    dtype: str = "float64",
    seconds: float = 20.0,
) -> Trial:
    """The native implementation of an identity by an adapter, on the case of this line."""
    forward = CATALOGUE[identity].forward
    implementation = Implementation(adapter(), "native", identity, forward)
    return Trial(implementation, parse(identity, dtype, line), seconds)


class Twin(NumPy):
    """NumPy under another name."""

    name = "twin"


class Triplet(NumPy):
    """NumPy under a third name."""

    name = "triplet"
