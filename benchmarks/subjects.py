"""What is checked side by side: five identities at one size each, right and with every fault.

The right backward function is NumPy's hand-derived one; a fault is put over that. So all checkers
look at the same wrong numbers, whatever framework they belong to.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..faults import FAULTS, Fault, Faulty, Right, with_fault
from ..identities import CATALOGUE
from ..identities.declaration import Identity
from ..implementations.implementation import Implementation
from ..implementations.numpy import NumPy
from ..laws.cases import Case

DTYPE = "float64"
REGIMES = ("ordinary", "special", "large")
"""The regimes at which right gradients are checked, for false alarms."""

GROSS = 0.01
"""A fault is gross where an entry is off by more than this part of the gradient's largest."""

Arrays = Sequence[np.ndarray]


@dataclass(frozen=True)
class Subject:
    """An identity at one size; ``title`` says the size as it is spoken of."""

    identity: str
    title: str
    sizes: tuple[tuple[str, int | tuple[int, ...]], ...]
    static: tuple[tuple[str, Any], ...] = ()

    @property
    def declared(self) -> Identity:
        """The identity."""
        return CATALOGUE[self.identity]

    @property
    def names(self) -> tuple[str, ...]:
        """The arguments in order, each of which has a gradient."""
        return tuple(self.declared.gradients)

    def case(self, seed: int, regime: str = "ordinary") -> Case:
        """One point."""
        return Case(self.identity, DTYPE, self.sizes, self.static, regime, seed)

    @property
    def points(self) -> tuple[Case, Case]:
        """The points at which faults are looked for: the first alone, where it shows the fault."""
        return self.case(0), self.case(1)

    @functools.cached_property
    def right(self) -> Right:
        """NumPy's implementation."""
        forward = self.declared.forward
        return Right(Implementation(NumPy(), "native", self.identity, forward))

    def faults(self) -> Iterator[Seeded]:
        """Every fault of a backward function that changes an answer at one of the points."""
        for fault in FAULTS.values():
            if fault.method != "vjp" or fault.raw or DTYPE not in fault.dtypes:
                continue
            for argument in fault.subjects(self.declared):
                if fault.reason(self.identity, argument):
                    continue
                if (seeded := _seeded(self, fault, argument)) is not None:
                    yield seeded

    def idle(self) -> int:
        """How many faults apply to the identity, but change no answer here."""
        applying = sum(
            not fault.reason(self.identity, argument)
            for fault in FAULTS.values()
            if fault.method == "vjp" and not fault.raw and DTYPE in fault.dtypes
            for argument in fault.subjects(self.declared)
        )
        return applying - sum(1 for _ in self.faults())


@dataclass(frozen=True)
class Seeded:
    """A fault in a subject: ``points`` are where it is looked for, ``gross`` how it shows there."""

    subject: Subject
    fault: Fault
    argument: str | None
    points: tuple[Case, ...]
    gross: bool

    @property
    def name(self) -> str:
        """The fault, and the argument whose gradient it spoils."""
        return f"{self.fault.name}:{self.argument}" if self.argument else self.fault.name

    def backward(self) -> Backward:
        """The wrong backward function, which has not been called yet."""
        return Backward(self.subject, with_fault(self.subject.right, self.fault, self.argument))


@dataclass(eq=False)
class Backward:
    """A backward function in NumPy, right or wrong; ``calls`` counts how often it was asked."""

    subject: Subject
    implementation: Implementation
    calls: int = field(default=0, init=False)

    def __call__(self, arguments: Arrays, ybar: np.ndarray) -> tuple[np.ndarray, ...]:
        """The gradients, in the order of the arguments."""
        self.calls += 1
        names = self.subject.names
        given = dict(zip(names, arguments, strict=True))
        static = dict(self.subject.static)
        found = self.implementation.vjp(given, names, ybar, static).gradients
        return tuple(found[name] for name in names)


def right_backward(subject: Subject) -> Backward:
    """The right backward function: the control."""
    return Backward(subject, subject.right.implementation)


def _seeded(subject: Subject, fault: Fault, argument: str | None) -> Seeded | None:
    """The fault with the points that show it; None where neither does.

    One that remembers an earlier call shows at the second point only.
    """
    implementation = with_fault(subject.right, fault, argument)
    assert isinstance(implementation.backend, Faulty)
    wrong, right = Backward(subject, implementation), right_backward(subject)
    for n, case in enumerate(subject.points, start=1):
        given = tuple(case.arguments().values()), case.cotangent()
        found = wrong(*given)
        if implementation.backend.changed:
            gross = any(_is_gross(a, b) for a, b in zip(found, right(*given), strict=True))
            return Seeded(subject, fault, argument, subject.points[:n], gross)
    return None


def _is_gross(found: np.ndarray, right: np.ndarray) -> bool:
    if found.shape != right.shape:
        return True
    error = float(np.max(np.abs(found - right), initial=0.0))
    return not error <= GROSS * float(np.max(np.abs(right), initial=0.0))


SUBJECTS = (
    Subject("softmax_cross_entropy", "softmax-CE 8×10", (("...", (8,)), ("n", 10))),
    Subject("attention", "attention 6×5×4", (("n", 6), ("m", 5), ("d", 4), ("v", 4))),
    Subject("log_determinant", "log det 6×6", (("n", 6),)),
    Subject(
        "batched_convolution_2d",
        "conv2d 2×3×8×8",
        (("b", 2), ("h", 8), ("w", 8), ("p", 3), ("q", 3), ("d", 3), ("dg", 3), ("c", 4)),
        (("geometry", ((1, 1), (1, 1), (1, 1), 1)),),
    ),
    Subject("layer_normalisation", "layer norm 4×16", (("...", (4,)), ("n", 16)), (("eps", 1e-5),)),
)
"""The five: 8 rows of 10 logits; 6 queries, 5 keys, all of width 4; one matrix; 2 images of 8×8
with 3 channels under 4 kernels of 3×3, padded by 1; 4 rows of 16 (channels last throughout)."""
