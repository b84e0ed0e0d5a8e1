"""Right implementations, and where each fault can be put: what the tests of the faults look at."""

from __future__ import annotations

from gradient_conformance.faults import FAULTS, Fault, Right
from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.implementation import Implementation
from gradient_conformance.implementations.loading import load


def right(identity: str, backend: str = "numpy", route: str = "native") -> Right:
    """The right implementation of an identity."""
    forward = CATALOGUE[identity].forward
    return Right(Implementation(load(backend), route, identity, forward))


def places(fault: Fault) -> list[tuple[str, str | None]]:
    """The identities and arguments where the fault is a mistake."""
    return [
        (name, argument)
        for name, identity in CATALOGUE.items()
        for argument in fault.subjects(identity)
        if not fault.reason(name, argument)
    ]


def backend_for(fault: Fault) -> str:
    """NumPy where it can have the fault, else PyTorch."""
    return "numpy" if fault.suits(load("numpy")) else "torch"


ALL = sorted(FAULTS)
