"""Laws that came to no decision: tried once more on plain cases, and then an error."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..laws import NEEDS, Trial, examine
from ..laws.strategies import plain_cases
from ..laws.tally import Tally
from .conventions import CONVENTION
from .last_words import trying
from .selection import Selection, Target


def look_once_more(tally: Tally, target: Target, selection: Selection, laws: Sequence[str]) -> None:
    """A law that came to no decision is tried on plain cases until it does.

    In 16 bits rounding may hide all that was drawn; what nobody could say of it is no fault.
    """
    identity, dtype = target.implementation.identity, target.dtype
    for law in (law for law in laws if _must_decide(law) and tally.hides(law)):
        for case in plain_cases(identity, dtype, selection.seed):
            trying(target.id, case.line())
            tally.add(case, examine(Trial(target.implementation, case, selection.seconds), [law]))
            if not tally.hides(law):
                break


def _must_decide(law: str) -> bool:
    """Whether it is an error that a law comes to no decision at all.

    Not of conventions, where there may be no one-sided derivative to compare with, nor of the laws
    that are tried on few cases.
    """
    return law != CONVENTION and law not in NEEDS


def mark_undecided(rows: Sequence[dict[str, Any]], tally: Tally, target: Target) -> None:
    """A law that came to no decision at all is an error: the suite's, and nobody else's."""
    for row in rows:
        if _must_decide(row["law"]) and tally.hides(row["law"]) and row["verdict"] == "undecided":
            row["verdict"] = "error"
            row["message"] = (
                f"no comparison of this law came to a decision in {target.dtype}: the rounding "
                "that the formula allows hides any answer. More cases (--profile ci) may decide"
            )
