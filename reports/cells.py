"""A cell of the matrix: what all verdicts on one identity by one backend and route come to."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..laws.verdicts import FAILURES, SEVERITY
from ..oracles.machine import MACHINES
from .lines import Entry

STANDING = (*reversed(FAILURES), "known", "pass", "undecided", "unsupported")
"""What a cell is, of all verdicts in it the first of these: a failure says most, then a deviation,
and what passes says more than what could not be judged beside it."""

ANSWERS = ("value", "gradient")
"""Laws of which a cell says so where they are undecided; of others the details do."""


def most_digits(dtype: str) -> float | None:
    """Decimal digits that a floating-point type can hold; None for a type that is not known."""
    machine = MACHINES.get(dtype)
    return machine.digits if machine else None


def badness(entry: Entry) -> tuple[int, float, float]:
    """Sorts the worst first: by verdict, then by the share of digits that is right, then margin."""
    return -SEVERITY[entry.verdict], *_in_numbers(entry)


def standing(entry: Entry) -> tuple[int, float, float]:
    """Sorts what stands for a cell first: as `badness`, with the verdicts as in `STANDING`."""
    return STANDING.index(entry.verdict), *_in_numbers(entry)


def _in_numbers(entry: Entry) -> tuple[float, float]:
    share = share_of(entry.digits, entry.dtype)
    margin = entry.margin if entry.margin is not None and not math.isnan(entry.margin) else 0.0
    return 1.0 if share is None else share, -margin


def share_of(digits: float | None, dtype: str) -> float | None:
    """Of the digits that a type holds the share that is right; None where nothing was measured."""
    if digits is None or not math.isfinite(digits):
        return None
    return digits / (most_digits(dtype) or max(digits, 1.0))


@dataclass(frozen=True)
class Cell:
    """All verdicts on one identity by one backend and route, in one type or in several.

    ``entries`` has first what stands for the cell, and is never empty.
    """

    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Cell:
        """The cell of these entries, in any order."""
        return cls(tuple(sorted(entries, key=standing)))

    @property
    def worst(self) -> Entry:
        """The entry that stands for all."""
        return self.entries[0]

    @property
    def verdict(self) -> str:
        """What the cell comes to, the first of `STANDING` in it."""
        return self.worst.verdict

    @property
    def doubtful(self) -> bool:
        """Whether it is judged, and its value or a gradient is not."""
        return self.verdict not in ("undecided", "unsupported") and any(
            entry.verdict == "undecided" and entry.law in ANSWERS for entry in self.entries
        )

    @cached_property
    def measured(self) -> Entry | None:
        """The entry with the smallest share of digits right, of those of the shown verdict's kind.

        A failing cell shows the digits of its failure; any other those of what was compared.
        """
        compared = [
            (share, entry)
            for entry in self.entries
            if (share := share_of(entry.digits, entry.dtype)) is not None
            and entry.verdict not in ("unsupported", "undecided")
            and entry.failed == self.worst.failed
        ]
        return min(compared, key=lambda pair: pair[0], default=(0.0, None))[1]

    @property
    def conforms(self) -> bool:
        """At least one pass, and nothing that fails or is a known deviation."""
        return self.verdict == "pass"


@dataclass(frozen=True)
class Part:
    """A line in a cell: a verdict, the types that it is of where not of all, the fewest digits.

    ``word`` is the verdict, or *partly undecided*.
    """

    verdict: str
    word: str
    types: tuple[str, ...] = ()
    measured: Entry | None = None


def parts_of(cells: Mapping[str, Cell]) -> Iterator[Part]:
    """What the cells of one place come to, by type: first the gravest verdict of them all.

    Then the types in which nothing, or not everything, could be judged.
    """
    if not cells:
        return
    found = {t: cell.verdict for t, cell in cells.items()}
    gravest = min(found.values(), key=STANDING.index)
    alike = tuple(t for t in cells if found[t] == gravest)
    absent = ("undecided", "unsupported")
    judged = [t for t in cells if found[t] not in absent] or list(cells)
    whole = Cell.of(entry for t in alike for entry in cells[t].entries)
    yield Part(gravest, gravest, alike if len(alike) < len(judged) else (), whole.measured)
    for verdict in absent:
        types = tuple(t for t in cells if found[t] == verdict != gravest)
        if types:
            yield Part(verdict, verdict, types)
    doubtful = tuple(t for t, cell in cells.items() if cell.doubtful)
    if doubtful:
        yield Part("undecided", "partly undecided", doubtful if len(doubtful) < len(cells) else ())
