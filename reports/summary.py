"""What a ledger amounts to: counts, findings, and the matrix of identities and backends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from ..implementations.implementation import ROUTES
from ..laws.verdicts import FAILURES, OUTCOMES
from .cells import Cell, badness, most_digits
from .ledger import Ledger
from .lines import Entry

Column = tuple[str, str]
"""A backend and a route."""


@dataclass(frozen=True)
class Group:
    """Verdicts that have one cause, as far as can be told: one backend, route and identity.

    ``entries`` has the worst first and is never empty.
    """

    backend: str
    route: str
    identity: str
    entries: tuple[Entry, ...]

    @property
    def worst(self) -> Entry:
        """The entry that stands for all."""
        return self.entries[0]

    @property
    def dtypes(self) -> tuple[str, ...]:
        """The types of the entries, the most exact first."""
        return tuple(sorted({entry.dtype for entry in self.entries}, key=_dtype_order))

    @property
    def messages(self) -> tuple[str, ...]:
        """The different messages, the worst entry's first."""
        return tuple(dict.fromkeys(entry.message for entry in self.entries if entry.message))

    @property
    def issues(self) -> tuple[str, ...]:
        """The different addresses at which known deviations are discussed."""
        return tuple(dict.fromkeys(entry.issue for entry in self.entries if entry.issue))


@dataclass(frozen=True)
class Tally:
    """How a backend and route did in one type.

    The numbers are of identities; ``digits`` are the fewest right in those that conform, and
    ``others`` counts those that neither conform nor fail, by what they are instead.
    """

    identities: int
    conforming: int
    failing: int
    others: Mapping[str, int]
    digits: float | None


@dataclass(frozen=True)
class Summary:
    """A ledger, counted. Of two verdicts on the same thing the worse one stands."""

    ledger: Ledger
    entries: tuple[Entry, ...]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many verdicts of each kind, from best to worst; zeros are there too."""
        counts = dict.fromkeys(OUTCOMES, 0)
        for entry in self.entries:
            counts[entry.verdict] += 1
        return counts

    @property
    def failures(self) -> int:
        """How many verdicts fail."""
        return sum(self.counts[verdict] for verdict in FAILURES)

    @cached_property
    def findings(self) -> tuple[Group, ...]:
        """The failures, grouped, the worst first."""
        return self.groups(*FAILURES)

    def groups(self, *verdicts: str) -> tuple[Group, ...]:
        """The entries with one of these verdicts, grouped by what likely has one cause."""
        by_cause: dict[tuple[str, str, str], list[Entry]] = {}
        for entry in self.entries:
            if entry.verdict in verdicts:
                by_cause.setdefault((entry.backend, entry.route, entry.identity), []).append(entry)
        groups = [Group(*key, tuple(sorted(e, key=badness))) for key, e in by_cause.items()]
        return tuple(
            sorted(groups, key=lambda g: (*badness(g.worst), g.backend, g.route, g.identity))
        )

    @cached_property
    def dtypes(self) -> tuple[str, ...]:
        """The types that were tried, the most exact first."""
        named = (*self.ledger.environment.dtypes, *(entry.dtype for entry in self.entries))
        return tuple(sorted(set(named), key=_dtype_order))

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The backends and routes that were tried."""
        pairs = {(entry.backend, entry.route) for entry in self.entries}
        return tuple(sorted(pairs, key=lambda pair: (pair[0], _rank(ROUTES, pair[1]), pair[1])))

    @cached_property
    def backends(self) -> tuple[str, ...]:
        """The backends that were tried, in the order of the columns."""
        return tuple(dict.fromkeys(backend for backend, _ in self.columns))

    @cached_property
    def families(self) -> dict[str, tuple[str, ...]]:
        """The identities that were tried, by family."""
        families: dict[str, set[str]] = {}
        for entry in self.entries:
            families.setdefault(entry.family, set()).add(entry.identity)
        return {family: tuple(sorted(families[family])) for family in sorted(families)}

    @cached_property
    def identities(self) -> tuple[str, ...]:
        """The identities that were tried, by name."""
        return tuple(sorted({entry.identity for entry in self.entries}))

    @cached_property
    def _cells(self) -> dict[tuple[str, Column, str | None], Cell]:
        members: dict[tuple[str, Column, str | None], list[Entry]] = {}
        for entry in self.entries:
            column = (entry.backend, entry.route)
            for dtype in (entry.dtype, None):
                members.setdefault((entry.identity, column, dtype), []).append(entry)
        return {key: Cell.of(entries) for key, entries in members.items()}

    def cell(self, identity: str, column: Column, dtype: str | None = None) -> Cell | None:
        """One cell of the matrix, in one type or (None) in all; None where nothing was tried."""
        return self._cells.get((identity, column, dtype))

    def tally(self, column: Column, dtype: str) -> Tally | None:
        """A backend and route in one type; None where it was not tried."""
        cells = [c for name in self.identities if (c := self.cell(name, column, dtype))]
        if not cells:
            return None
        measured = [c.measured.digits for c in cells if c.conforms and c.measured]
        return Tally(
            identities=len(cells),
            conforming=sum(cell.conforms for cell in cells),
            failing=sum(cell.worst.failed for cell in cells),
            others=Counter(c.verdict for c in cells if not (c.conforms or c.worst.failed)),
            digits=min((digits for digits in measured if digits is not None), default=None),
        )

    @cached_property
    def doubts(self) -> tuple[str, ...]:
        """Why this ledger is not the whole story of a run, in words; empty where it is."""
        ledger, end = self.ledger, self.ledger.end
        doubts = []
        if end is None:
            doubts.append("The run did not finish: it was killed, or it still goes on.")
        elif end.interrupted:
            doubts.append("The run was interrupted before it finished.")
        elif end.exit is None:
            doubts.append("The run does not say how it ended.")
        elif end.exit > 1:  # 1 is that a verdict fails; an error of the run itself has others
            doubts.append(f"The run ended with exit code {end.exit}, before all was tried.")
        elif end.exit and not self.failures:
            doubts.append(f"The run ended with exit code {end.exit}, and no verdict says why.")
        if ledger.environment.shard:
            doubts.append(
                f"This is part {ledger.environment.shard} of a run that was split: "
                "gradient-conformance merge puts the parts together."
            )
            if end is not None and not self.entries:
                doubts.append("Nothing fell to this part, so it has no verdicts.")
        lost = end.lost if end is not None else ()
        doubts += [f"{said[:1].upper()}{said[1:]}." for said in (*lost, *ledger.problems)]
        return tuple(doubts)

    @property
    def conforms(self) -> bool:
        """Nothing failed, something passed, and the run finished with everything on record."""
        return not self.failures and not self.doubts and self.counts["pass"] > 0


def summarise(ledger: Ledger) -> Summary:
    """Count a ledger."""
    worst: dict[tuple[str, ...], Entry] = {}
    for entry in ledger.verdicts:
        key = (
            entry.identity, entry.route, entry.backend, entry.dtype, entry.law, entry.wrt or ""
        )  # fmt: skip
        if key not in worst or badness(entry) < badness(worst[key]):
            worst[key] = entry
    return Summary(ledger, tuple(worst.values()))


def _dtype_order(dtype: str) -> tuple[float, str]:
    return -(most_digits(dtype) or 0.0), dtype


def _rank(known: Iterable[str], name: str) -> int:
    return [*known, name].index(name)
