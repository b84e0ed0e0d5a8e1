"""Sensitivity: how small a relative error of a gradient is still found.

An implementation without any error of its own is taken, the exact gradient correctly rounded, and
made wrong by a factor 1 + ε: as a whole, or in one entry, the middle one. So the answer depends on
no framework.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..identities import CATALOGUE
from ..laws.cases import Case, expected
from ..laws.search import all_cases
from ..laws.strategies import Profile
from ..laws.verdicts import judge
from ..oracles.expected import Expected

OF_A_HUNDRED = 0.99
"""The share of runs in which an error must be found to count."""


@dataclass(frozen=True)
class Sensitivity:
    """The smallest ε = 2ᵏ that is found in 99 of 100 runs: of a whole gradient, and of one entry.

    Of several arguments it is that of the one where errors are hardest to find; None where not even
    an error of the gradient's own size is found so often.
    """

    identity: str
    dtype: str
    whole: float | None
    entry: float | None
    runs: int


def sensitivity(identity: str, dtype: str, profile: Profile, seeds: Sequence[int]) -> Sensitivity:
    """Measure it over one run of the profile for each seed, by the law of the gradient alone."""
    found: dict[str, list[int | None]] = {"whole": [], "entry": []}
    for seed in seeds:
        cases = all_cases(identity, dtype, profile, seed)
        for kind, exponents in found.items():
            exponents.append(_of_a_run(cases, kind == "entry"))
    whole, entry = (_often_enough(exponents) for exponents in found.values())
    return Sensitivity(identity, dtype, whole, entry, len(seeds))


def _often_enough(exponents: Sequence[int | None]) -> float | None:
    """The error that so many runs find: their thresholds, in order, at that place."""
    ordered = sorted(np.inf if k is None else k for k in exponents)
    at = ordered[int(np.ceil(OF_A_HUNDRED * len(ordered))) - 1]
    return float(2.0**at) if np.isfinite(at) else None


def _of_a_run(cases: Sequence[Case], one_entry: bool) -> int | None:
    """The smallest k that any case of a run finds, for the argument where it is largest."""
    names = tuple(CATALOGUE[cases[0].identity].gradients)
    best: dict[str, int | None] = dict.fromkeys(names)
    for case in cases:
        exact = expected(case, case.cotangent())
        for name in names:
            k = _threshold(exact, name, one_entry, best[name])
            best[name] = k if k is not None else best[name]
        lowest = 1 - exact.machine.bits
        if all(k == lowest for k in best.values()):
            break
    found = [k for k in best.values() if k is not None]
    return max(found) if len(found) == len(names) else None


def _threshold(exact: Expected, name: str, one_entry: bool, below: int | None) -> int | None:
    """The smallest k that is found here, if it is smaller than what was found before.

    By halving: what is found stays so for larger errors, but for what rounding to the type does.
    """
    low, high = 1 - exact.machine.bits, 0 if below is None else below - 1
    if low > high or not _found(exact, name, one_entry, high):
        return None
    while low < high:
        middle = (low + high) // 2
        if _found(exact, name, one_entry, middle):
            high = middle
        else:
            low = middle + 1
    return high


def _found(exact: Expected, name: str, one_entry: bool, k: int) -> bool:
    right = exact.plain(name).exact
    factor = np.ones(right.shape)
    if right.size:
        factor.flat[right.size // 2 if one_entry else slice(None)] = 1 + 2.0**k
    with np.errstate(all="ignore"):
        wrong = exact.machine.round(right * factor)
        return judge(wrong, name, exact, "native").failed
