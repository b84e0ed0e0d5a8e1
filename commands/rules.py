"""``gradient-conformance list --rules``: every documented rule, and what encodes it."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..reports.coverage import KINDS, Rule, caveat, coverage, line
from ..reports.summary import Summary, summarise
from ..reports.wording import plural, visible
from .reading import read_run


def list_rules(as_json: bool = False, ledger: Path | None = None) -> int:
    """Print the rules by document, or as JSON; with a ledger also how each did in that run.

    Raises BadChoice where the ledger cannot be read.
    """
    rules = coverage()
    summary = None if ledger is None else _read(ledger)
    if as_json:
        entries = [declaration(rule, summary) for rule in rules]
        print(json.dumps(entries, indent=2, ensure_ascii=False))
    else:
        width = min(max(shutil.get_terminal_size().columns, 60), 100)
        print("\n".join(_lines(rules, summary, width)))
    return 0


def declaration(rule: Rule, summary: Summary | None) -> dict[str, object]:
    """A rule with what encodes it and, with a run, its states, as JSON types."""
    entry: dict[str, object] = {
        "id": rule.id,
        "document": rule.document,
        "says": rule.says,
        "encoded_by": [vars(encoding) for encoding in rule.encodings],
    }
    if summary is not None:
        entry["states"] = [
            {"backend": b, "route": route, "states": dict(rule.states(summary, (b, route)))}
            for b, route in summary.columns
        ]
    return entry


def _read(path: Path) -> Summary:
    """The run that a ledger tells of; what is to be known about it goes to stderr."""
    ledger = read_run("--ledger", path)
    summary = summarise(ledger)
    more = len(summary.doubts) - 5
    for doubt in (
        *summary.doubts[:5],
        f"And {plural(more, 'more line')} could not be read." if more > 0 else "",
        caveat(ledger.environment),
    ):
        if doubt:
            print(visible(doubt), file=sys.stderr)
    return summary


def _lines(rules: Sequence[Rule], summary: Summary | None, width: int) -> Iterator[str]:
    margin = max(len(rule.id) for rule in rules) + 4
    for document in dict.fromkeys(rule.document for rule in rules):
        yield document
        for rule in rules:
            if rule.document == document:
                yield from _wrapped(f"  {rule.id:{margin - 2}}", rule.says, width)
                for text in (*_encoded(rule), *(_judged(rule, summary) if summary else ())):
                    yield from _wrapped(" " * margin, text, width)
        yield ""
    missing = [rule.id for rule in rules if not rule.encodings]
    found = "each of them encoded" if not missing else f"without anything: {', '.join(missing)}"
    yield f"{plural(len(rules), 'rule')}, {found}."


def _wrapped(head: str, text: str, width: int) -> list[str]:
    indent = " " * (len(head) + (2 if head.isspace() else 0))
    return textwrap.wrap(
        visible(text), width, initial_indent=head, subsequent_indent=indent,
        break_on_hyphens=False,
    )  # fmt: skip


def _encoded(rule: Rule) -> Iterator[str]:
    """A line for each kind of thing that encodes the rule; one for each fact."""
    for kind, encodings in rule.by_kind().items():
        names = [str(encoding) for encoding in encodings]
        if kind == "fact":
            yield from (f"fact of {name}" for name in names)
        else:
            yield f"{kind if len(names) == 1 else KINDS[kind]}: {', '.join(names)}"
    if not rule.encodings:
        yield "nothing encodes it"


def _judged(rule: Rule, summary: Summary) -> Iterator[str]:
    """A line for each state in which the rule is, with the backends and routes."""
    where: dict[str, list[str]] = {}
    for column in summary.columns:
        where.setdefault(line(rule.states(summary, column)), []).append(" ".join(column))
    for state, columns in where.items():
        yield f"{state}: {', '.join(columns)}"
