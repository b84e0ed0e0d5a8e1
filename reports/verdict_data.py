"""The verdicts of a run as data in the page, from which its scripts fill cells and details.

All text passes through `wording.visible` here, and the scripts put it into the page as text.
"""

from __future__ import annotations

import math
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from ..laws.verdicts import FAILURES
from ..oracles.machine import MACHINES
from . import arrays
from .cells import Cell, Part, most_digits, parts_of
from .lines import Entry, Environment
from .summary import Column, Summary
from .wording import clipped, digits, law, margin, symbol, visible

TEXT = 600
"""Characters of a message; the whole of a failure's stands among the details of the findings."""

COMMAND = 8000
"""Characters of a case or a command: half of one is none, so only what no run writes is cut."""

FIRST = 4
"""Fields of a row that are always there: type, law, verdict and digits, of which each may be 0."""


@dataclass(frozen=True)
class _Index:
    """The numbers that stand for names in the data; number 0 of the texts is no text."""

    ran: Environment
    types: list[str]
    laws: list[str]
    verdicts: list[str]
    texts: dict[str, int] = field(default_factory=lambda: {"": 0})

    def text(self, text: str | None, limit: int = TEXT) -> int:
        shown = visible(clipped(text or "", limit))
        return self.texts.setdefault(shown, len(self.texts))


def as_script(summary: Summary) -> Markup:
    """What `verdict_data` gives, as JSON that can stand in a script element."""
    return htmlsafe_json_dumps(verdict_data(summary), separators=(",", ":"), sort_keys=False)


def verdict_data(summary: Summary) -> dict[str, Any]:
    """The cells of the matrix: the lines of each, by type, and every verdict in it.

    ``cells`` has the identities in the order of ``Summary.identities``, each with one cell for each
    of ``columns``, or 0 where nothing was tried: ``[lines, verdicts]``. ``lines`` has, first for
    all types together and then for each, ``[verdict, word, digits, most digits, types]``. A verdict
    is what `_row` says; in a cell, what stands for it comes first.
    """
    ran = summary.ledger.environment
    index = _Index(
        ran,
        list(summary.dtypes),
        sorted({entry.law for entry in summary.entries}),
        sorted({entry.verdict for entry in summary.entries}),
    )
    cells = [
        [
            0 if cell is None else [_lines(summary, identity, column, index), [*_rows(cell, index)]]
            for column in summary.columns
            for cell in (summary.cell(identity, column),)
        ]
        for identity in summary.identities
    ]
    return {
        "types": [visible(dtype) for dtype in index.types],
        "most": [digits(most_digits(dtype)) for dtype in index.types],
        "laws": [[visible(name), visible(law(name))] for name in index.laws],
        "verdicts": [[verdict, symbol(verdict), verdict in FAILURES] for verdict in index.verdicts],
        "columns": [[visible(part) for part in column] for column in summary.columns],
        "identities": [visible(name) for name in summary.identities],
        "seed": "" if ran.seed is None else str(ran.seed),
        "profile": visible(ran.profile),
        "cells": cells,
        "texts": list(index.texts),
    }


def _lines(summary: Summary, identity: str, column: Column, index: _Index) -> list[list[list[Any]]]:
    """What the cell shows of all types, and of each alone."""
    cells = {t: c for t in index.types if (c := summary.cell(identity, column, t))}
    alone = [{t: cells[t]} if t in cells else {} for t in index.types]
    return [[_line(part, index) for part in parts_of(of)] for of in (cells, *alone)]


def _line(part: Part, index: _Index) -> list[Any]:
    entry = part.measured
    most = most_digits(entry.dtype) if entry else None
    types = " and ".join(visible(t) for t in part.types)
    right = digits(entry.digits) if entry else ""
    return [index.verdicts.index(part.verdict), part.word, right, digits(most), types]


