"""The report in Markdown: for a CI step summary, an issue, a pull request."""

from __future__ import annotations

from . import arrays
from .coverage import KINDS, Rule, caveat, coverage, line, notes_of
from .ledger import Ledger
from .lines import Entry
from .markdown_answers import answers
from .markdown_text import code, fenced, folded, inline, table
from .summary import Column, Group, Summary, summarise
from .versions import versions
from .wording import (
    digits,
    duration,
    headline,
    listed,
    margin,
    moment,
    plural,
    said,
    sentence,
    share_of,
    symbol,
    what,
)

LIMIT = 900_000
"""Bytes: a step summary on GitHub may hold 1 MiB, and is refused as a whole beyond that."""


def render(ledger: Ledger) -> str:
    """The report, the important first, in fewer than `LIMIT` bytes; it says what was left out."""
    summary = summarise(ledger)
    parts = [
        f"# {inline(headline(summary))}",
        inline(sentence(summary), 2000),
        *(f"> **Incomplete:** {inline(doubt)}" for doubt in summary.doubts[:20]),
        _findings(summary),
        _tallies(summary),
        *_matrix(summary),
        *(_details(group) for group in summary.findings),
        *answers(ledger),
        _rules(summary),
        *(_listing(summary, verdict) for verdict in ("known", "unsupported", "undecided")),
        _environment(summary),
    ]
    return _fitting([part for part in parts if part])


def _fitting(parts: list[str]) -> str:
    kept: list[str] = []
    left = LIMIT - 200
    for count, part in enumerate(parts):
        left -= len(part.encode()) + 2
        if left < 0:
            kept.append(
                f"> **Cut here:** {plural(len(parts) - count, 'more section')} did not fit; "
                "they are in report.html."
            )
            break
        kept.append(part)
    return "\n\n".join(kept) + "\n"


def _place(group: Group) -> str:
    return inline(f"{group.backend} {group.route} {group.identity}", 200)


def _state(group: Group) -> str:
    return f"{symbol(group.worst.verdict)} {group.worst.verdict}"


def _findings(summary: Summary) -> str:
    if not summary.findings:
        return ""
    most = 200
    lines = [
        f"- {_state(group)}: **{_place(group)}**, {inline(said(group))}"
        for group in summary.findings[:most]
    ]
    if len(summary.findings) > most:
        lines.append(f"- and {len(summary.findings) - most} more")
    return "\n".join(["## Findings", "", *lines])


def _tallies(summary: Summary) -> str:
    if not summary.entries:
        return ""
    rows = [
        [inline(" ".join(column)), *(_tally(summary, column, d) for d in summary.dtypes)]
        for column in summary.columns
    ]
    head = ["Backend and route", *(inline(dtype) for dtype in summary.dtypes)]
    legend = "Identities that conform, of those tried, and the fewest digits right in these."
    return "\n\n".join(["## By backend", legend, table(head, rows)])


def _tally(summary: Summary, column: Column, dtype: str) -> str:
    tally = summary.tally(column, dtype)
    if tally is None:
        return "not tried"
    text = f"{tally.conforming} of {tally.identities}"
    text += f", {digits(tally.digits)} digits" if tally.digits is not None else ""
    text += "".join(f", {number} {verdict}" for verdict, number in sorted(tally.others.items()))
    return text + (f", ✗ **{tally.failing} failing**" if tally.failing else "")


def _matrix(summary: Summary) -> list[str]:
    """One folded table for each type: identities by backend and route, with digits."""
    folds = []
    for dtype in summary.dtypes if summary.entries else ():
        rows = []
        for identity in summary.identities:
            cells = (_cell(summary, identity, column, dtype) for column in summary.columns)
            rows.append([inline(identity, 100), *cells])
        head = ["Identity", *(inline(" ".join(column)) for column in summary.columns)]
        folds.append(folded(f"Every identity in {inline(dtype)}: digits right", table(head, rows)))
    return folds


def _cell(summary: Summary, identity: str, column: Column, dtype: str) -> str:
    cell = summary.cell(identity, column, dtype)
    if cell is None:
        return "not tried"
    right = digits(cell.measured.digits) if cell.measured else ""
    word = "" if cell.verdict == "pass" and right else cell.verdict
    doubt = "(partly undecided)" if cell.doubtful else ""
    return " ".join(part for part in (symbol(cell.verdict), word, right, doubt) if part)


