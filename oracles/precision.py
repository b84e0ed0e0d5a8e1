"""With which precision balls are computed: what a ``with`` block sets, and what asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flint import ctx


@dataclass
class Precision:
    """How balls are computed in a block; ``multiplied`` says whether a matrix product was made."""

    faithful: bool = False
    factors: int | None = None
    multiplied: bool = False


_held: list[Precision] = [Precision()]
"""That of each open block, the innermost last."""


@contextmanager
def precision(
    bits: int, faithful: bool = False, terms: int = 2, factors: int | None = None
) -> Iterator[Precision]:
    """Round every ball operation to this many bits; Taylor series keep two terms, or three.

    ``faithful`` adds what a machine's library may lose in functions that IEEE 754 does not oblige
    to round correctly: the neighbour of the right number, not the nearest. ``factors`` is to how
    many bits the factors of a matrix product are rounded, where a machine does that.
    """
    before = ctx.prec, ctx.cap
    ctx.prec, ctx.cap = bits, terms
    _held.append(Precision(faithful, factors))
    try:
        yield _held[-1]
    finally:
        ctx.prec, ctx.cap = before
        _held.pop()


def factor_bits() -> int | None:
    """For a matrix product: to how many bits its factors are rounded; None: they are not."""
    _held[-1].multiplied = True
    return _held[-1].factors


def is_faithful() -> bool:
    """Whether functions lose what a machine's library may lose."""
    return _held[-1].faithful
