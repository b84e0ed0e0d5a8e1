"""The hunt: put a fault over an implementation, and see which law kills it, and how soon."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ..implementations.declared import Deviation
from ..laws import NEEDS, Trial, due, examine
from ..laws.cases import Case
from ..laws.tally import Tally
from .declaration import Fault
from .faulty import Faulty, with_fault
from .right import Right

KILLED, SURVIVED, IDLE, HIDDEN = "killed", "survived", "idle", "hidden"


@dataclass(frozen=True)
class Kill:
    """What became of a fault: ``killed``, ``survived``, ``idle`` or ``hidden``.

    An idle one never changed an answer; a hidden one failed only where a known deviation of the
    right implementation explains a failure, for the ``reason`` that is on record.
    ``laws`` are those that failed on the case that killed it, the ``examples``-th that was tried;
    of one that was not killed, all the cases.
    """

    outcome: str
    laws: tuple[str, ...] = ()
    examples: int = 0
    case: str = ""
    reason: str = ""


def hunt(
    right: Right,
    fault: Fault | None,
    argument: str | None,
    cases: Iterable[Case],
    laws: Sequence[str],
    deviations: Sequence[Deviation] = (),
    costly: Collection[Any] | None = None,
    seconds: float = 20.0,
) -> Kill:
    """Try cases as a run does, until a law fails that no known deviation explains.

    Without a fault it is the right implementation that is hunted, as a control. ``costly`` are the
    sizes at which the costly laws are due; those are asked only where the others find nothing.
    """
    i = with_fault(right, fault, argument) if fault is not None else right.implementation
    tally, tried = Tally(deviations), 0
    for case in cases:
        tried += 1
        trial = Trial(i, case, seconds)
        wanted = due(laws, case, costly)
        for some in (
            [law for law in wanted if law not in NEEDS],
            [law for law in wanted if law in NEEDS],
        ):
            if failures := tally.add(case, examine(trial, some)):
                kills = tuple(dict.fromkeys(v.law for v in failures))
                return Kill(KILLED, kills, tried, case.line())
    idle = isinstance(i.backend, Faulty) and not i.backend.changed
    records = known_by(tally, unanswered=idle)
    if fault is not None and records:
        return Kill(HIDDEN, (), tried, reason="; ".join(records))
    return Kill(IDLE if idle else SURVIVED, (), tried)


def known_by(tally: Tally, unanswered: bool = False) -> list[str]:
    """The reasons of the known deviations that failures were put down to.

    With ``unanswered`` of those alone where there was no answer, in which a fault could be.
    """
    found = (
        entry.record.reason
        for entry in tally.entries.values()
        if entry.record is not None
        and entry.deviation is not None
        and (not unanswered or entry.deviation.outcome in ("error", "timeout", "crash"))
    )
    return list(dict.fromkeys(found))
