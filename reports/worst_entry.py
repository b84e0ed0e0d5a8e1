"""The entry of an answer that is nearest to its limit, and what its tolerance is made of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ..oracles.expected import FACTOR
from ..oracles.machine import MACHINES
from . import arrays
from .lines import Entry, Environment
from .wording import clipped, visible

DERIVED = ("value", "gradient", "jvp")
"""Laws whose tolerance is the derived one itself, as those are whose name begins with ``hvp``."""

PARTS = (
    "rounding of the inputs and of each step of the formula",
    "rounding of the answer itself",
    "the smallest normal number of the type",
)
"""What a tolerance is made of."""


def worst_of(entry: Entry, ran: Environment) -> list[Any]:
    """Place, expected, computed, tolerance, that in roundings of what is expected, its parts.

    The parts are those of ``made_of``.

    Empty where the ledger has no such entry.
    """
    worst = entry.worst
    if not {"at", "expected", "got", "tolerance"} <= worst.keys():
        return []
    at, expected = worst["at"], worst["expected"]
    ends = expected if isinstance(expected, list) else [expected]
    wanted = " to ".join(arrays.number(end, entry.dtype) for end in ends)
    place = f"[{', '.join(map(str, at))}]" if isinstance(at, list) and at else ""
    told = (place, wanted, arrays.number(worst["got"], entry.dtype), _short(worst["tolerance"]))
    shown = [visible(clipped(text, 100)) for text in told]
    return [*shown, _roundings(entry, ends), made_of(entry, ran, ends)]


def made_of(entry: Entry, ran: Environment, ends: Sequence[Any]) -> list[int]:
    """Of the tolerance the percent that each of ``PARTS`` makes.

    It is 4 · (radius + u · |exact| + smallest normal number), of which all but the radius is known.
    Empty for a law whose tolerance is put together from those of several answers, and for a backend
    whose matrix products keep fewer bits, which may round an answer more than u does.
    """
    if entry.law not in DERIVED and not entry.law.startswith("hvp"):
        return []
    if any(t.name == entry.backend and entry.dtype in t.product_bits for t in ran.backends):
        return []
    try:
        machine = MACHINES[entry.dtype]
        whole = float(entry.worst["tolerance"])
        if not math.isfinite(whole):
            return []
        own = FACTOR * machine.u * _size(ends) / whole
        least = FACTOR * machine.smallest / whole
        return [round(100 * min(max(x, 0), 1)) for x in (1 - own - least, own, least)]
    except (TypeError, ValueError, KeyError, ZeroDivisionError, OverflowError):
        return []


def _size(ends: Sequence[Any]) -> float:
    return max(abs(float(end)) for end in ends)


def _roundings(entry: Entry, ends: Sequence[Any]) -> str:
    """How many roundings of the expected number the tolerance is; "" where it has no such size."""
    try:
        times = float(entry.worst["tolerance"]) / (_size(ends) * MACHINES[entry.dtype].u)
    except (TypeError, ValueError, KeyError, ZeroDivisionError, OverflowError):
        return ""
    return f"{times:.2g}" if math.isfinite(times) else ""


def _short(value: object) -> str:
    return f"{value:.2g}" if isinstance(value, float) else arrays.number(value)
