"""The digits that one implementation loses: measured, written down, and part of no verdict."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

from ..laws import Trial
from ..laws.accuracy import Loss, digits_lost
from ..laws.cases import Case
from ..laws.strategies import fixed_cases
from ..laws.worst_input import climbing_cases, worst_inputs
from .selection import Selection, Target

Line = dict[str, Any]


def accuracy_lines(target: Target, selection: Selection) -> list[Line]:
    """The worst loss found for the value and each gradient; none where it was not asked for.

    Nor of a path that is there for one ability, whose answers are those of another path.
    Tried are the fixed cases, and as many more as the selection says; or the chosen case alone.
    """
    i, profile = target.implementation, selection.profile
    if not selection.accuracy or i.backend.only_for:
        return []
    chosen = selection.cases(i.identity, target.dtype)

    def measure(case: Case) -> Iterator[Loss]:
        return digits_lost(Trial(i, case, selection.seconds))

    worst = worst_inputs(
        measure,
        chosen or fixed_cases(i.identity, target.dtype, profile, selection.seed),
        climbing_cases(i.identity, target.dtype, profile),
        0 if chosen else selection.accuracy,
        selection.seed,
    )
    return [
        {
            "identity": i.identity,
            "route": i.route,
            "backend": i.backend.name,
            "dtype": target.dtype,
            "wrt": loss.wrt,
            "lost": loss.lost,
            "of": loss.of,
            "at": list(loss.at),
            "expected": loss.expected,
            "got": loss.got,
            "case": case.line(),
            "reproduce": _reproduce_line(target, case),
        }
        for loss, case in worst.values()
    ]


def _reproduce_line(target: Target, case: Case) -> str:
    """The command that measures this case again."""
    i = target.implementation
    words = ["gradient-conformance", "run", "--identity", i.identity, "--dtype", target.dtype]
    words += ["--backend", target.spec, "--route", i.route, "--accuracy", "1"]
    return shlex.join([*words, "--case", case.line()])
