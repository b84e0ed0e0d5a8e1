"""What a hunt for faults amounts to: pairs of fault and identity, families, laws, holes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from statistics import median_low
from typing import TypeVar

from ..identities import CATALOGUE
from ..implementations.implementation import ROUTES
from ..laws import LAWS
from ..oracles.machine import MACHINES
from .teeth_lines import HOLES, KILLED, OUTCOMES, Mistake, Row, Teeth

Key = TypeVar("Key")

FALSE_ALARM = "false alarm"
OTHER = "other"
"""The family of an identity that this version's catalogue does not know."""


@dataclass(frozen=True)
class Found:
    """What became of faults at some places: of one fault on one identity, say."""

    rows: tuple[Row, ...]

    @cached_property
    def counts(self) -> Counter[str]:
        """How many places came out how."""
        return Counter(row.outcome for row in self.rows)

    @property
    def hunts(self) -> int:
        """How many hunts there were."""
        return sum(row.hunts for row in self.rows)

    @property
    def worst(self) -> str:
        """The outcome that stands for all."""
        return max(self.counts, key=OUTCOMES.index)

    @property
    def holes(self) -> int:
        """At how many places the fault survived, was idle, or is none by a reason out of date."""
        return sum(self.counts[outcome] for outcome in HOLES)

    @cached_property
    def slowest(self) -> Row | None:
        """The place whose kill took most examples; None where nothing was killed."""
        killed = [row for row in self.rows if row.outcome == KILLED]
        return max(killed, key=lambda row: row.examples, default=None)

    @cached_property
    def laws(self) -> tuple[str, ...]:
        """The laws that killed, in their order in the suite."""
        return tuple(
            sorted(
                {law for row in self.rows if row.outcome == KILLED for law in row.laws}, key=_of_law
            )
        )

    @cached_property
    def identities(self) -> tuple[str, ...]:
        """The identities, in the catalogue's order."""
        return tuple(sorted({row.identity for row in self.rows}, key=_of_identity))


@dataclass(frozen=True)
class Hole:
    """One fault on one identity that nothing killed, or a law that failed where nothing is wrong.

    ``examples`` is how many were tried at least; of a false alarm ``fault`` is empty.
    """

    outcome: str
    fault: str
    identity: str
    places: tuple[str, ...]
    laws: tuple[str, ...]
    examples: int
    case: str
    reason: str


@dataclass(frozen=True)
class Law:
    """How many pairs of fault and identity a law kills, how many it alone, and how many faults."""

    name: str
    pairs: int
    alone: int
    faults: int


