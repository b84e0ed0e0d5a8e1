"""The digits that one implementation loses: measured, written down, and part of no verdict."""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterator
from typing import Any

import numpy as np

from ..identities import CATALOGUE
from ..laws import Trial
from ..laws.accuracy import Along, Loss, digits_lost, digits_lost_along
from ..laws.cases import COTANGENT, Case
from ..laws.strategies import axis_case, fixed_cases
from ..laws.worst_input import climbing_cases, worst_inputs
from .selection import Selection, Target

Line = dict[str, Any]


def accuracy_lines(target: Target, selection: Selection) -> list[Line]:
    """The worst loss found for the value and each gradient; none where it was not asked for.

    Nor of a path that is there for one ability, whose answers are those of another path.
    Tried are the fixed cases, and as many more as the selection says; or the chosen case alone. Of
    an element-wise function also what is lost along the axis, in one case, where none is chosen.
    """
    i, profile = target.implementation, selection.profile
    if not selection.accuracy or i.backend.only_for:
        return []
    chosen = selection.cases(i.identity, target.dtype)
    axis = None if chosen else axis_case(i.identity, target.dtype)
    along: dict[str | None, Along] = {}

    def measure(case: Case) -> Iterator[Loss]:
        trial = Trial(i, case, selection.seconds)
        if case == axis:
            along.update((found.wrt, found) for found in digits_lost_along(trial))
        return digits_lost(trial)

    def first() -> Iterator[Case]:
        if axis is not None:
            yield axis
            yield from (_alone(axis, found) for found in along.values())
        yield from fixed_cases(i.identity, target.dtype, profile, selection.seed)

    worst = worst_inputs(
        measure,
        chosen or first(),
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
            **({"along": _along(along[loss.wrt])} if loss.wrt in along else {}),
        }
        for loss, case in worst.values()
    ]


def _alone(axis: Case, along: Along) -> Case:
    """A case of one entry: the input of the axis that loses most, for it says more by itself."""
    (name,) = CATALOGUE[axis.identity].shapes
    worst = along.at[int(np.nanargmax(along.lost))]
    injections = ((name, 0, worst), (COTANGENT, 0, 1.0))
    return Case(axis.identity, axis.dtype, (("...", (1,)),), axis.static, injections=injections)


def _along(found: Along) -> Line:
    """In as few characters as a picture needs; None where nothing can be told."""
    lost = [None if math.isnan(digits) else round(digits, 2) or 0 for digits in found.lost]
    return {"at": [float(f"{x:.6g}") for x in found.at], "lost": lost, "case": found.case}


def _reproduce_line(target: Target, case: Case) -> str:
    """The command that measures this case again."""
    i = target.implementation
    words = ["gradient-conformance", "run", "--identity", i.identity, "--dtype", target.dtype]
    words += ["--backend", target.spec, "--route", i.route, "--accuracy", "1"]
    return shlex.join([*words, "--case", case.line()])
