"""What changed from one run to another: verdict by verdict, and in digits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from .ledger import Ledger
from .lines import Entry
from .summary import summarise
from .wording import digits, law

NOISE = 1.0
"""Digits that the worst of some dozens of drawn cases may win or lose by chance: a factor of 10."""

Key = tuple[str, str, str, str, str, str]
Pair = tuple[Entry, Entry]


@dataclass(frozen=True)
class Comparison:
    """Two runs side by side; every list has the pairs or entries in the order of their names."""

    old: Ledger
    new: Ledger

    @cached_property
    def doubts(self) -> tuple[str, ...]:
        """Why the two are not alike to begin with, or not the whole story, in words."""
        a, b = self.old.environment, self.new.environment
        told = [
            f"{what}: {_known(old)} in the old run, {_known(new)} in the new"
            for what, old, new in (
                ("the catalogue of identities", a.catalogue, b.catalogue),
                ("the profile", a.profile, b.profile),
                ("the seed", a.seed, b.seed),
                ("the version of gradient-conformance", a.package, b.package),
            )
            if old != new
        ]
        for name, ledger in (("old", self.old), ("new", self.new)):
            told += [f"{name} run: {doubt}" for doubt in _incomplete(ledger)]
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
    def newly_failing(self) -> tuple[Pair, ...]:
        """What did not fail before and fails now."""
        return tuple(p for p in self._pairs if p[1].failed and not p[0].failed)

    @cached_property
    def newly_passing(self) -> tuple[Pair, ...]:
        """What failed, or was known to, and passes now."""
        return tuple(
            p for p in self._pairs
            if p[1].verdict == "pass" and (p[0].failed or p[0].verdict == "known")
        )  # fmt: skip

    @cached_property
    def no_longer_decided(self) -> tuple[Pair, ...]:
        """What passed before and is undecided or unsupported now."""
        lost = ("undecided", "unsupported")
        return tuple(p for p in self._pairs if p[0].verdict == "pass" and p[1].verdict in lost)

    @cached_property
    def failing_of_the_new(self) -> tuple[Entry, ...]:
        """What was not tried before, and fails."""
        return tuple(e for key, e in self._after.items() if key not in self._before and e.failed)

    @cached_property
    def removed(self) -> tuple[Entry, ...]:
        """What passed before and was not tried again."""
        gone = (e for key, e in self._before.items() if key not in self._after)
        return tuple(e for e in gone if e.verdict == "pass")

    @cached_property
    def digits_lost(self) -> tuple[Pair, ...]:
        """What passes in both, with fewer digits than before by more than chance; worst first."""
        return tuple(sorted(self._moved(-1), key=_by_change))

    @cached_property
    def digits_won(self) -> tuple[Pair, ...]:
        """What passes in both, with more digits than before by more than chance; best first."""
        return tuple(sorted(self._moved(1), key=_by_change, reverse=True))

    @property
    def worse(self) -> bool:
        """Whether something fails that did not, or is lost that passed."""
        return bool(
            self.newly_failing or self.failing_of_the_new or self.removed or self.no_longer_decided
        )

    @cached_property
    def _before(self) -> dict[Key, Entry]:
        return _by_key(summarise(self.old).entries)

    @cached_property
    def _after(self) -> dict[Key, Entry]:
        return _by_key(summarise(self.new).entries)

    @cached_property
    def _pairs(self) -> list[Pair]:
        return [(e, self._after[key]) for key, e in self._before.items() if key in self._after]

    def _moved(self, sign: int) -> Iterable[Pair]:
        passing = (p for p in self._pairs if p[0].verdict == p[1].verdict == "pass")
        return (p for p in passing if sign * change(p) > NOISE)


def change(pair: Pair) -> float:
    """Digits won from the old run to the new; 0 where one of them has none."""
    before, after = pair[0].digits, pair[1].digits
    return 0.0 if before is None or after is None else after - before


def named(entry: Entry) -> str:
    """What an entry is about: ``torch native gelu: gradient of z in float32``."""
    of = f" of {entry.wrt}" if entry.wrt else ""
    return f"{entry.backend} {entry.route} {entry.identity}: {law(entry.law)}{of} in {entry.dtype}"


def changed(pair: Pair) -> str:
    """A pair in words: ``…: pass → wrong``, ``…: 14.2 → 7.9 digits``."""
    before, after = pair
    if before.verdict == after.verdict:
        return f"{named(after)}: {digits(before.digits)} → {digits(after.digits)} digits"
    return f"{named(after)}: {before.verdict} → {after.verdict}"


def sections(found: Comparison) -> list[tuple[str, list[str]]]:
    """Every kind of change with its lines, the gravest first; without those that did not occur."""
    parts = [
        ("Newly failing", [changed(p) for p in found.newly_failing]),
        ("Failing, and not tried before", [named(e) for e in found.failing_of_the_new]),
        ("Passed before, not tried now", [named(e) for e in found.removed]),
        ("Passed before, not decided now", [changed(p) for p in found.no_longer_decided]),
        ("Fewer digits", [changed(p) for p in found.digits_lost]),
        ("Newly passing", [changed(p) for p in found.newly_passing]),
        ("More digits", [changed(p) for p in found.digits_won]),
    ]
    return [(title, lines) for title, lines in parts if lines]


def _by_key(entries: Iterable[Entry]) -> dict[Key, Entry]:
    keyed = {(e.identity, e.backend, e.route, e.dtype, e.law, e.wrt or ""): e for e in entries}
    return dict(sorted(keyed.items()))


def _known(value: object) -> object:
    return "not known" if value in (None, "") else value


def _by_change(pair: Pair) -> tuple[float, str]:
    return change(pair), named(pair[1])


def _incomplete(ledger: Ledger) -> tuple[str, ...]:
    return tuple(d for d in summarise(ledger).doubts if "exit code" not in d)
