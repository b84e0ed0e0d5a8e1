"""The table of accuracy: which answers lose most digits, and on which input."""

from __future__ import annotations

from .arrays import number
from .ledger import Ledger
from .lines import Accuracy
from .wording import digits, plural

LEAST = 0.5
"""A loss of fewer digits than this is not shown."""

LEGEND = (
    "How many decimal digits of an answer are wrong that could be right. The inputs are rounded "
    "numbers, and what that costs is lost whatever the algorithm; what is lost beyond that is the "
    "formula's, as in 1 + erf(z) for large negative z. Where 5.9 of 5.9 are lost, none is left. "
    "This is a measurement, at the worst input that was found; no verdict depends on it."
)
"""What the table is about."""


HEAD = ("Identity", "Of what", "By", "Type", "Digits lost", "Expected", "Got", "Case")
"""What stands over the columns."""


def rows_of(ledger: Ledger) -> tuple[tuple[str, ...], ...]:
    """What loses half a digit or more, in words for each column, the largest losses first."""
    lossy = [line for line in ledger.accuracy if line.lost >= LEAST]
    lossy.sort(key=lambda a: (-a.lost, a.identity, a.backend, a.route, a.dtype, a.wrt or ""))
    return tuple(_row(line) for line in lossy)


def count(ledger: Ledger) -> str:
    """How many were measured, and how many of them lose half a digit or more."""
    measured = plural(len(ledger.accuracy), "value or gradient", "values and gradients")
    lossy = len(rows_of(ledger))
    return f"{lossy:,} of {measured} {'loses' if lossy == 1 else 'lose'} half a digit or more"


def _row(line: Accuracy) -> tuple[str, ...]:
    entry = f" at [{', '.join(map(str, line.at))}]" if line.at else ""
    return (
        line.identity,
        f"gradient for {line.wrt}" if line.wrt else "value",
        f"{line.backend} {line.route}",
        line.dtype,
        " of ".join(filter(None, (digits(line.lost), digits(line.of)))),
        _number(line.expected, line.dtype) + entry,
        _number(line.got, line.dtype),
        line.case,
    )


def _number(value: float | None, dtype: str) -> str:
    return "" if value is None else number(value, dtype)
