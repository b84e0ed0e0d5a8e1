"""What a backend does not claim to be able to do: tried once all the same."""

from __future__ import annotations

from ..implementations.declared import framework_of
from ..implementations.loading import BUILT_IN
from ..laws import NEEDS, Trial, examine
from ..laws.strategies import fixed_cases
from .selection import Selection, Target


def unclaimed(target: Target, selection: Selection, law: str) -> tuple[str, str]:
    """Verdict and message on a law whose ability is not claimed, from the first case.

    *Unsupported* where that fails, *stale* where it works: then the backend is to claim it.
    """
    i = target.implementation
    cases = selection.cases(i.identity, target.dtype)
    if cases is None:
        cases = fixed_cases(i.identity, target.dtype, selection.profile, selection.seed)
    found = examine(Trial(i, cases[0], selection.seconds), [law])
    ability, _, nesting = NEEDS[law].partition(" ")
    lacking = lacks(i.backend.name, NEEDS[law])
    if not any(v.outcome == "pass" for v in found) or any(v.failed for v in found):
        return "unsupported", lacking
    claim = f"add {nesting!r} to its nestings" if nesting else f"it is to claim {ability!r}"
    return "stale", f"{lacking}, and it works on the case {cases[0].line()!r}: {claim}"


def lacks(backend: str, ability: str) -> str:
    """What a backend does not define, in words; of a path, that the framework may do so."""
    framework = framework_of(backend)
    elsewhere = backend in BUILT_IN and backend != framework
    return f"{backend} does not define {ability!r}" + (
        f"; where {framework} has it, it is tried there" if elsewhere else ""
    )
