"""The course of verdicts over several runs: for a terminal, as Markdown, as a page."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass

from ..laws.verdicts import FAILURES
from .cells import most_digits
from .comparison import FEWER, MORE
from .comparison_views import MOST, more
from .lines import Entry
from .markdown_text import inline, table
from .page import templates
from .trend import Course, Row, Trend
from .wording import digits, listed, one_line, plural, visible, what

WIDTH = 80
LAWS_NAMED = 3
"""Laws of one line that are named in the terminal and in Markdown; the page has all."""

LEGEND = (
    "Verdicts of each kind; then, of the digits that a type can hold, how many are right in the "
    "worst example of half of the gradients that pass."
)
HEADS = ("run", "version", "date", "pass", "fail", "known", "undecided", "unsupported", "digits")
TEXTS = 3
"""So many columns are text, the others numbers."""

ROWS = 2000
"""Rows of one kind in the page."""


@dataclass(frozen=True)
class Step:
    """A state that lasted from a run, named by ``since``, to the next step.

    ``since`` is "" for the first; ``digits`` is told where digits changed.
    """

    state: str
    digits: str
    since: str

    def __str__(self) -> str:
        right = f" with {self.digits} digits" if self.digits else ""
        return f"{self.state}{right}{f' in {self.since}' if self.since else ''}"


@dataclass(frozen=True)
class Line:
    """Verdicts of one implementation that took the same course, in words."""

    identity: str
    backend: str
    route: str
    what: str
    dtypes: str
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        place = f"{self.backend} {self.route} {self.identity}"
        laws = self.what.split("; ")
        about = "; ".join(laws[:LAWS_NAMED])
        about += f"; {plural(len(laws) - LAWS_NAMED, 'more law')}" if laws[LAWS_NAMED:] else ""
        return f"{place}: {about} in {self.dtypes}: {' → '.join(map(str, self.steps))}"


def headline(trend: Trend) -> str:
    """Whether the last run is worse than an earlier one."""
    if not trend.sections:
        return "Nothing changed"
    if trend.worse:
        return "The last run is worse than an earlier one"
    return "The last run is no worse than those before it"


def sentence(trend: Trend) -> str:
    """How many runs there are, and how many verdicts took which course."""
    counts = [
        f"{kind[:1].lower()}{kind[1:]}: {plural(len(courses), 'verdict')}"
        for kind, courses in trend.sections
    ]
    text = "; ".join([f"{len(trend.runs)} runs of {listed(trend.backends)}", *counts])
    return f"{text[:1].upper()}{text[1:]}."


def lines_of(trend: Trend, courses: Iterable[Course]) -> list[Line]:
    """The courses in words; arguments, laws and types that took the same course are one line."""
    alike: dict[tuple, list[Entry]] = {}
    for course in courses:
        e = course.entry
        key = (e.identity, e.backend, e.route, steps_of(trend, course), e.dtype)
        alike.setdefault(key, []).append(e)
    merged: dict[tuple, list[str]] = {}
    for (identity, backend, route, steps, dtype), entries in alike.items():
        merged.setdefault((identity, backend, route, what(entries), steps), []).append(dtype)
    return [
        Line(identity, backend, route, about, listed(_sorted(dtypes)), steps)
        for (identity, backend, route, about, steps), dtypes in merged.items()
    ]


def _sorted(dtypes: Iterable[str]) -> list[str]:
    """The most exact type first."""
    return sorted(dtypes, key=lambda dtype: -(most_digits(dtype) or 0.0))


def steps_of(trend: Trend, course: Course) -> tuple[Step, ...]:
    """The states of a course, one for each time that it changed."""
    moves = {run for run, change in course.changes if change.kind in (FEWER, MORE)}
    steps: list[Step] = []
    for run, entry in course.states:
        state = "not tried" if entry is None else entry.verdict
        if steps and steps[-1].state == state and run not in moves:
            continue
        right = digits(entry.digits) if entry is not None and moves else ""
        steps.append(Step(state, right, trend.label(run, course.entry.backend) if steps else ""))
    return tuple(steps)


def as_text(trend: Trend) -> str:
    """For a terminal of 80 columns."""
    parts = [_filled(f"NOT ALIKE: {doubt}") for doubt in trend.doubts]
    parts.append(_filled(f"{headline(trend)}. {sentence(trend)}"))
    names = (one_line(f"run {k}: {run.path}", 10_000) for k, run in enumerate(trend.runs, 1))
    parts.append("\n".join(names))
    parts += [_table(trend, backend) for backend in trend.backends]
    parts.append(_filled(LEGEND))
    for kind, courses in trend.sections:
        lines = lines_of(trend, courses)
        shown = (_filled(str(line), "  ", "    ") for line in lines[:MOST])
        parts.append("\n".join([f"{kind}:", *shown, *more(lines, "  ")]))
    return "\n\n".join(parts) + "\n"


def _filled(text: str, first: str = "", others: str = "") -> str:
    return textwrap.fill(visible(text), WIDTH, initial_indent=first, subsequent_indent=others)


def _table(trend: Trend, backend: str) -> str:
    """The runs of a backend: its name, and a line for each."""
    rows = [HEADS, *(cells(row) for row in trend.rows if row.backend == backend)]
    rows = [(run, one_line(version, 14), *rest) for run, version, *rest in rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        " ".join(
            cell.ljust(width) if place < TEXTS else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join([one_line(backend, WIDTH), *lines])


def cells(row: Row) -> tuple[str, ...]:
    """A run of a backend in a table: run, version, date, counts, digits right."""
    counts = row.summary.counts
    judged = [counts["pass"], row.summary.failures]
    others = [counts[verdict] for verdict in ("known", "undecided", "unsupported")]
    known = (row.version, one_line(row.date, 10))
    texts = (text or "not known" for text in known)
    return (str(row.run), *texts, *map(str, [*judged, *others]), digits_right(row))


def digits_right(row: Row) -> str:
    """``87 %``: of the digits that a type can hold, those right in half of the gradients."""
    return "" if row.share is None else f"{100 * row.share:.0f} %"


def as_markdown(trend: Trend) -> str:
    """For a step summary of CI, or a comment."""
    parts = [f"**Not alike:** {inline(doubt)}" for doubt in trend.doubts]
    parts += [f"## {inline(headline(trend))}", inline(sentence(trend), 2000)]
    heads = ["Backend", *(head.capitalize() for head in HEADS[:-1]), "Digits right"]
    rows = [[inline(cell) for cell in (row.backend, *cells(row))] for row in trend.rows]
    parts += [table(heads, rows), LEGEND]
    for kind, courses in trend.sections:
        lines = lines_of(trend, courses)
        items = [f"- {inline(str(line))}" for line in lines[:MOST]]
        parts.append("\n".join([f"### {kind}", "", *items, *more(lines, "- ")]))
    return "\n\n".join(parts) + "\n"


def as_html(trend: Trend) -> str:
    """One page, without anything from outside."""
    kinds = [(kind, lines_of(trend, courses)) for kind, courses in trend.sections]
    page = templates(failures=FAILURES, cells=cells).get_template("trend.html.jinja")
    return page.render(
        trend=trend, headline=headline(trend), sentence=sentence(trend), kinds=kinds, most=ROWS,
        legend=LEGEND,
    )  # fmt: skip
