"""Where nothing could be said: the share of the examples of which rounding hides any answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .lines import Entry
from .summary import Column, Summary
from .wording import what

LEGEND = (
    "An example is undecided where the rounding that the formula itself allows is so wide that a "
    "gross fault would fit in it. The larger the share, the less a verdict says."
)
ROWS = 100
"""Rows that the page shows, the largest shares first; Markdown shows fewer."""


@dataclass(frozen=True)
class Share:
    """So many of the examples of one implementation in one type were undecided.

    ``law`` is what has the most of them, in words, such as ``gradient of A``, with ``of_law`` its
    own numbers, undecided and all.
    """

    identity: str
    column: Column
    dtype: str
    undecided: int
    examples: int
    law: str
    of_law: tuple[int, int]


def shares(summary: Summary) -> tuple[Share, ...]:
    """Of each identity, backend, route and type that has undecided examples; the worst first."""
    found = []
    for identity in summary.identities:
        for column in summary.columns:
            for dtype in summary.dtypes:
                cell = summary.cell(identity, column, dtype)
                undecided, examples = _counted(cell.entries if cell else ())
                if cell and undecided:
                    most = max(cell.entries, key=lambda e: (e.undecided, _ratio(e)))
                    own = (most.undecided, most.examples)
                    place = (identity, column, dtype)
                    found.append(Share(*place, undecided, examples, what([most]), own))
    return tuple(sorted(found, key=lambda s: (-s.undecided / max(s.examples, 1), -s.undecided)))


def totals(summary: Summary) -> dict[str, list[str]]:
    """Of each backend, the share in each type of ``summary.dtypes``, in words."""
    return {
        backend: [
            share(*_counted(e for e in summary.entries if (e.backend, e.dtype) == (backend, dtype)))
            for dtype in summary.dtypes
        ]
        for backend in summary.backends
    }


def share(undecided: int, examples: int) -> str:
    """``17 of 120, 14%``: rounded down, so that only all of them are 100%."""
    if not examples:
        return "not tried"
    percent = 100 * undecided // examples
    told = "under 1%" if undecided and not percent else f"{percent}%"
    return f"{undecided:,} of {examples:,}, {told}"


def _counted(entries: Iterable[Entry]) -> tuple[int, int]:
    counted = [(e.undecided, e.examples) for e in entries]
    return sum(u for u, _ in counted), sum(n for _, n in counted)


def _ratio(entry: Entry) -> float:
    return entry.undecided / max(entry.examples, 1)
