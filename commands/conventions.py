"""The points of an identity's conventions: try them, and write down what is returned there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..identities import CATALOGUE
from ..identities.kinks import Point
from ..laws import Trial, Verdict
from ..laws.cases import Case
from ..laws.convention import (
    Convention,
    answers,
    convention,
    conventions,
    not_finite_cases,
    point_cases,
)
from .selection import Selection, Target

CONVENTION = convention.__name__
Line = dict[str, Any]


def has_conventions(target: Target) -> bool:
    """Whether the identity has a kink or a tie to look at."""
    return bool(point_cases(target.implementation.identity, target.dtype))


def convention_lines(
    judge: Callable[[Case], list[Verdict]], target: Target, selection: Selection
) -> list[Line]:
    """Judge each of the points; the lines of the table of conventions. None for a chosen case."""
    lines: list[Line] = []
    for point, case in _chosen(point_cases, target, selection):
        judge(case)
        trial = Trial(target.implementation, case, selection.seconds)
        lines += [_line(found, case, target) for found in conventions(trial, point)]
    return lines


def not_finite_lines(target: Target, selection: Selection) -> list[Line]:
    """What is returned for inputs that are not finite; nothing is judged."""
    lines: list[Line] = []
    for point, case in _chosen(not_finite_cases, target, selection):
        trial = Trial(target.implementation, case, selection.seconds)
        found = answers(trial, point)
        lines += [{**_line(answer, case, target), "finite": False} for answer in found]
    return lines


def _chosen(
    points: Callable[[str, str], tuple[tuple[Point, Case], ...]],
    target: Target,
    selection: Selection,
) -> tuple[tuple[Point, Case], ...]:
    if selection.case is not None:
        return ()
    return points(target.implementation.identity, target.dtype)


def _line(found: Convention, case: Case, target: Target) -> Line:
    i = target.implementation
    return {
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


def with_lines(rows: list[Line], lines: Sequence[Line]) -> list[Line]:
    """The ledger's rows, one of them with all lines: they travel with a verdict.

    The first of the law, or the first of all where there is no kink or tie to judge.
    """
    carrying = [row for row in rows if row["law"] == CONVENTION] or rows
    if carrying and lines:
        carrying[0]["conventions"] = list(lines)
    return rows
