"""The tally of one implementation: all verdicts on one law and argument, summed up in one row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ..implementations.declared import Deviation
from .cases import Case
from .verdicts import FAILURES, SEVERITY, Verdict

Key = tuple[str, str | None]


@dataclass
class Entry:
    """What was seen of one law and one argument: counts, the extremes, the worst case.

    ``deviation`` is the worst failure that a known deviation (``record``) covers; it is kept apart.
    """

    examples: int = 0
    passed: int = 0
    undecided: int = 0
    known: int = 0
    digits: float | None = None
    margin: float | None = None
    worst: Verdict | None = None
    case: Case | None = None
    deviation: Verdict | None = None
    deviation_case: Case | None = None
    record: Deviation | None = None

    def outcome(self) -> str:
        """The verdict of the row: the worst failure, else a known one, a pass, or undecided."""
        if self.worst is not None and self.worst.failed:
            return self.worst.outcome
        if self.known:
            return "known"
        return "pass" if self.passed else "undecided"


class Tally:
    """Verdicts of one implementation, collected case by case; asks for no second look at any."""

    def __init__(self, deviations: Sequence[Deviation] = ()) -> None:
        self.entries: dict[Key, Entry] = {}
        self.deviations = deviations

    def add(self, case: Case, verdicts: Iterable[Verdict]) -> list[Verdict]:
        """Count the verdicts of one case; returns the failures that no deviation covers."""
        by_key: dict[Key, list[Verdict]] = {}
        for verdict in verdicts:
            by_key.setdefault((verdict.law, verdict.wrt), []).append(verdict)
        failures: list[Verdict] = []
        for key, found in by_key.items():
            failures.extend(self._count(self.entries.setdefault(key, Entry()), found, case))
        return failures

    def _count(self, entry: Entry, found: list[Verdict], case: Case) -> list[Verdict]:
        """Count what one law said of one argument in one case."""
        failed = [v for v in found if v.failed]
        records = [self._known(v, case) for v in failed]
        failures = [v for v, record in zip(failed, records, strict=True) if record is None]
        passed = [v for v in found if v.outcome == "pass"]
        entry.examples += 1
        if failed and not failures:
            entry.known += 1
            worst = max(failed, key=lambda v: v.margin or 0.0)
            if entry.deviation is None or (worst.margin or 0.0) > (entry.deviation.margin or 0.0):
                entry.deviation, entry.deviation_case, entry.record = worst, case, records[0]
            return []
        entry.passed += bool(passed and not failed)
        entry.undecided += not (passed or failed)
        for verdict in failures or passed:
            if _worse(verdict, case, entry):
                entry.worst, entry.case = verdict, case
            if verdict.digits is not None:
                digits = entry.digits if entry.digits is not None else verdict.digits
                entry.digits = min(verdict.digits, digits)
            if verdict.margin is not None:
                entry.margin = max(verdict.margin, entry.margin or 0.0)
        return failures

    def _known(self, verdict: Verdict, case: Case) -> Deviation | None:
        of_law = [d for d in self.deviations if d.covers(verdict.law, verdict.outcome)]
        if not of_law:
            return None
        at = dict(case.sizes), case.parameters, case.arguments()
        return next((d for d in of_law if d.holds_at(*at)), None)

    def decided(self, law: str) -> int:
        """How many comparisons of a law came to a decision."""
        return sum(e.examples - e.undecided for (name, _), e in self.entries.items() if name == law)

    def hides(self, law: str) -> bool:
        """Whether a law was tried and no comparison of it came to a decision."""
        return any(name == law for name, _ in self.entries) and self.decided(law) == 0


def _worse(verdict: Verdict, case: Case, entry: Entry) -> bool:
    """Worse outcome first; of equal failures the smaller case, of passes the larger margin."""
    if entry.worst is None or entry.case is None:
        return True
    rank, before = SEVERITY[verdict.outcome], SEVERITY[entry.worst.outcome]
    if rank != before:
        return rank > before
    if verdict.outcome in FAILURES:
        return case.size <= entry.case.size
    return (verdict.margin or 0.0) > (entry.worst.margin or 0.0)
