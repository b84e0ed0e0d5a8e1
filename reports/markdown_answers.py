"""What is returned, side by side: folded tables of conventions, accuracy, and what is undecided."""

from __future__ import annotations

from collections.abc import Sequence

from . import accuracy, conventions, undecided
from .ledger import Ledger
from .markdown_text import folded, inline, table
from .summary import summarise
from .wording import plural


def answers(ledger: Ledger) -> list[str]:
    """The tables that there is something for."""
    found = [_conventions(ledger), _not_finite(ledger), _accuracy(ledger), _undecided(ledger)]
    return [part for part in found if part]


def _conventions(ledger: Ledger) -> str:
    """What each backend and route returns at kinks and ties."""
    found = conventions.rows_of(ledger)
    title = f"Conventions: {plural(len(found), 'answer')} where there is no derivative"
    return _side_by_side(ledger, found, title, conventions.LEGEND, "Gradient of")


def _not_finite(ledger: Ledger) -> str:
    """What each backend and route returns for inputs with ±∞ or NaN."""
    found = conventions.rows_of(ledger, finite=False)
    title = f"Inputs that are not finite: {plural(len(found), 'answer')}"
    return _side_by_side(ledger, found, title, conventions.NOT_FINITE, "Value, or gradient of")


def _side_by_side(
    ledger: Ledger, found: Sequence[conventions.Row], title: str, legend: str, of: str
) -> str:
    """A folded table with a column for each backend and route; nothing for no rows."""
    if not found:
        return ""
    columns = (inline(" ".join(c)) for c in conventions.columns_of(ledger))
    judged = any(row.interval != "none" for row in found)
    head = ["Identity", "At", of, *(["Interval"] if judged else []), *columns]
    rows = [
        [
            inline(text, 200) or "not tried"
            for text in (
                *(row.identity, row.at, row.wrt),
                *([row.interval] if judged else []),
                *row.cells,
            )
        ]
        for row in found[:500]
    ]
    differ = plural(sum(row.differ for row in found), "place")
    return folded(title, inline(f"{legend} They differ in {differ}.", 1000), table(head, rows))


def _accuracy(ledger: Ledger) -> str:
    """Which answers lose most digits."""
    if not ledger.accuracy:
        return ""
    found, most = accuracy.rows_of(ledger), 20
    rows = [[inline(cell, 200) for cell in row] for row in found[:most]]
    if len(found) > most:
        rows.append([f"and {len(found) - most} more", *[""] * (len(accuracy.HEAD) - 1)])
    shown = [table(list(accuracy.HEAD), rows)] if rows else []
    title = f"Accuracy: {accuracy.count(ledger)}"
    return folded(title, inline(accuracy.LEGEND, 1000), *shown)


def _undecided(ledger: Ledger) -> str:
    """Of which answers rounding hides most."""
    summary, most = summarise(ledger), 20
    found = undecided.shares(summary)
    if not found:
        return ""
    totals = undecided.totals(summary)
    whole = table(
        ["Backend", *map(inline, summary.dtypes)],
        [[inline(backend), *map(inline, shares)] for backend, shares in totals.items()],
    )
    rows = [
        [
            inline(text, 200)
            for text in (
                share.identity,
                " ".join(share.column),
                share.dtype,
                undecided.share(share.undecided, share.examples),
                f"{share.law}: {undecided.share(*share.of_law)}",
            )
        ]
        for share in found[:most]
    ]
    if len(found) > most:
        rows.append([f"and {len(found) - most:,} more", *[""] * 4])
    worst = table(["Identity", "Backend and route", "Type", "Undecided", "Most of them"], rows)
    title = f"Undecided examples: {plural(len(found), 'implementation')}"
    return folded(title, inline(undecided.LEGEND, 1000), whole, worst)