def _details(group: Group) -> str:
    most = 6
    worst, *others = group.entries[:most]
    parts = _failure(worst) + [part for entry in others for part in _failure(entry, worst)]
    if len(group.entries) > most:
        parts.append(f"and {len(group.entries) - most} more failures in report.html")
    return folded(f"{_state(group)}: {_place(group)}", *parts)


def _failure(entry: Entry, told: Entry | None = None) -> list[str]:
    """One failure in full; beside one of the same cause already told, what is its own."""
    facts = [f"**{entry.verdict}**: {inline(what([entry]))} in {inline(entry.dtype)}"]
    facts += [f"{digits(entry.digits)} digits right"] if digits(entry.digits) else []
    facts += [f"error {margin(entry.margin)} × tolerance"] if margin(entry.margin) else []
    parts = [", ".join(facts)]
    if entry.message and (told is None or entry.message != told.message):
        parts.append(fenced(entry.message))
    if entry.case:
        parts.append(f"Case: {code(entry.case)}")
    if entry.reproduce:
        parts.append(fenced(entry.reproduce, "sh"))
    if entry.script:
        parts.append(f"Script: {code(entry.script)}")
    shown = dict(entry.shown)
    given = shown.pop("arguments", None)
    values = {**(given if isinstance(given, dict) else {}), **shown}
    if values and told is None:
        written = (f"{name} =\n{arrays.text(x, entry.dtype, 60)}" for name, x in values.items())
        parts.append(fenced("\n".join(written)))
    return parts


def _listing(summary: Summary, verdict: str) -> str:
    groups = summary.groups(verdict)
    if not groups:
        return ""
    rows = [
        [
            inline(f"{group.backend} {group.route}"),
            inline(group.identity, 100),
            inline(listed(group.dtypes)),
            inline(share_of(group, summary)),
            _reason(group),
        ]
        for group in groups[:500]
    ]
    if len(groups) > len(rows):
        rows.append([f"and {len(groups) - len(rows)} more", "", "", "", ""])
    title = f"{symbol(verdict)} {plural(summary.counts[verdict], verdict + ' verdict')}"
    shown = table(["Backend and route", "Identity", "Types", "What", "Reason"], rows)
    return folded(title, shown)


def _reason(group: Group) -> str:
    """Why; of a known deviation also where it is discussed, and what the catalogue notes."""
    parts = [group.messages[0] if group.messages else "", *group.issues]
    parts += [f"(On the identity: {notes_of(group.identity)})"] if _noted(group) else []
    return " ".join(inline(part, 300) for part in parts if part)


def _noted(group: Group) -> bool:
    return group.worst.verdict == "known" and bool(notes_of(group.identity))


def _rules(summary: Summary) -> str:
    """Every documented rule, what encodes it, and its state on each backend and route."""
    if not summary.entries:
        return ""
    head = ["Rule", "What it says", "Encoded by", *(inline(" ".join(c)) for c in summary.columns)]
    rows = [
        [
            rule.id,
            inline(rule.says),
            _encoded(rule),
            *(line(rule.states(summary, column)) for column in summary.columns),
        ]
        for rule in coverage()
    ]
    note = inline(caveat(summary.ledger.environment))
    parts = [note, table(head, rows)] if note else [table(head, rows)]
    return folded(f"Every documented rule: {plural(len(rows), 'rule')}", *parts)


def _encoded(rule: Rule) -> str:
    parts = []
    for kind, encodings in rule.by_kind().items():
        names = ", ".join(dict.fromkeys(e.name if kind == "fact" else str(e) for e in encodings))
        parts.append(f"{kind if len(encodings) == 1 else KINDS[kind]}: {names}")
    return inline("; ".join(parts), 2000) or "**nothing**"


def _environment(summary: Summary) -> str:
    ran, end = summary.ledger.environment, summary.ledger.end
    facts = [" ".join(pair) for pair in versions(ran)]
    facts += [ran.platform] if ran.platform else []
    facts += [f"profile {ran.profile}"] if ran.profile else []
    facts += [f"seed {ran.seed}"] if ran.seed is not None else []
    facts += [f"catalogue {ran.catalogue}"] if ran.catalogue else []
    facts += [f"started {moment(ran.started)}"] if ran.started else []
    facts += [f"took {duration(end.seconds)}"] if end and end.seconds is not None else []
    lines = [f"- {inline(fact)}" for fact in facts]
    lines += [f"- not tried: {inline(n)}: {inline(r)}" for n, r in ran.missing.items()]
    lines += [f"- {code(ran.command)}"] if ran.command else []
    return folded("Versions and settings", "\n".join(lines)) if lines else ""
