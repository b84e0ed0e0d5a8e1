"""The words for a hunt for faults: the result in a sentence, and what each outcome means."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from .teeth_lines import (
    EQUIVALENT,
    EXPLAINED,
    HIDDEN,
    HOLES,
    IDLE,
    KILLED,
    STALE,
    SURVIVED,
    Measured,
    Row,
)
from .teeth_summary import FALSE_ALARM, Found, Hole, Summary
from .wording import duration, law, listed, plural

SYMBOLS = {KILLED: "✓", EQUIVALENT: "=", HIDDEN: "◇"}
"""What stands beside the word of outcomes that are as they should be."""

HOLE = "✗"

MEANINGS = {
    SURVIVED: "Wrong answers were given, and no law failed on any input: a hole in the suite.",
    IDLE: "The fault never changed an answer, so no law could see it: no input that was tried "
    "gives it something to spoil.",
    STALE: "A reason says that the mistake is none there, and a law failed all the same: the "
    "reason is out of date.",
    FALSE_ALARM: "A law failed on an implementation with no fault over it, and no recorded "
    "deviation of the library explains it.",
    EQUIVALENT: "No law failed, and rightly: for at least one argument there the mistake is none, "
    "for a reason that is written down; on the others it was killed.",
    HIDDEN: "Laws failed only where a recorded deviation of the library explains a failure, so the "
    "fault cannot be told from it there.",
    KILLED: "A law failed: the suite sees the mistake.",
}
"""Of every outcome, the worst first, what it means."""

WHAT = (
    "A fault is a mistake that people make in gradients, made on purpose: a sign lost, an axis "
    "not summed, an old cache, float32 inside float64. Each was put over every implementation that "
    "it can be put over, and inputs were tried as in a run until a law failed. It is then killed. "
    "A suite that finds nothing is worth something only if it would have found a mistake."
)
PLACES = (
    "A place is one fault over one implementation (a library and a route) of one identity, in one "
    "type. A hunt is one search at a place: with one seed, and the fault on one argument. A pair "
    "is a fault and an identity, over all its places."
)
EXAMPLES = (
    "The number is how many inputs (examples) it took until the slowest kill, over all "
    "implementations, types, seeds and arguments: 1 is at once."
)
BLANK = (
    "A blank means that the fault cannot be made there: there is no axis to confuse, no tie to "
    "break, no such method in the library; or, of a hunt that was cut short, that it did not get "
    "there."
)
ALONE = (
    "A hunt ends at the first input on which a law fails, and there the laws that cost a compiled "
    "function are asked only if the others find nothing. “Alone” therefore says that no other law "
    "failed in any hunt of the pair, not that no other ever could."
)
SENSITIVE = (
    "How small an error may be and still be found: the exact gradient, correctly rounded, is made "
    "wrong by a factor 1 + ε, as a whole or in a single entry. Here is the smallest ε that at "
    "least 99 of 100 runs find by the law of the gradient, for the argument where errors are "
    "hardest to find. No library takes part."
)


def symbol(outcome: str) -> str:
    """The sign that stands beside an outcome's word; the word is always there too."""
    return SYMBOLS.get(outcome, HOLE)


def headline(summary: Summary) -> str:
    """The result in a few words."""
    if not summary.all.rows and not summary.failing:
        return "No fault was hunted"
    if summary.failing:
        return listed(counted(summary.failing))
    far = "" if summary.teeth.complete else ", as far as the hunt got"
    return f"No fault survived{far}"


def counted(failing: dict[str, int]) -> list[str]:
    """``2 survived``, ``1 idle``, ``3 false alarms``."""
    return [
        plural(number, outcome) if outcome == FALSE_ALARM else f"{number:,} {outcome}"
        for outcome, number in failing.items()
    ]


