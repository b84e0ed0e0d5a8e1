"""The declaration of a fault: a mistake that people make in gradients, made on purpose.

A fault is put over any implementation to which it applies, and leaves all else as it was. What it
spoils is one answer: that of ``vjp``, or of another method of the backend.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ..identities.declaration import Identity
from ..implementations.protocol import Backend
from ..oracles.machine import MACHINES

if TYPE_CHECKING:
    from .right import Call

FAULTS: dict[str, Fault] = {}

Applies = Callable[[Identity, str | None], bool]
Suits = Callable[[Backend], bool]


@dataclass(frozen=True)
class Fault:
    """A mistake, and where it can be made.

    ``spoil`` gives the wrong answer. A fault ``of_a_gradient`` is put on one argument at a time:
    ``spoil(call, g, name)`` returns the wrong gradient, from the right one ``g``; any other fault
    is ``spoil(call)``, which returns what the ``method`` of the backend returns. Both work with
    NumPy arrays, unless the fault is ``raw``: then with the backend's own.

    ``applies(identity, argument)`` says where the mistake can be made at all, ``suits(backend)`` of
    which backends; ``dtypes`` in which types it is more than a rounding. ``equivalent`` gives for
    an identity, or ``"identity:argument"``, the reason why the mistake is none there.
    """

    name: str
    says: str
    spoil: Callable[..., Any]
    family: str
    method: str = "vjp"
    of_a_gradient: bool = False
    raw: bool = False
    applies: Applies = lambda identity, argument: True
    suits: Suits = lambda backend: True
    dtypes: tuple[str, ...] = tuple(MACHINES)
    equivalent: Mapping[str, str] = field(default_factory=dict)

    def reason(self, identity: str, argument: str | None) -> str:
        """Why it is no mistake there; empty where it is one."""
        return self.equivalent.get(f"{identity}:{argument}", self.equivalent.get(identity, ""))

    def subjects(self, identity: Identity) -> list[str | None]:
        """The arguments on whose gradient it can be put; None alone for a fault of the whole."""
        if self.of_a_gradient:
            return [name for name in identity.gradients if self.applies(identity, name)]
        return [None] if self.applies(identity, None) else []


def fault(says: str, **how: Any) -> Callable[[Callable[..., Any]], Fault]:
    """Declare a fault of the whole answer: decorate ``spoil(call)``; ``how`` as in ``Fault``."""

    def declare(spoil: Callable[..., Any]) -> Fault:
        family = spoil.__module__.rpartition(".")[2]
        declared = Fault(spoil.__name__, says, spoil, family, **how)
        if declared.name in FAULTS:
            raise ValueError(f"the fault {declared.name!r} is declared twice")
        FAULTS[declared.name] = declared
        return declared

    return declare


def gradient_fault(
    says: str, **how: Any
) -> Callable[[Callable[[Call, np.ndarray, str], Any]], Fault]:
    """Declare a fault of one gradient: decorate ``spoil(call, g, name)``."""
    return fault(says, of_a_gradient=True, **how)
