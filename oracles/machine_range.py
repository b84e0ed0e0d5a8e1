"""The range of a machine, which operations over balls can be held to, and what they meet there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from flint import arb

from .machine import Machine


class RangeExceeded(ArithmeticError):
    """An intermediate result is larger than the largest number of the machine being followed."""


@dataclass
class Followed:
    """A machine whose range every operation is held to, and the largest number met so far.

    ``divisor`` and ``reciprocal`` are the largest |w| and 1/|w| of all divisors w: derivatives of
    a quotient have higher powers of them.
    """

    machine: Machine
    peak: float = 0.0
    divisor: float = 0.0
    reciprocal: float = 0.0

    def divide_by(self, divisor: arb) -> None:
        """Take note of a divisor."""
        size = np.abs(np.float64(float(divisor.mid())))
        with np.errstate(divide="ignore", over="ignore"):
            self.divisor = max(self.divisor, float(size))
            self.reciprocal = max(self.reciprocal, float(1 / size))


followed: list[Followed] = []
"""Whose range holds now, the innermost last; empty for unbounded exponents."""


@contextmanager
def following(machine: Machine) -> Iterator[Followed]:
    """Hold every operation to a machine's range: overflow raises, underflow widens the ball."""
    followed.append(Followed(machine))
    try:
        yield followed[-1]
    finally:
        followed.pop()
