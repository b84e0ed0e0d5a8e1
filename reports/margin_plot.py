"""How far from its tolerance each answer stays: a picture for every backend and route."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from markupsafe import Markup

from . import strips, wording
from .lines import Entry
from .summary import Column, Summary

EDGES = tuple(10.0 ** (k / 2) for k in range(-8, 5))
"""Between the bins, from 0.0001 to 100; a bin has what is above its lower and up to its upper."""

LIMIT = EDGES.index(1.0) + 2
"""The first bin of answers that are off by more than the tolerance."""

BINS = ("exact", *(f"≤ {float(f'{edge:.1g}'):g}" for edge in EDGES), "more")
"""What the bins are called: no error at all, up to each edge, and beyond the last."""

LEGEND = (
    "Each bar counts values and derivatives by their largest error, as a share of the tolerance, "
    "which is what rounding may cost there. Those at the left, exact, have no error at all. Right "
    "of the dashed line the error is larger than the tolerance: that is a failure, or a known "
    "deviation. The last bar has all beyond 100, infinite answers and NaN among them."
)
"""What the pictures are about."""

LEAST = 0.05
"""The height of a bar of one verdict among many: it must be seen."""


@dataclass(frozen=True)
class Margins:
    """The margins of one backend and route in one type: how many are in each of ``BINS``.

    ``known`` says how many of them are known deviations.
    """

    column: Column
    dtype: str
    counts: tuple[int, ...]
    known: tuple[int, ...]

    @property
    def over(self) -> int:
        """How many are over the limit."""
        return sum(self.counts[LIMIT:])

    @property
    def note(self) -> str:
        """In a few words, whether any is over the limit."""
        if not self.over:
            return "all within"
        known = sum(self.known[LIMIT:])
        of = "all known" if known == self.over else f"{known:,} of them known"
        return f"{self.over:,} over" + (f", {of}" if known else "")


@dataclass(frozen=True)
class Panel:
    """A backend and route: its picture, and the numbers in it, type by type."""

    name: str
    svg: Markup
    rows: tuple[Margins, ...]


def panels(summary: Summary) -> tuple[Panel, ...]:
    """A panel for each backend and route of which any margin is known."""
    found = margins(summary)
    by_column = [[m for m in found if m.column == column] for column in summary.columns]
    return tuple(_panel(rows) for rows in by_column if rows)


def margins(summary: Summary) -> tuple[Margins, ...]:
    """The margins of values and derivatives, by backend, route and type."""
    counts: dict[tuple[Column, str], Counter[int]] = {}
    known: dict[tuple[Column, str], Counter[int]] = {}
    for entry in summary.entries:
        if (where := _bin(entry)) is not None:
            key = (entry.backend, entry.route), entry.dtype
            counts.setdefault(key, Counter())[where] += 1
            known.setdefault(key, Counter())[where] += entry.verdict == "known"
    bins = range(len(BINS))
    return tuple(
        Margins(*key, tuple(counts[key][k] for k in bins), tuple(known[key][k] for k in bins))
        for key in ((column, dtype) for column in summary.columns for dtype in summary.dtypes)
        if key in counts
    )


def _bin(entry: Entry) -> int | None:
    """Where the margin goes; None for other laws, and where nothing was compared."""
    judged = entry.law in ("value", "gradient", "jvp") or entry.law.startswith("hvp_")
    if not judged or entry.margin is None or entry.margin < 0:
        return None
    if entry.margin == 0:
        return 0
    # What is not a number is below nothing, and so beyond all.
    return 1 + sum(not entry.margin <= edge for edge in EDGES)


def _panel(rows: list[Margins]) -> Panel:
    most = max(max(row.counts) for row in rows)
    name = " ".join(rows[0].column)
    says = "; ".join(f"{row.dtype}: {_answers(row)}, {row.note}" for row in rows)
    drawn = [strips.Row(row.dtype, row.note, _areas(row, most)) for row in rows]
    svg = strips.picture(drawn, _AXIS, f"Errors of {name}, as a share of the tolerance. {says}")
    return Panel(name, svg, tuple(rows))


def _answers(row: Margins) -> str:
    return wording.plural(sum(row.counts), "answer")


def _areas(row: Margins, most: int) -> tuple[strips.Area, ...]:
    """The bars: of answers within the limit, and beyond it of failures and of known deviations."""
    outlines: dict[str, list[tuple[float, float]]] = {}
    for k, (count, known) in enumerate(zip(row.counts, row.known, strict=True)):
        foot, (left, right) = 0.0, _ends(k)
        parts = {"bad": count - known, "known": known} if k >= LIMIT else {"area": count}
        for colour, part in parts.items():
            if part:
                head = foot + max(part / most, LEAST)
                bar = ((left, foot), (left, head), (right, head), (right, foot))
                outlines.setdefault(f"var(--{colour})", []).extend(bar)
                foot = head
    return tuple(strips.Area(tuple(outline), colour) for colour, outline in outlines.items())


def _ends(k: int) -> tuple[float, float]:
    """Where a bin begins and ends: the first and the last stand apart from the others."""
    last = len(BINS) - 1
    return (0, 2) if k == 0 else (last + 2.5, last + 5) if k == last else (k + 1.5, k + 2.5)


def _edge(at: float) -> float:
    return _ends(EDGES.index(at) + 1)[1]


_AXIS = strips.Axis(
    title="largest error over its tolerance",
    low=-0.3,
    high=_ends(len(BINS) - 1)[1] + 0.3,
    ticks=(
        (sum(_ends(0)) / 2, "exact"),
        *((_edge(at), f"{at:g}") for at in EDGES[::4]),
        (sum(_ends(len(BINS) - 1)) / 2, "more"),
    ),
    mark=(_edge(1.0), "1: the limit"),
)
