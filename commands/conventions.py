"""The points of an identity's conventions: try them, and write down what is returned there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..identities import CATALOGUE
from ..laws import Trial, Verdict
from ..laws.cases import Case
from ..laws.convention import convention, conventions, point_cases
from .selection import Selection, Target

CONVENTION = convention.__name__
Line = dict[str, Any]


def has_conventions(target: Target) -> bool:
    """Whether the identity has a kink, a tie or another point to look at."""
    return bool(point_cases(target.implementation.identity, target.dtype))


def convention_lines(
    judge: Callable[[Case], list[Verdict]], target: Target, selection: Selection
) -> list[Line]:
    """Judge each of the points; the lines of the table of conventions. None for a chosen case."""
    i = target.implementation
    lines: list[Line] = []
    for point, case in point_cases(i.identity, target.dtype) if selection.case is None else ():
        judge(case)
        lines += [
            {
                "identity": i.identity,
                "family": CATALOGUE[i.identity].family,
                "route": i.route,
                "backend": i.backend.name,
                "dtype": target.dtype,
                "wrt": found.wrt,
                "at": found.at,
                "value": found.value,
                "interval": found.interval,
                "case": case.line(),
            }
            for found in conventions(Trial(i, case, selection.seconds), point)
        ]
    return lines


def with_lines(rows: list[Line], lines: Sequence[Line]) -> list[Line]:
    """The ledger's rows, the first of the law with all lines: they travel with a verdict."""
    for row in rows:
        if row["law"] == CONVENTION:
            row["conventions"] = list(lines)
            break
    return rows