class Summary:
    """A hunt, counted; the order of its rows does not matter."""

    def __init__(self, teeth: Teeth) -> None:
        self.teeth = teeth
        rows = sorted(teeth.rows, key=lambda row: (_of_identity(row.identity), *_of_place(row)))
        self.all = Found(tuple(rows))
        self.pairs: Mapping[tuple[str, str], Found] = _by(rows, lambda r: (r.fault, r.identity))
        self.by_fault: Mapping[str, Found] = _by(rows, lambda r: r.fault)
        self.cells: Mapping[tuple[str, str], Found] = _by(
            rows, lambda r: (r.fault, family_of(r.identity))
        )

    @cached_property
    def families(self) -> dict[str, list[Mistake]]:
        """The faults by family, as they are declared."""
        found: dict[str, list[Mistake]] = {}
        for mistake in self.teeth.faults.values():
            found.setdefault(mistake.family or OTHER, []).append(mistake)
        return found

    @cached_property
    def identity_families(self) -> list[str]:
        """The families of the identities that were tried."""
        return list(dict.fromkeys(family_of(name) for name in self.all.identities))

    @property
    def backends(self) -> list[str]:
        """The backends that were tried."""
        return sorted({row.backend for row in self.all.rows})

    @property
    def dtypes(self) -> list[str]:
        """The types that were tried, the most exact first."""
        return sorted({row.dtype for row in self.all.rows}, key=_of_type)

    def of_family(self, faults: Iterable[Mistake]) -> Found:
        """What became of some faults."""
        names = {mistake.name for mistake in faults}
        return Found(tuple(row for row in self.all.rows if row.fault in names))

    def examples(self, faults: Iterable[str]) -> list[int]:
        """Of each pair of one of these faults that was killed, the examples of the slowest kill."""
        names = set(faults)
        return sorted(
            pair.slowest.examples
            for (fault, _), pair in self.pairs.items()
            if fault in names and pair.slowest
        )

    @cached_property
    def holes(self) -> list[Hole]:
        """What makes the hunt fail: survivors first, false alarms last."""
        found = []
        for outcome in HOLES:
            for (fault, identity), pair in self.pairs.items():
                rows = [row for row in pair.rows if row.outcome == outcome]
                if rows:
                    found.append(_hole(outcome, fault, identity, rows))
        alarms: dict[str, list[Row]] = {}
        for a in self.teeth.controls:
            place = (a.identity, a.backend, a.route, a.dtype)
            row = Row(*place, "", FALSE_ALARM, a.laws, a.examples, 1, a.case)
            alarms.setdefault(a.identity, []).append(row)
        for identity in sorted(alarms, key=_of_identity):
            rows = sorted(alarms[identity], key=_of_place)
            found.append(_hole(FALSE_ALARM, "", identity, rows))
        return found

    @property
    def failing(self) -> dict[str, int]:
        """How many places make the hunt fail, by what they are; empty where none does."""
        counts = {outcome: self.all.counts[outcome] for outcome in HOLES}
        counts[FALSE_ALARM] = len(self.teeth.controls)
        return {outcome: number for outcome, number in counts.items() if number}

    @cached_property
    def laws(self) -> list[Law]:
        """Every law, the one that kills most pairs first."""
        pairs, alone = Counter[str](), Counter[str]()
        faults: dict[str, set[str]] = {name: set() for name in LAWS}
        for (fault, _), pair in self.pairs.items():
            pairs.update(pair.laws)
            alone.update(pair.laws if len(pair.laws) == 1 else ())
            for law in pair.laws:
                faults.setdefault(law, set()).add(fault)
        laws = [Law(name, pairs[name], alone[name], len(of)) for name, of in faults.items()]
        return sorted(laws, key=lambda law: (-law.pairs, _of_law(law.name)))

    def explained(self, outcome: str) -> list[tuple[str, str, Found]]:
        """Fault, reason, and the places at which it came out so for that reason."""
        rows = [row for row in self.all.rows if row.outcome == outcome]
        order = {name: position for position, name in enumerate(self.teeth.faults)}
        found = _by(rows, lambda row: (row.fault, row.reason))
        return [(*key, found[key]) for key in sorted(found, key=lambda k: (order[k[0]], k[1]))]

    @cached_property
    def doubts(self) -> list[str]:
        """Why the hunt is not the whole story, in sentences; none where it is."""
        teeth = self.teeth
        found = []
        if not teeth.complete:
            units = "" if teeth.units is None else f" after {teeth.done} of {teeth.units} units"
            found.append(
                f"The hunt was cut short{units} (a unit is one identity in one type): of what is "
                "missing here nothing is known."
            )
        if not teeth.rows:
            found.append("No fault was put over anything: nothing was hunted.")
        return found


def family_of(identity: str) -> str:
    """The family of an identity, `OTHER` where the catalogue does not know it."""
    return CATALOGUE[identity].family if identity in CATALOGUE else OTHER


def middle(examples: list[int]) -> int | None:
    """The median, rounded down to a number that occurs; None of nothing."""
    return median_low(examples) if examples else None


def _hole(outcome: str, fault: str, identity: str, rows: list[Row]) -> Hole:
    places = tuple(dict.fromkeys(f"{r.backend} {r.route} {r.dtype}" for r in rows))
    laws = tuple(sorted({law for r in rows for law in r.laws}, key=_of_law))
    most = max(rows, key=lambda r: r.examples)
    reasons = dict.fromkeys(r.reason for r in rows if r.reason)
    return Hole(
        outcome, fault, identity, places, laws, min(r.examples for r in rows), most.case,
        "; ".join(reasons),
    )  # fmt: skip


def _by(rows: Iterable[Row], key: Callable[[Row], Key]) -> dict[Key, Found]:
    grouped: dict[Key, list[Row]] = {}
    for row in rows:
        grouped.setdefault(key(row), []).append(row)
    return {name: Found(tuple(group)) for name, group in grouped.items()}


_IDENTITIES = {name: position for position, name in enumerate(CATALOGUE)}
_LAWS = {name: position for position, name in enumerate(LAWS)}


def _of_identity(name: str) -> tuple[int, str]:
    return _IDENTITIES.get(name, len(_IDENTITIES)), name


def _of_law(name: str) -> tuple[int, str]:
    return _LAWS.get(name, len(_LAWS)), name


def _of_type(name: str) -> tuple[int, str]:
    known = list(MACHINES)
    return known.index(name) if name in known else len(known), name


def _of_place(row: Row) -> tuple[object, ...]:
    route = ROUTES.index(row.route) if row.route in ROUTES else len(ROUTES)
    return row.backend, route, row.route, _of_type(row.dtype), row.fault
