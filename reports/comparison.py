"""What changed from one run to another: verdict by verdict, and in digits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from .ledger import Ledger
from .lines import Entry, Environment
from .summary import summarise
from .versions import products
from .wording import digits, law

NOISE = 1.0
"""Digits that the worst of some dozens of drawn cases may win or lose by chance: a factor of 10.

A harder case costs digits too, and widens the tolerance by as much: so the error in tolerances must
have moved by a factor of 10 as well. Between two runs that differ in nothing but the seed, of some
4,000 verdicts with digits 195 to 249 moved by digits alone, and 0 to 2 by both.
"""

NOTHING = 0.01
"""An error of so many tolerances, or a smaller one, is none."""

FAILING = "Newly failing"
FAILING_OF_THE_NEW = "Failing, and not tried before"
REMOVED = "Passed before, not tried now"
UNDECIDED = "Passed before, not decided now"
KNOWN = "Passed before, a known deviation now"
FEWER = "Fewer digits"
PASSING = "Newly passing"
MORE = "More digits"

KINDS = (FAILING, FAILING_OF_THE_NEW, REMOVED, UNDECIDED, KNOWN, FEWER, PASSING, MORE)
"""The kinds of change, the gravest first."""

WORSE = (FAILING, FAILING_OF_THE_NEW, REMOVED, UNDECIDED)
"""Those that make a comparison fail: a known deviation is on record, fewer digits still pass."""

Key = tuple[str, str, str, str, str, str]
"""What is judged: identity, backend, route, type, law, and argument or ""."""


@dataclass(frozen=True)
class Change:
    """One thing that is judged, in two runs; None where a run did not try it."""

    before: Entry | None
    after: Entry | None

    @property
    def entry(self) -> Entry:
        """The later of the two, to name what it is about."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def kind(self) -> str | None:
        """Which of `KINDS` it is; None where nothing changed that is told of."""
        before, after = self.before, self.after
        if before is None:
            return FAILING_OF_THE_NEW if after is not None and after.failed else None
        if after is None:
            return REMOVED if before.verdict == "pass" else None
        if after.failed:
            return None if before.failed else FAILING
        if after.verdict == "pass":
            return PASSING if before.failed or before.verdict == "known" else self._moved
        return _LOST.get(after.verdict) if before.verdict == "pass" else None

    @property
    def digits(self) -> float:
        """Digits won; 0 where one of the two has none."""
        pair = [entry.digits for entry in (self.before, self.after) if entry is not None]
        numbers = [number for number in pair if number is not None and math.isfinite(number)]
        return numbers[1] - numbers[0] if len(numbers) == 2 else 0.0

    @property
    def decades(self) -> float | None:
        """By how many powers of 10 the error in tolerances fell; None where it was not measured."""
        pair = [entry.margin for entry in (self.before, self.after) if entry is not None]
        known = [max(x, NOTHING) for x in pair if x is not None and math.isfinite(x)]
        return math.log10(known[0] / known[1]) if len(known) == 2 else None

    @property
    def _moved(self) -> str | None:
        passing = self.before is not None and self.before.verdict == "pass"
        both = [self.digits, self.digits if self.decades is None else self.decades]
        if not passing or not (min(both) > NOISE or max(both) < -NOISE):
            return None
        return MORE if self.digits > 0 else FEWER


_LOST = {"undecided": UNDECIDED, "unsupported": UNDECIDED, "known": KNOWN}


@dataclass(frozen=True)
class Comparison:
    """Two runs side by side."""

    old: Ledger
    new: Ledger

    @cached_property
    def doubts(self) -> tuple[str, ...]:
        """Why the two are not alike to begin with, or not the whole story, in words."""
        told = [
            f"{what}: {old} in the old run, {new} in the new"
            for what, (old, new) in unlike([self.old.environment, self.new.environment]).items()
        ]
        for name, ledger in (("old", self.old), ("new", self.new)):
            told += [f"{name} run: {doubt}" for doubt in summarise(ledger).doubts]
        return tuple(told)

    @cached_property
    def versions(self) -> tuple[str, ...]:
        """The frameworks whose version changed, in words."""
        before = {tried.name: tried.version for tried in self.old.environment.backends}
        after = {tried.name: tried.version for tried in self.new.environment.backends}
        return tuple(
            f"{name} {before[name]} → {after[name]}"
            for name in sorted(before.keys() & after.keys())
            if before[name] != after[name]
        )

    @cached_property
    def sections(self) -> tuple[tuple[str, tuple[Change, ...]], ...]:
        """The changes by kind, the gravest kind first, without those that did not occur.

        They come in the order of their names, those in digits the largest first.
        """
        before, after = (by_key(summarise(ledger).entries) for ledger in (self.old, self.new))
        changes = [Change(before.get(k), after.get(k)) for k in sorted(before.keys() | after)]
        found: dict[str, list[Change]] = {kind: [] for kind in KINDS}
        for change in changes:
            if change.kind is not None:
                found[change.kind].append(change)
        for kind in (FEWER, MORE):
            found[kind].sort(key=lambda c: -abs(c.digits))
        return tuple((kind, tuple(of_kind)) for kind, of_kind in found.items() if of_kind)

    @property
    def worse(self) -> bool:
        """Whether something fails that did not, or is lost that passed."""
        return any(kind in WORSE for kind, _ in self.sections)


def unlike(runs: Sequence[Environment]) -> dict[str, list[str]]:
    """Of what should be the same in all runs and is not, what it is in each, as text."""
    settings: dict[str, list[object]] = {
        "the catalogue of identities": [ran.catalogue for ran in runs],
        "the profile": [ran.profile for ran in runs],
        "the seed": [ran.seed for ran in runs],
        "the version of gradient-conformance": [ran.package for ran in runs],
    }
    for name in dict.fromkeys(tried.name for ran in runs for tried in ran.backends):
        there = [tried for ran in runs for tried in ran.backends if tried.name == name]
        if len(there) != len(runs):
            continue
        if all(tried.device for tried in there):  # older ledgers do not say it
            settings[f"the device of {name}"] = [tried.device for tried in there]
        settings[f"what {name} keeps in matrix products"] = [
            ", ".join(products(tried)) or "all bits" for tried in there
        ]
    return {
        what: ["not known" if value in (None, "") else str(value) for value in values]
        for what, values in settings.items()
        if any(value != values[0] for value in values)
    }


def by_key(entries: Iterable[Entry]) -> Mapping[Key, Entry]:
    """The entries by what they judge."""
    return {(e.identity, e.backend, e.route, e.dtype, e.law, e.wrt or ""): e for e in entries}


def named(entry: Entry) -> str:
    """What an entry is about: ``torch native gelu: gradient of z in float32``."""
    of = f" of {entry.wrt}" if entry.wrt else ""
    return f"{entry.backend} {entry.route} {entry.identity}: {law(entry.law)}{of} in {entry.dtype}"


def told(change: Change) -> str:
    """A change in words: ``…: pass → wrong``, ``…: 14.2 → 7.9 digits``."""
    before, after = change.before, change.after
    if before is None or after is None:
        return named(change.entry)
    if before.verdict == after.verdict:
        return f"{named(after)}: {digits(before.digits)} → {digits(after.digits)} digits"
    return f"{named(after)}: {before.verdict} → {after.verdict}"
