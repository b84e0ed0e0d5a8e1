"""Arrays of a failing case, as nested lists in the ledger, written out for people to read."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .wording import clipped

_SIGNIFICANT = {"float64": 17, "float32": 9, "float16": 5, "bfloat16": 4}
"""Significant digits that tell any two numbers of a type apart."""


@dataclass(frozen=True)
class Row:
    """One entry of an answer beside what was expected; ``outside``: the error is too large.

    ``error`` is in units of the tolerance, and "" where there is none.
    """

    position: str
    expected: str
    observed: str
    tolerance: str
    error: str
    outside: bool


@dataclass(frozen=True)
class Rows:
    """Entries of an answer, and how many are left out (``hidden``), of those how many outside."""

    rows: tuple[Row, ...]
    hidden: int
    hidden_outside: int


def shape_of(array: object) -> tuple[int, ...] | None:
    """Shape of nested lists; None where they are ragged."""
    if not isinstance(array, list):
        return ()
    shapes = {shape_of(part) for part in array}
    if len(shapes) > 1 or None in shapes:
        return None
    inner = shapes.pop() if shapes else ()
    return (len(array), *(inner or ()))


def number(value: object, dtype: str = "float64") -> str:
    """A number in as few digits as tell it apart in its type; any other value as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return clipped(str(value), 100)
    if isinstance(value, int):
        return clipped(str(value), 100)
    if _SIGNIFICANT.get(dtype, 17) >= 17:
        return repr(value)
    return f"{value:.{_SIGNIFICANT[dtype]}g}"


def expression(array: Any, dtype: str = "float64") -> str:
    """An array as Python builds it, in as few digits as tell its numbers apart in its type.

    ``""`` where there is anything in it but numbers: what a ledger says must never be run.
    """
    entries = [value for _, value in _entries(array)]
    if all(isinstance(value, int) for value in entries) and entries:
        return f"array({json.dumps(array).replace('true', 'True').replace('false', 'False')})"
    written = _nested(array, dtype)
    return f"array({written}, float)" if written else ""


def _nested(part: Any, dtype: str) -> str:
    if isinstance(part, list):
        inner = [_nested(each, dtype) for each in part]
        return f"[{', '.join(inner)}]" if all(inner) else ""
    if part in ("nan", "inf", "-inf"):
        return str(part)
    if isinstance(part, bool) or not isinstance(part, int | float):
        return ""
    short = number(float(part), dtype).removesuffix(".0")
    return "-0.0" if short == "-0" else short


def text(array: Any, dtype: str = "float64", limit: int = 400) -> str:
    """An array in aligned columns, as NumPy would print it; at most ``limit`` entries."""
    shape = shape_of(array)
    if shape is None:
        return clipped(json.dumps(array, ensure_ascii=False), 20 * limit)
    if math.prod(shape) > limit:
        entries = ", ".join(number(value, dtype) for _, value in _entries(array, limit))
        return f"[{entries}, … {math.prod(shape) - limit:,} more entries]"
    if not shape:
        return number(array, dtype)
    width = max((len(number(value, dtype)) for _, value in _entries(array, limit)), default=0)
    return _aligned(array, dtype, width, 1)


def compare(shown: Any, dtype: str, limit: int = 40) -> Rows | None:
    """Expected and observed entry by entry, as many as ``limit``, those outside first to stay.

    ``shown`` has ``expected``, ``observed`` and perhaps ``tolerance``, nested lists of one shape;
    None where they are not.
    """
    expected, observed, tolerance = (shown.get(k) for k in ("expected", "observed", "tolerance"))
    shape = shape_of(expected)
    if expected is None or observed is None or shape is None or shape_of(observed) != shape:
        return None
    if tolerance is not None and shape_of(tolerance) != shape:
        return None
    places = [place for place, _ in _entries(expected)]
    wanted, got = ([value for _, value in _entries(x)] for x in (expected, observed))
    allowed = [None] * len(places) if tolerance is None else [t for _, t in _entries(tolerance)]
    outside = [_outside(*entry) for entry in zip(wanted, got, allowed, strict=True)]
    # Sorting is stable: within those outside, and within the others, the order stays.
    chosen = sorted(sorted(range(len(places)), key=lambda i: not outside[i])[:limit])
    rows = tuple(_row(places[i], wanted[i], got[i], allowed[i], outside[i], dtype) for i in chosen)
    shown_outside = sum(row.outside for row in rows)
    return Rows(rows, len(places) - len(rows), sum(outside) - shown_outside)


def _outside(want: Any, got: Any, allowed: Any) -> bool:
    """Whether an entry is off by more than its tolerance, which is 0 where there is none."""
    if want == got:
        return False
    try:
        if math.isnan(float(want)) and math.isnan(float(got)):
            return False
        bound = 0.0 if allowed is None else float(allowed)
        return not abs(float(want) - float(got)) <= bound
    except (TypeError, ValueError, OverflowError):
        return True


def _row(
    position: tuple[int, ...], want: Any, got: Any, allowed: Any, outside: bool, dtype: str
) -> Row:
    return Row(
        f"[{', '.join(map(str, position))}]" if position else "scalar",
        number(want, dtype),
        number(got, dtype),
        "" if allowed is None else _short(allowed),
        "" if allowed is None else _in_tolerances(want, got, allowed),
        outside,
    )


def _in_tolerances(want: Any, got: Any, allowed: Any) -> str:
    """The error in units of the tolerance."""
    if want == got:
        return "0"
    try:
        times = abs(float(want) - float(got)) / float(allowed)
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        return "not finite"
    return f"{times:.2g}" if math.isfinite(times) else "not finite"


def _short(value: Any) -> str:
    return f"{value:.2g}" if isinstance(value, float) else number(value)


def _entries(array: Any, limit: int | None = None) -> Iterator[tuple[tuple[int, ...], Any]]:
    """Index and value of each entry, in order; of the first ``limit`` only."""

    def walk(part: Any, index: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Any]]:
        if not isinstance(part, list):
            yield index, part
            return
        for i, inner in enumerate(part):
            yield from walk(inner, (*index, i))

    for count, entry in enumerate(walk(array, ())):
        if limit is not None and count >= limit:
            return
        yield entry


def _aligned(array: list[Any], dtype: str, width: int, depth: int) -> str:
    if not array or not isinstance(array[0], list):
        return f"[{'  '.join(number(value, dtype).rjust(width) for value in array)}]"
    separator = "\n" * (1 if not array[0] or not isinstance(array[0][0], list) else 2)
    inner = (_aligned(part, dtype, width, depth + 1) for part in array)
    return f"[{(separator + ' ' * depth).join(inner)}]"
