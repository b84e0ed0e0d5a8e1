"""What a backend does not claim to be able to do: tried once all the same."""

from __future__ import annotations

import dataclasses

from ..implementations.declared import framework_of, path_of
from ..implementations.loading import BUILT_IN
from ..implementations.protocol import Backend
from ..laws import NEEDS, Trial, examine
from ..laws.cases import Case
from ..laws.strategies import PROFILES, costly_sizes, fixed_cases
from .selection import Selection, Target


def unclaimed(target: Target, selection: Selection, law: str) -> tuple[str, str]:
    """Verdict and message on a law whose ability is not claimed, from a few cases.

    *Unsupported* where one fails, *stale* where all work: then the backend is to claim it.
    """
    i = target.implementation
    ability, _, nesting = NEEDS[law].partition(" ")
    lacking = lacks(i.backend, NEEDS[law])
    if ability == "namespace":  # no answer of a native function shows that there is one
        return "unsupported", lacking
    cases = selection.cases(i.identity, target.dtype)
    if cases is None:
        cases = _telling_cases(i.identity, target.dtype, selection)
    passes = 0
    for case in cases:
        found = examine(Trial(i, case, selection.seconds), [law])
        if any(v.failed for v in found):
            return "unsupported", lacking
        passes += any(v.outcome == "pass" for v in found)
    if not passes:
        return "unsupported", lacking
    claim = f"add {nesting!r} to its nestings" if nesting else f"it is to claim {ability!r}"
    lines = " and ".join(repr(case.line()) for case in cases)
    return "stale", f"{lacking}, and it works on {lines}: {claim}"


def _telling_cases(identity: str, dtype: str, selection: Selection) -> list[Case]:
    """Two of the fixed cases, not of the smallest sizes, where gradients may be 0 by accident."""
    profile = dataclasses.replace(PROFILES["ci"], dtypes=(dtype,))
    sizes = costly_sizes(identity, profile) or ()
    cases = fixed_cases(identity, dtype, profile, selection.seed)
    return [case for case in cases if case.sizes in sizes][:2]


def lacks(backend: Backend, ability: str) -> str:
    """What a backend does not define, or what it needs for it and does not find, in words.

    Of a path, that the framework may have it.
    """
    if missing := backend.missing(ability.partition(" ")[0]):
        return missing
    name, framework = backend.name, framework_of(backend.name)
    elsewhere = path_of(name) in BUILT_IN and path_of(name) != framework
    return f"{name} does not define {ability!r}" + (
        f"; where {framework} has it, it is tried there" if elsewhere else ""
    )
