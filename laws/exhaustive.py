"""All inputs of a 16-bit type, tried one after the other: for these types, a proof by looking."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..identities import CATALOGUE
from ..oracles.machine import MACHINES
from .cases import COTANGENT, Case
from .sixteen_bit import EVERY, has_every, numbers
from .strategies import static_choices
from .verdicts import Verdict

RUN = 256
"""Entries of a case: a power of 2, for halving, that divides the count of both types."""


def every_input(identity: str, dtype: str) -> Iterator[Case]:
    """Cases that hold all finite inputs, for each set of parameters; none where it cannot be."""
    machine = MACHINES[dtype]
    if not has_every(CATALOGUE[identity], machine):
        return
    for static in static_choices(identity):
        for k in range(len(numbers(machine)) // RUN):
            yield Case(identity, dtype, (("...", (RUN,)),), static, EVERY, seed=k)


def exhaust(judge: Callable[[Case], list[Verdict]], identity: str, dtype: str) -> None:
    """Try all inputs. What fails is looked for in halves of the case, down to one entry.

    ``judge`` tries one case, records what it saw, and returns the failures. Of failures of one kind
    only the first is narrowed down. After a timeout no further case is tried.
    """
    seen = set()
    for case in every_input(identity, dtype):
        for failure in judge(case):
            if failure.outcome == "timeout":
                return
            if _kind(failure) not in seen:
                seen.add(_kind(failure))
                _narrow(judge, case, failure)


def _narrow(judge: Callable[[Case], list[Verdict]], case: Case, failure: Verdict) -> None:
    """Judge smaller and smaller parts of a case that fail in the same way."""
    while (parts := _parts(case)) is not None:
        failing = (part for part in parts if _kind(failure) in map(_kind, judge(part)))
        smaller = next(failing, None)
        if smaller is None:  # it takes neighbours: a kernel that works on several entries at once
            return
        case = smaller


def _parts(case: Case) -> list[Case] | None:
    """The two halves of a run of entries; of two entries, each by itself, written out."""
    if case.regime != EVERY:
        return None
    (name,) = CATALOGUE[case.identity].shapes
    size = case.arguments()[name].size // 2
    sizes = (("...", (size,)),)
    halves = [
        Case(case.identity, case.dtype, sizes, case.static, EVERY, 2 * case.seed + k)
        for k in range(2)
    ]
    return halves if size > 1 else [_written_out(half, name) for half in halves]


def _written_out(case: Case, name: str) -> Case:
    """The case of one entry with its number and its cotangent in the line."""
    entries = ((name, 0, case.arguments()[name]), (COTANGENT, 0, case.cotangent()))
    injections = tuple((where, at, float(x.item())) for where, at, x in entries)
    return Case(case.identity, case.dtype, case.sizes, case.static, injections=injections)


def _kind(verdict: Verdict) -> tuple[str, str | None, str]:
    return verdict.law, verdict.wrt, verdict.outcome
