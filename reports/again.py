"""The command that tries a verdict again, as the page's script puts it together."""

from __future__ import annotations

import itertools
import shlex
from collections.abc import Mapping, Sequence

from .lines import Entry, Environment

COMMAND = 8000
"""Characters of a case or a command: half of one is none, so only what no run writes is cut."""

AGREEMENT = "agreement"
"""The law that compares all backends, and so needs them all to be tried again."""

Specs = Mapping[str, str]
"""Of each backend, how it was named on the command line: ``torch``, or ``module:Class``."""


def specs_of(entries: Sequence[Entry], ran: Environment) -> dict[str, str]:
    """How each backend was named, as a command about it or about all of them has it; else its name.

    A command about all has them in the order of the run.
    """
    names = [tried.name for tried in ran.backends]
    found: dict[str, str] = {}
    for entry in entries:
        if entry.backend not in found:
            told = _named(entry.reproduce)
            about = names if entry.law == AGREEMENT else [entry.backend]
            found.update(zip(about, told, strict=True) if len(about) == len(told) else ())
    return {entry.backend: found.get(entry.backend, entry.backend) for entry in entries}


def backends_of(ran: Environment, specs: Specs) -> list[str]:
    """All backends of the run as they were named, in its order."""
    return [specs.get(tried.name, tried.name) for tried in ran.backends]


def is_usual(entry: Entry, ran: Environment, specs: Specs) -> bool:
    """Whether the command is the one that ``cell.js`` makes of the entry's other fields."""
    words = ["gradient-conformance", "run", "--identity", entry.identity, "--dtype", entry.dtype]
    if entry.law == AGREEMENT:
        words += [word for name in backends_of(ran, specs) for word in ("--backend", name)]
    else:
        words += ["--backend", specs.get(entry.backend, entry.backend), "--route", entry.route]
    words += ["--law", entry.law, "--seed", str(ran.seed)]
    words += ["--case", entry.case] if entry.case else ["--profile", ran.profile]
    plain = all(word.isprintable() and len(word) <= COMMAND for word in words)
    return plain and entry.reproduce == shlex.join(words)


def _named(command: str) -> list[str]:
    """The backends in a command; none where it is not one that the shell reads."""
    try:
        words = shlex.split(command)
    except ValueError:
        return []
    return [word for option, word in itertools.pairwise(words) if option == "--backend"]
