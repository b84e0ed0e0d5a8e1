"""The report as one HTML file, for readers who have not met the project before."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from ..identities import CATALOGUE
from ..laws.verdicts import FAILURES, OUTCOMES
from . import accuracy, arrays, conventions, plots, undecided, wording
from .cells import Part, most_digits, parts_of
from .coverage import KINDS, STATES, caveat, coverage, notes_of, told
from .ledger import Ledger
from .lines import Entry
from .packed import Packed, packed
from .page import templates
from .summary import Column, Group, Summary, summarise
from .verdict_data import Amount
from .versions import versions

LIMIT = 1_950_000
"""Bytes of the page, which is to stay below 2 MB; the details of the cells get what is left."""

DETAILS = 400_000
"""Characters that the details of the findings may take; those that follow are named only."""

ENTRIES = 12
"""Failures of one finding that are told with their arrays; the others are named."""

TOLD = 240
"""Failures in all that are told with their arrays; of each finding at least one is."""

LISTED = 250
"""Findings that are listed."""

LINES = 500
"""Lines about one verdict that is no failure."""

SEEN = 25
"""Findings that are listed without being unfolded."""

_HERE = Markup("\0")  # stands for the data: no text that goes into the page has it


def render(
    ledger: Ledger, *, teeth: bool = False, catalogue: bool = False, causes: bool = False
) -> str:
    """The report: one page that needs nothing beside it, from nowhere.

    With ``teeth`` it links to ``teeth.html``, with ``catalogue`` to ``catalogue.html`` and with
    ``causes`` to ``findings.html``, beside it.
    """
    summary = summarise(ledger)
    most = max(1, min(ENTRIES, TOLD // max(1, len(summary.findings))))
    findings = [
        _finding(group, f"finding-{n}", most) for n, group in enumerate(summary.findings, 1)
    ]
    details = _within(DETAILS, findings)
    named = {
        "ledger": ledger,
        "ran": ledger.environment,
        "end": ledger.end,
        "summary": summary,
        "headline": wording.headline(summary),
        "sentence": wording.sentence(summary),
        "findings": findings,
        "details": details,
        "anchors": {
            (finding["group"].identity, (finding["group"].backend, finding["group"].route)): (
                finding["anchor"]
            )
            for finding in findings[: len(details)]
        },
        "conventions": conventions.rows_of(ledger),
        "not_finite": conventions.rows_of(ledger, finite=False),
        "convention_columns": conventions.columns_of(ledger),
        "conventions_legend": conventions.LEGEND,
        "not_finite_legend": conventions.NOT_FINITE,
        "plots": plots.of(summary),
        "accuracy": accuracy.rows_of(ledger),
        "accuracy_legend": accuracy.LEGEND,
        "accuracy_head": accuracy.HEAD,
        "accuracy_count": accuracy.count(ledger),
        "rules": coverage(),
        "caveat": caveat(ledger.environment),
        "places": {name: f"identity-{n}" for n, name in enumerate(summary.identities, 1)},
        "listings": {v: _listing(summary, v) for v in ("known", "unsupported", "undecided")},
        "listed": LISTED,
        "seen": SEEN,
        "most_lines": LINES,
        "versions": versions(ledger.environment),
        "examples": sum(entry.examples for entry in summary.entries),
        "undecided_examples": sum(entry.undecided for entry in summary.entries),
        "undecided_shares": undecided.shares(summary),
        "laws": sorted({entry.law for entry in summary.entries} - wording.LAWS.keys()),
        "teeth": teeth,
        "causes": causes,
        "catalogue": CATALOGUE if catalogue else {},
    }

    def with_data(data: Packed) -> str:
        choices = _choices(summary, data)
        return _TEMPLATES.get_template("report.html.jinja").render(
            named, data=data, choices=choices
        )

    page = with_data(Packed(_HERE, "", Amount()))
    data = packed(summary, LIMIT - len(page.encode()))
    return with_data(data) if data.left_out else page.replace(_HERE, data.text)


def _within(room: int, findings: list[dict[str, Any]]) -> list[Markup]:
    """The details of the first findings, as many as have room."""
    written: list[Markup] = []
    parts: Any = _TEMPLATES.get_template("parts.html.jinja").module
    for finding in findings:
        written.append(parts.finding(finding))
        room -= len(written[-1])
        if room < 0:
            return written[:-1]
    return written


def _listing(summary: Summary, verdict: str) -> list[Group]:
    """The groups of a verdict, those of one identity together."""
    return sorted(summary.groups(verdict), key=lambda g: (g.identity, g.backend, g.route))


def _finding(group: Group, anchor: str, most: int) -> dict[str, Any]:
    return {
        "anchor": anchor,
        "group": group,
        "said": wording.said(group),
        "told": [_failure(entry) for entry in group.entries[:most]],
        "brief": group.entries[most:],
    }


def _failure(entry: Entry) -> dict[str, Any]:
    """An entry with its arrays: what went in, and what came out beside what was expected."""
    shown = dict(entry.shown)
    given = shown.pop("arguments", None)
    inputs = dict(given) if isinstance(given, dict) else {}
    rows = arrays.compare(shown, entry.dtype)
    if "ybar" in shown:
        inputs["ȳ (the cotangent)"] = shown.pop("ybar")
    compared = ("expected", "observed", "tolerance") if rows else ()
    return {
        "entry": entry,
        "what": wording.what([entry]),
        "inputs": _written(inputs, entry.dtype),
        "rows": rows,
        "others": _written({k: x for k, x in shown.items() if k not in compared}, entry.dtype),
    }


def _written(values: dict[str, Any], dtype: str) -> list[tuple[str, str, str]]:
    """Name, shape and text of each array."""
    written = []
    for name, value in values.items():
        shape = arrays.shape_of(value)
        size = "ragged" if shape is None else " × ".join(map(str, shape)) or "scalar"
        written.append((name, size, arrays.text(value, dtype)))
    return written


def _lines(summary: Summary, identity: str, column: Column) -> list[Part]:
    """What a cell of the matrix shows of all types together; nothing where nothing was tried."""
    cells = {t: c for t in summary.dtypes if (c := summary.cell(identity, column, t))}
    return list(parts_of(cells))


def _choices(summary: Summary, data: Packed) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    """What the matrix can be narrowed by: name, label, the word for all, values with their words.

    Where there is only one value there is nothing to choose.
    """
    laws = sorted({entry.law for entry in summary.entries}, key=wording.law)
    laws = laws if data.amount.laws else []
    tried = [v for v in reversed(OUTCOMES) if summary.counts[v]]
    choices = [
        ("type", "Type", "all, the worst of them", [(t, t) for t in summary.dtypes]),
        ("law", "What is checked", "everything", [(name, wording.law(name)) for name in laws]),
        ("library", "Library", "all", [(name, name) for name in summary.backends]),
        ("family", "Family", "all", [(f, f.replace("_", " ")) for f in summary.families if f]),
        ("verdict", "With a verdict", "any", [(v, v) for v in tried]),
    ]
    return [choice for choice in choices if len(choice[3]) > 1]


_TEMPLATES = templates(
    lines=_lines,
    most_digits=most_digits,
    failures=FAILURES,
    meanings=OUTCOMES,
    kinds=KINDS,
    states=STATES,
    told=told,
    notes_of=notes_of,
    undecided=undecided,
)
