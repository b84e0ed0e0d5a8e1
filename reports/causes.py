"""What failed in a run, and what is known to, by framework and by cause; and the page of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..implementations.declared import framework_of, path_of
from ..implementations.loading import BUILT_IN
from ..laws.verdicts import FAILURES
from . import arrays, wording
from .findings_page import NAMES
from .ledger import Ledger
from .lines import Entry
from .page import templates
from .summary import Group, Summary, summarise

FILE = "findings.html"
MEASURED = ("imprecise", "wrong")
"""Verdicts whose message has the numbers of one case, and so names no cause that others share."""

ROWS = 60
"""Implementations of one cause that the page tells of."""

DIGITS, COMPARED = "Digits right", "Expected, got"


@dataclass(frozen=True)
class Cause:
    """Verdicts of one framework that have one cause, as far as can be told.

    ``says`` is the recorded reason, the message, or what is off; ``groups`` has one for each
    backend, route and identity, the worst first.
    """

    framework: str
    says: str
    groups: tuple[Group, ...]

    @property
    def verdict(self) -> str:
        """The worst verdict."""
        return self.groups[0].worst.verdict

    @property
    def issues(self) -> tuple[str, ...]:
        """Where it is discussed."""
        return tuple(dict.fromkeys(issue for group in self.groups for issue in group.issues))

    @property
    def columns(self) -> tuple[str, ...]:
        """What stands over the columns of its table; those that would be empty are left out."""
        digits = any(wording.digits(group.worst.digits) for group in self.groups[:ROWS])
        numbers = any(compared(group.worst) for group in self.groups[:ROWS])
        measured = [DIGITS] * digits + [COMPARED] * numbers
        return ("Identity", "Library, route", "Types", "What", *measured, "Case")

    @property
    def verdicts(self) -> int:
        """How many verdicts there are."""
        return sum(len(group.entries) for group in self.groups)


def causes(summary: Summary) -> dict[str, tuple[Cause, ...]]:
    """The causes of each framework: what fails before what is known, each the worst first."""
    found: dict[tuple[str, str, str], list[Group]] = {}
    for group in _told(summary):
        key = (framework(group.backend), _kind(group), _says(group))
        found.setdefault(key, []).append(group)
    each = [Cause(name, says, tuple(groups)) for (name, _, says), groups in found.items()]
    names = sorted({cause.framework for cause in each}, key=title)
    return {name: tuple(cause for cause in each if cause.framework == name) for name in names}


def _told(summary: Summary) -> Iterable[Group]:
    """The failures, and for each record the verdicts that it explains."""
    yield from summary.findings
    for group in summary.groups("known"):
        for reason in dict.fromkeys(entry.message for entry in group.entries):
            own = tuple(entry for entry in group.entries if entry.message == reason)
            yield Group(group.backend, group.route, group.identity, own)


def _kind(group: Group) -> str:
    return "known" if group.worst.verdict == "known" else "failing"


def _says(group: Group) -> str:
    worst = group.worst
    if worst.verdict in MEASURED:
        return f"{group.identity} is {worst.verdict}"
    lines = worst.message.splitlines()
    return lines[0] if lines else f"{group.identity}: {worst.verdict}"


def framework(backend: str) -> str:
    """The framework that a backend is a path of; an adapter from outside is one of its own."""
    return framework_of(backend) if path_of(backend) in BUILT_IN else backend


def title(name: str) -> str:
    """A framework as people call it."""
    return NAMES.get(name, name)


def versions(summary: Summary, name: str) -> str:
    """The versions of a framework in this run."""
    tried = summary.ledger.environment.backends
    return ", ".join(dict.fromkeys(b.version for b in tried if framework(b.name) == name))


def compared(entry: Entry) -> tuple[str, str, str] | None:
    """Expected, got, and where, of the entry that is furthest off; None where it is not known."""
    if {"expected", "got"} <= entry.worst.keys():
        ends = entry.worst["expected"]  # at a kink the two ends of an interval
        numbers = [arrays.number(x, entry.dtype) for x in (ends if _is_pair(ends) else [ends])]
        got = arrays.number(entry.worst["got"], entry.dtype)
        return " to ".join(numbers), got, _place(entry.worst.get("at"))
    rows = arrays.compare(entry.shown, entry.dtype, 1)  # a ledger of an older version
    row = next((row for row in rows.rows if row.outside), None) if rows else None
    return (row.expected, row.observed, row.position) if row else None


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2


def _place(at: object) -> str:
    return wording.one_line(str(at), 100) if at else "scalar"


def headline(summary: Summary) -> str:
    """How many verdicts fail and how many are known, and of how many causes."""
    count = sum(map(len, causes(summary).values()))
    if not count:
        return "Nothing failed, and nothing is known to"
    numbers = {"failing": summary.failures, "known": summary.counts["known"]}
    told = [f"{number:,} {word}" for word, number in numbers.items() if number]
    verdicts = "verdict" if sum(numbers.values()) == 1 else "verdicts"
    return f"{wording.listed(told)} {verdicts}, of {wording.plural(count, 'cause')}"


def render(ledger: Ledger) -> str:
    """The page: it needs nothing beside it but the report, to which it links."""
    summary = summarise(ledger)
    anchors: Mapping[tuple[str, str, str], str] = {
        (group.backend, group.route, group.identity): f"finding-{number}"
        for number, group in enumerate(summary.findings, 1)
    }
    return _TEMPLATES.get_template("findings.html.jinja").render(
        summary=summary, headline=headline(summary), frameworks=causes(summary), anchors=anchors
    )


_TEMPLATES = templates(
    failures=FAILURES,
    title=title,
    versions=versions,
    compared=compared,
    most=ROWS,
    DIGITS=DIGITS,
    COMPARED=COMPARED,
)