def sentence(summary: Summary) -> str:
    """What was hunted where, and what came of it."""
    found, teeth = summary.all, summary.teeth
    alarms = plural(len(teeth.controls), "false alarm") if teeth.controls else "no false alarm"
    if not found.rows:
        return f"{plural(len(teeth.faults), 'fault')}, and no place to put one; {alarms}."
    parts = [f"{found.counts[outcome]:,} {outcome}" for outcome in (KILLED, SURVIVED)]
    parts += [f"{found.counts[o]:,} {o}" for o in (IDLE, STALE, *EXPLAINED) if found.counts[o]]
    put, declared = len(summary.by_fault), len(teeth.faults)
    faults = plural(put, "fault") if put == declared else f"{put:,} of {declared:,} faults"
    return (
        f"{faults} over {listed(summary.backends)} in "
        f"{listed(summary.dtypes)}, on {plural(len(found.identities), 'identity', 'identities')}: "
        f"{plural(found.hunts, 'hunt')} at {plural(len(found.rows), 'place')}. "
        f"Of the places: {', '.join(parts)}; {alarms}."
    )


def cell(found: Found | None) -> tuple[str, str, str]:
    """What a cell of the matrix shows, its kind, and what it says in full; blank of nothing.

    Of a hole it is the sign, beside which the page has the word.
    """
    if found is None:
        return "", "blank", ""
    slow = found.slowest
    text, kind = (f"{slow.examples:,}", heat(slow.examples)) if slow else ("", "")
    if found.worst in HOLES:
        return HOLE, "hole", full(found)
    signs = [SYMBOLS[outcome] for outcome in EXPLAINED if found.counts[outcome]]
    return " ".join([text, *signs]).strip(), kind or "same", full(found)


def full(found: Found) -> str:
    """A cell in words: the slowest kill, all laws, and what was not killed."""
    parts = []
    if slow := found.slowest:
        parts.append(f"{plural(slow.examples, 'example')} on {slow.identity}, {place(slow)}")
    if found.laws:
        parts.append(f"by {laws(found.laws)}")
    for outcome in (*HOLES, *EXPLAINED):
        if found.counts[outcome]:
            where = sorted({row.identity for row in found.rows if row.outcome == outcome})
            parts.append(f"{outcome} on {listed(_few(where))}")
    return "; ".join(parts)


def laws(names: Sequence[str]) -> str:
    """Laws in words: the first few, and how many more; "no law is told" of none."""
    return listed(_few([law(name) for name in names])) if names else "no law is told"


def by_law(identities: Mapping[tuple[str, ...], Sequence[object]]) -> str:
    """``gradient 40, facts 12``: by how many identities each law killed, the most first."""
    counts = Counter[str]()
    for names, some in identities.items():
        counts.update(dict.fromkeys(names, len(some)))
    most = sorted(counts.items(), key=lambda each: (-each[1], law(each[0])))
    return ", ".join(f"{law(name)} {number:,}" for name, number in most)


def _few(words: Sequence[str], most: int = 6) -> list[str]:
    more = len(words) - most
    return [*words[:most], f"{more:,} more"] if more > 1 else list(words)


def heat(examples: int) -> str:
    """How slow a kill is, as a kind of cell."""
    return "quick" if examples <= 5 else "later" if examples <= 25 else "late"


def place(row: Row) -> str:
    """``torch native float32``."""
    return f"{row.backend} {row.route} {row.dtype}"


def detail(hole: Hole) -> str:
    """Where a hole is, and what is known of it, in a line."""
    parts = [", ".join(hole.places)]
    if hole.laws:
        mark = "by" if hole.outcome in (FALSE_ALARM, STALE) else "in other hunts there killed by"
        parts.append(f"{mark} {laws(hole.laws)}")
    if hole.outcome in (SURVIVED, IDLE):
        parts.append(f"{plural(hole.examples, 'example')} tried")
    if hole.case:
        parts.append(f"at {hole.case}")
    if hole.reason:
        parts.append(f"the reason: {hole.reason}")
    return "; ".join(parts)


def measured(how: Measured) -> str:
    """``100 runs, profile ci, took 12 min 5 s``; "" where nothing is told of it."""
    parts = [plural(how.runs, "run")] if how.runs is not None else []
    parts += [f"profile {how.profile}"] if how.profile else []
    parts += [f"took {duration(how.seconds)}"] if how.seconds is not None else []
    return ", ".join(parts)


def error(size: float | None) -> str:
    """A relative error with two digits, as ``2.4e-07``."""
    if size is None:
        return "none found"
    return f"{size:.1e}" if math.isfinite(size) else "not finite"
