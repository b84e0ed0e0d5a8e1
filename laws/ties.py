"""One array for two arguments: the point at which that makes sense."""

from __future__ import annotations

import dataclasses
import itertools
from dataclasses import dataclass

import numpy as np

from ..identities.declaration import Identity
from ..identities.shapes import is_many, parse_shape
from .cases import Case
from .trial import Trial


@dataclass(frozen=True)
class Tied:
    """A trial at a point where the arguments ``first`` and ``second`` hold the same numbers."""

    trial: Trial
    first: str
    second: str


def tied(trial: Trial) -> Tied | None:
    """The trial at a point where two arguments are the same array; None where no two can be.

    Sizes change where that makes shapes equal: a matrix product gets square factors. Of several
    pairs of arguments the case's seed chooses one.
    """
    pairs = [
        found
        for first, second in itertools.combinations(trial.wrt, 2)
        if (found := _tied(trial, first, second)) is not None
    ]
    return pairs[trial.case.seed % len(pairs)] if pairs else None


def _tied(trial: Trial, first: str, second: str) -> Tied | None:
    case = _of_one_shape(trial.identity, trial.case, first, second)
    if case is None:
        return None
    arguments = case.arguments()
    if arguments[first].shape != arguments[second].shape or not arguments[first].size:
        return None
    for source in (first, second):
        point = {**arguments, first: arguments[source], second: arguments[source].copy()}
        if _in_domain(trial.identity, case, point):
            at = Trial(trial.implementation, case, trial.seconds, given=(point, case.cotangent()))
            return Tied(at, first, second)
    return None


def _of_one_shape(identity: Identity, case: Case, first: str, second: str) -> Case | None:
    """The case with sizes at which the two arguments have one shape, where names can decide it."""
    rows = [parse_shape(identity.shapes[name]) for name in (first, second)]
    sizes = dict(case.sizes)
    if rows[0] == rows[1]:
        return case
    if len(rows[0]) != len(rows[1]) or any(is_many(d) or d.isdigit() for r in rows for d in r):
        return None
    same = list(zip(*rows, strict=True))
    for _ in same:  # as often as there may be links in a chain of equal names
        for a, b in same:
            sizes[a] = sizes[b] = min(sizes[a], sizes[b])
    return dataclasses.replace(case, sizes=tuple(sizes.items()))


def _in_domain(identity: Identity, case: Case, point: dict[str, np.ndarray]) -> bool:
    sizes = dict(case.sizes)
    return all(
        condition.holds(np, np.asarray(point[condition.argument], np.float64), sizes)
        for condition in identity.domain
        if condition.argument in identity.gradients
    )
