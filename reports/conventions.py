"""The table of conventions: what each library returns where there is no derivative."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .ledger import Ledger
from .lines import Convention
from .summary import Column
from .wording import clipped, listed

LEGEND = (
    "Where a function has no derivative (a kink, or a tie between equal entries), libraries choose "
    "what to return. Anything between the derivatives from the two sides, the interval, is right; "
    "they differ in what they choose, and a model that is ported may notice. The cotangent is 1 "
    "unless the point says otherwise."
)
"""What the table is about."""

NOT_FINITE = (
    "Nothing documents the value and the gradient for an input that is infinite or not a number. "
    "What each library returns is written down here, and not judged. The cotangent is 1 unless the "
    "input says otherwise."
)
"""What the second table is about."""


@dataclass(frozen=True)
class Row:
    """One gradient at one point: the interval, and what each backend and route returned, as text.

    ``cells`` has a text for each column, "" where nothing was tried; ``differ`` is whether two of
    them are not the same.
    """

    identity: str
    at: str
    wrt: str
    interval: str
    cells: tuple[str, ...]

    @property
    def differ(self) -> bool:
        """Whether the libraries differ here."""
        return len({cell for cell in self.cells if cell}) > 1


def columns_of(ledger: Ledger) -> tuple[Column, ...]:
    """The backends and routes that the table is about."""
    return tuple(sorted({(c.backend, c.route) for c in ledger.conventions}))


def rows_of(ledger: Ledger, finite: bool = True) -> tuple[Row, ...]:
    """The table: by identity, then by point and argument as they came.

    Without ``finite`` it is that of the inputs that are not.
    """
    found: dict[tuple[str, str, str], list[Convention]] = {}
    for line in ledger.conventions:
        if line.finite == finite:
            found.setdefault((line.identity, line.at, line.wrt), []).append(line)
    order = sorted(found, key=lambda key: key[0])
    return tuple(
        Row(
            *key,
            _interval(found[key]),
            tuple(
                _cell(c for c in found[key] if (c.backend, c.route) == column)
                for column in columns_of(ledger)
            ),
        )
        for key in order
    )


def _interval(lines: list[Convention]) -> str:
    ends = next((line.interval for line in lines if line.interval), ())
    if not ends:
        return "none"
    low, high = (_written(end) for end in ends)
    return low if low == high else f"{low} to {high}"


def _cell(lines: Iterable[Convention]) -> str:
    """The answer; of several floating-point types that differ, each with its types."""
    types: dict[str, list[str]] = {}
    for line in lines:
        types.setdefault(_written(line.value), []).append(line.dtype)
    if len(types) == 1:
        return next(iter(types))
    return "; ".join(f"{text} in {listed(names)}" for text, names in types.items())


def _written(value: Any) -> str:
    """A number in three digits, the sign of zero left out; a list as a vector."""
    if value is None:
        return "no answer"
    if isinstance(value, list):
        return clipped(f"({', '.join(_written(v) for v in value)})", 200)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value + 0.0:.3g}".replace("-", "−")
    return clipped({"nan": "NaN", "inf": "∞", "-inf": "−∞"}.get(str(value), str(value)), 100)
