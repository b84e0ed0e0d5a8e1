"""Coverage: of every documented rule, what encodes it, and how that did in a run."""

from __future__ import annotations

import importlib
import inspect
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..identities import CATALOGUE, Identity
from ..identities.digest import catalogue_hash
from ..identities.sources import DOCUMENTS, RULES, cite
from ..laws import LAWS, agreement
from .cells import Cell
from .lines import Environment
from .summary import Column, Summary
from .wording import symbol

STATES = {
    "fails": "wrong",
    "known deviation": "known",
    "undecided": "undecided",
    "not tried": "",
    "unsupported": "unsupported",
    "conforms": "pass",
}
"""What an identity's state on a backend and route is called, the worst first, each with a verdict
of the same kind ("" where there was none)."""

KINDS = {
    "identity": "identities",
    "Jacobian": "Jacobians",
    "component form": "component forms",
    "fact": "facts",
    "law": "laws",
    "public call": "public calls",
}
"""The kinds of thing that encode a rule, and their plurals."""


@dataclass(frozen=True)
class Encoding:
    """One thing that encodes a rule; ``name`` is the identity's, the law's or the call's.

    ``says`` tells which part of the identity it is: the Jacobian for z, the fact in words.
    """

    kind: str
    name: str
    says: str = ""

    def __str__(self) -> str:
        return f"{self.name}{':' if self.kind == 'fact' else ''} {self.says}".rstrip()


@dataclass(frozen=True)
class Rule:
    """A documented rule and what encodes it; nothing, where that is missing."""

    id: str
    says: str
    encodings: tuple[Encoding, ...]

    @property
    def document(self) -> str:
        """The title of the document that states it."""
        return DOCUMENTS[self.id.rpartition("-")[0]]

    def by_kind(self) -> dict[str, tuple[Encoding, ...]]:
        """What encodes it, by kind in the order of `KINDS`; kinds without any are left out."""
        found = {kind: tuple(e for e in self.encodings if e.kind == kind) for kind in KINDS}
        return {kind: encodings for kind, encodings in found.items() if encodings}

    def states(self, summary: Summary, column: Column) -> Counter[str]:
        """How many identities are in which state on a backend and route, the worst state first.

        Counted are the identities that encode the rule, or of which a Jacobian, a component form
        or a fact does; for a law, all that were held to it. Empty where there is no such identity,
        as for a public call, which is no part of a run.
        """
        laws = {e.name for e in self.encodings if e.kind == "law"}
        parts = {e.name for e in self.encodings if e.kind in _PARTS}
        found = [_state(summary.cell(name, column)) for name in parts]
        found += [_state(cell) for cell in _held_to(laws, summary, column)]
        return Counter({state: found.count(state) for state in STATES if state in found})


_PARTS = ("identity", "Jacobian", "component form", "fact")


def coverage(
    catalogue: Mapping[str, Identity] = CATALOGUE,
    laws: Iterable[Callable[..., Any]] = (*LAWS.values(), agreement),
) -> tuple[Rule, ...]:
    """Every documented rule, in the order of the documents, with what encodes it.

    Identities, Jacobians, component forms and facts cite a rule as their source; a law or a public
    function of the package does so in its docstring: "Source: rules-1."
    """
    found: dict[str, dict[Encoding, None]] = {rule: {} for rule in RULES}
    for identity in catalogue.values():
        for rule, encoding in _parts(identity):
            found[rule][encoding] = None
    for kind, functions in (("law", laws), ("public call", _public_calls())):
        for function in functions:
            for rule in sources_of(function):
                found[rule][Encoding(kind, function.__name__)] = None
    return tuple(Rule(rule, says, tuple(found[rule])) for rule, says in RULES.items())


def told(states: Counter[str]) -> list[tuple[str, str]]:
    """Each state, the worst first, and of how many in words: ``1 of 3``, "" of one alone."""
    total = sum(states.values())
    counted = [(state, f"{n} of {total}" if total > 1 else "") for state, n in states.items()]
    return counted or [("not tried", "")]


def line(states: Counter[str]) -> str:
    """The same in one line: ``◇ known deviation 1 of 3, ✓ conforms 2 of 3``."""
    signs = {state: symbol(verdict) if verdict else "" for state, verdict in STATES.items()}
    return ", ".join(f"{signs[state]} {state} {count}".strip() for state, count in told(states))


def caveat(environment: Environment) -> str:
    """What to know where the catalogue is not the one that the run was made with; else ""."""
    if environment.catalogue in ("", catalogue_hash()):
        return ""
    return (
        f"The run was made with another version of the catalogue ({environment.catalogue}; here it "
        f"is {catalogue_hash()}): what encodes each rule is told as it is here."
    )


def notes_of(identity: str) -> str:
    """What the catalogue notes about an identity; "" where nothing, or it has no such identity."""
    return CATALOGUE[identity].notes if identity in CATALOGUE else ""


def sources_of(function: Callable[..., Any]) -> tuple[str, ...]:
    """The rules that a docstring names as its source, in the words "Source: rules-1, zoo-4".

    A full stop ends them. Raises ValueError where one of them is no rule.
    """
    named = re.search(r"\bSource: ([\w, \n-]+)\.", inspect.getdoc(function) or "")
    rules = tuple(re.split(r",\s+", named[1])) if named else ()
    for rule in rules:
        cite(rule)
    return rules


def _parts(identity: Identity) -> Iterator[tuple[str, Encoding]]:
    """Each citation of an identity, and what makes it."""
    name = identity.name
    for rule in identity.sources:
        yield rule, Encoding("identity", name)
    for jacobian in identity.jacobians:
        yield jacobian.source, Encoding("Jacobian", name, f"for {jacobian.argument}")
    for component in identity.components:
        yield component.source, Encoding("component form", name)
    for fact in identity.facts:
        yield fact.source, Encoding("fact", name, fact.says)


def _public_calls() -> list[Callable[..., Any]]:
    """The functions among the package's public names."""
    package = importlib.import_module("..", __package__)
    public = [getattr(package, name) for name in package.__all__]
    return [found for found in public if inspect.isfunction(found)]


def _held_to(laws: set[str], summary: Summary, column: Column) -> list[Cell]:
    """Of each identity, the verdicts of these laws on a backend and route."""
    found = []
    for name in summary.identities if laws else ():
        cell = summary.cell(name, column)
        entries = [entry for entry in cell.entries if entry.law in laws] if cell else []
        found += [Cell.of(entries)] if entries else []
    return found


def _state(cell: Cell | None) -> str:
    if cell is None:
        return "not tried"
    if cell.worst.failed:
        return "fails"
    if cell.conforms:
        return "conforms"
    return "known deviation" if cell.verdict == "known" else cell.verdict
