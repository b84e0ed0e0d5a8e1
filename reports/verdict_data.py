"""The verdicts of a run as data in the page, from which its scripts fill cells and details.

All text passes through `wording.visible` here, and the scripts put it into the page as text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..laws.verdicts import FAILURES
from ..laws.witness import VOTES
from .again import COMMAND, backends_of, is_usual, specs_of
from .cells import Cell, Part, most_digits, parts_of
from .inputs import NUMBERS, inputs_of
from .lines import Entry, Environment
from .reproduce import TEMPLATE
from .summary import Column, Summary
from .wording import clipped, digits, law, margin, symbol, visible
from .worst_entry import PARTS, worst_of

FIRST = 4
"""Fields of a row that are always there: type, law, verdict and digits, of which each may be 0."""


@dataclass(frozen=True)
class Amount:
    """How much the page tells of each verdict: characters of a message, numbers of input arrays.

    Without ``every`` only what fails, is known or stands for its cell in a type has its input
    arrays and its worst entry; without ``laws`` only what stands for its cell is there at all.
    """

    text: int = 600
    numbers: int = NUMBERS
    every: bool = True
    laws: bool = True


@dataclass(frozen=True)
class _Index:
    """The numbers that stand for names in the data; number 0 of the texts is no text."""

    ran: Environment
    amount: Amount
    specs: dict[str, str]
    types: list[str]
    laws: list[str]
    verdicts: list[str]
    texts: dict[str, int] = field(default_factory=lambda: {"": 0})
    inputs: dict[Any, int] = field(default_factory=lambda: {(): 0})

    def text(self, text: str | None, limit: int | None = None) -> int:
        shown = visible(clipped(text or "", limit or self.amount.text))
        return self.texts.setdefault(shown, len(self.texts))

    def inputs_of(self, entry: Entry) -> int:
        arrays = inputs_of(entry, self.ran, self.amount.numbers) if self.amount.numbers else None
        shown = tuple((visible(name), visible(text)) for name, text in arrays or ())
        return self.inputs.setdefault(shown, len(self.inputs))


def verdict_data(summary: Summary, amount: Amount = Amount()) -> dict[str, Any]:
    """The cells of the matrix: the lines of each, by type, and every verdict in it.

    ``cells`` has the identities in the order of ``Summary.identities``, each with one cell for each
    of ``columns``, or 0 where nothing was tried: ``[lines, verdicts]``. ``lines`` has, first for
    all types together and then for each, ``[verdict, word, digits, most digits, types]``. A verdict
    is what `_row` says; in a cell, what stands for it comes first.
    """
    ran = summary.ledger.environment
    index = _Index(
        ran,
        amount,
        specs_of(summary.entries, ran),
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
        "specs": [visible(index.specs[backend]) for backend, _ in summary.columns],
        "backends": [visible(name) for name in backends_of(ran, index.specs)],
        "identities": [visible(name) for name in summary.identities],
        "seed": "" if ran.seed is None else str(ran.seed),
        "profile": visible(ran.profile),
        "cells": cells,
        "texts": list(index.texts),
        "inputs": list(index.inputs),
        "parts": PARTS,
        "script": TEMPLATE,
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
        alike.setdefault(_said(entries[0], index), []).append(entries)
    begun: set[str] = set()
    for group in alike.values():
        entry = group[0][0]
        first = entry.dtype not in begun
        begun.add(entry.dtype)
        if first or index.amount.laws:
            whole = first or index.amount.every or entry.verdict not in ("pass", "undecided")
            yield _row(group, index, whole)


def _said(entry: Entry, index: _Index) -> tuple[Any, ...]:
    """What is said of a law; alike of several only where there is no number and no failure."""
    plain = entry.digits is None and entry.margin is None and not entry.failed
    of = () if plain else (entry.law,)
    usual = is_usual(entry, index.ran, index.specs)
    return entry.dtype, entry.verdict, entry.message, usual, *of


def _row(group: list[list[Entry]], index: _Index, whole: bool) -> list[Any]:
    """A row for laws of which the same is said, in a list of these fields.

    Type, law (or a list of them), verdict, tenths of digits, margin, argument, how many arguments,
    case, examples, undecided, message, command (0: the usual one), issue, the third vote, and with
    ``whole`` the input arrays and the worst entry's numbers. What is 0 says nothing, but for
    digits, where -1 does; such fields at the end are left out.
    """
    entry = group[0][0]
    message, vote = _vote_apart(entry.message)
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
        index.text(message),
        0 if is_usual(entry, index.ran, index.specs) else index.text(entry.reproduce, COMMAND),
        index.text(entry.issue),
        index.text(vote),
        index.inputs_of(entry) if whole else 0,
        (worst_of(entry, index.ran) or 0) if whole else 0,
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


def _vote_apart(message: str) -> tuple[str, str]:
    """A message, and the third vote that it ended with, "" where there was none."""
    told, _, last = message.rpartition("; ")
    return (told, last) if last in VOTES else (message, "")