def _rows(cell: Cell, index: _Index) -> Iterator[list[Any]]:
    """One row for each law and type, but one for all laws of a type of which the same is said."""
    by_law: dict[tuple[str, str], list[Entry]] = {}
    for entry in cell.entries:
        by_law.setdefault((entry.dtype, entry.law), []).append(entry)
    alike: dict[tuple[Any, ...], list[list[Entry]]] = {}
    for entries in by_law.values():
        alike.setdefault(_said(entries[0], index.ran), []).append(entries)
    begun: set[str] = set()
    for group in alike.values():
        entry = group[0][0]
        whole = entry.dtype not in begun or entry.verdict not in ("pass", "undecided")
        begun.add(entry.dtype)
        yield _row(group, index, whole)


def _said(entry: Entry, ran: Environment) -> tuple[Any, ...]:
    """What is said of a law; alike of several only where there is no number and no failure."""
    plain = entry.digits is None and entry.margin is None and not entry.failed
    of = () if plain else (entry.law,)
    return entry.dtype, entry.verdict, entry.message, _usual(entry, ran), *of


def _row(group: list[list[Entry]], index: _Index, whole: bool) -> list[Any]:
    """A row for laws of which the same is said, in a list of these fields.

    Type, law (or a list of them), verdict, tenths of digits, margin, argument, how many arguments,
    case, examples, undecided, message, command (0: the usual one), issue, and with ``whole`` the
    worst entry's numbers. What is 0 says nothing, but for digits, where -1 does; such fields at the
    end are left out.
    """
    entry = group[0][0]
    laws = [index.laws.index(entries[0].law) for entries in group]
    right = digits(entry.digits)
    row = [
        index.types.index(entry.dtype),
        laws if len(laws) > 1 else laws[0],
        index.verdicts.index(entry.verdict),
        round(10 * float(right)) if right else -1,
        _brief(margin(entry.margin)),
        index.text(entry.wrt),
        len({e.wrt for e in group[0] if e.wrt}),
        index.text(entry.case, COMMAND),
        entry.examples,
        entry.undecided,
        index.text(entry.message),
        0 if _usual(entry, index.ran) else index.text(entry.reproduce, COMMAND),
        index.text(entry.issue),
        _worst(entry) if whole else 0,
    ]
    while len(row) > FIRST and not row[-1]:
        row.pop()
    return row


def _brief(text: str) -> str | float:
    """The number itself where it reads as it is written, else the text; 0 for none."""
    try:
        number = int(text) if text.isdigit() else float(text)
    except ValueError:
        return text or 0
    return number if str(number) == text and number else text


def _usual(entry: Entry, ran: Environment) -> bool:
    """Whether the command that tries it again is the one that the page's script puts together."""
    words = ["gradient-conformance", "run", "--identity", entry.identity, "--dtype", entry.dtype]
    words += ["--backend", entry.backend, "--route", entry.route, "--law", entry.law]
    words += ["--seed", str(ran.seed)]
    words += ["--case", entry.case] if entry.case else ["--profile", ran.profile]
    plain = all(word.isprintable() and len(word) <= COMMAND for word in words)
    return plain and entry.reproduce == shlex.join(words)


def _worst(entry: Entry) -> list[str] | int:
    """Place, expected, computed, tolerance, and the tolerance in roundings of what is expected."""
    worst = entry.worst
    if not {"at", "expected", "got", "tolerance"} <= worst.keys():
        return 0
    at, expected = worst["at"], worst["expected"]
    ends = expected if isinstance(expected, list) else [expected]
    wanted = " to ".join(arrays.number(end, entry.dtype) for end in ends)
    place = f"[{', '.join(map(str, at))}]" if isinstance(at, list) and at else ""
    told = (place, wanted, arrays.number(worst["got"], entry.dtype), _short(worst["tolerance"]))
    return [*(visible(clipped(text, 100)) for text in told), _roundings(entry, ends)]


def _short(value: object) -> str:
    return f"{value:.2g}" if isinstance(value, float) else arrays.number(value)


def _roundings(entry: Entry, ends: Iterable[Any]) -> str:
    """How many roundings of the expected number the tolerance is; "" where it has no such size."""
    try:
        size = max(abs(float(end)) for end in ends)
        times = float(entry.worst["tolerance"]) / (size * MACHINES[entry.dtype].u)
    except (TypeError, ValueError, KeyError, ZeroDivisionError, OverflowError):
        return ""
    return f"{times:.2g}" if math.isfinite(times) else ""
