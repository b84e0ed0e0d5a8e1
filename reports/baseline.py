"""A baseline: what of a run is known to fail, as text that is committed and reviewed in a diff.

One line for each failing verdict, in order, without numbers, which differ between machines:
``torch native gelu float32 gradient z wrong``. Lines that begin with # are comments.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .ledger import Ledger
from .lines import Entry
from .summary import summarise
from .wording import visible


@dataclass(frozen=True)
class Against:
    """A run held against a baseline: failing lines that are not in it, and its lines that passed.

    ``untried`` are those of its lines of which the run says nothing.
    """

    new: tuple[str, ...]
    gone: tuple[str, ...]
    untried: tuple[str, ...]


def baseline(ledger: Ledger) -> tuple[str, ...]:
    """The line of each failing verdict, sorted."""
    return tuple(sorted(line_of(e) for e in summarise(ledger).entries if e.failed))


def line_of(entry: Entry) -> str:
    """An entry as a line."""
    return f"{_place(entry)} {entry.verdict}"


def read_baseline(text: str) -> tuple[str, ...]:
    """The lines of a baseline. Raises ValueError that names the line which is none."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        if len(words) != 7:
            raise ValueError(
                f"line {number} has {len(words)} words; a line is backend, route, identity, type, "
                "law, argument (or -) and verdict"
            )
        found.append(" ".join(words))
    return tuple(found)


def held_against(ledger: Ledger, lines: Iterable[str]) -> Against:
    """What a run has that a baseline has not, and the other way round.

    Another way to fail at the same place (imprecise, and wrong before) is not new.
    """
    known = {line.rpartition(" ")[0]: line for line in lines}
    entries = {_place(e): e for e in summarise(ledger).entries}
    new = [line_of(e) for place, e in entries.items() if e.failed and place not in known]
    gone = [line for place, line in known.items() if place in entries and not entries[place].failed]
    untried = [line for place, line in known.items() if place not in entries]
    return Against(tuple(sorted(new)), tuple(sorted(gone)), tuple(sorted(untried)))


def _place(e: Entry) -> str:
    words = (e.backend, e.route, e.identity, e.dtype, e.law, e.wrt or "-")
    return " ".join("_".join(visible(word).split()) for word in words)
