"""The page about faults, ``teeth.html``: what was killed, by which law, how soon, and what not."""

from __future__ import annotations

from typing import Any

from . import teeth_wording
from .page import templates
from .teeth_lines import EQUIVALENT, EXPLAINED, HOLES, KILLED, Mistake, Sensitivity, Teeth
from .teeth_summary import Found, Summary, middle
from .versions import versions

MOST = 1000
"""Lines of a list that are shown; of the others there is the number."""

SETS = 12
"""Sets of laws by which a fault is told in full; the identities of all others stand together."""

Killed = tuple[str, str]
"""An identity, and after how many examples the slowest kill came."""


def render(teeth: Teeth) -> str:
    """The page: one file that needs nothing beside it, from nowhere."""
    summary = Summary(teeth)
    anchors = {name: f"fault-{number}" for number, name in enumerate(teeth.faults, 1)}
    return _TEMPLATES.get_template("teeth.html.jinja").render(
        teeth=teeth,
        ran=teeth.environment,
        summary=summary,
        anchors=anchors,
        headline=teeth_wording.headline(summary),
        sentence=teeth_wording.sentence(summary),
        versions=versions(teeth.environment),
        holes=summary.holes[:MOST],
        more_holes=len(summary.holes[MOST:]),
        families=[_family(summary, name) for name in summary.families],
        told={name: _fault(summary, mistake) for name, mistake in teeth.faults.items()},
        explained={outcome: summary.explained(outcome) for outcome in EXPLAINED},
        sensitivity=_sensitivity(teeth),
        sensitive_types=_types(teeth),
    )


def _family(summary: Summary, name: str) -> dict[str, Any]:
    faults = summary.families[name]
    examples = summary.examples(mistake.name for mistake in faults)
    return {
        "name": name,
        "faults": faults,
        "found": summary.of_family(faults),
        "middle": middle(examples),
        "largest": max(examples, default=None),
    }


def _fault(summary: Summary, mistake: Mistake) -> dict[str, Any]:
    """A fault: how it fared, and on which identities which laws killed it, and how soon."""
    examples = summary.examples([mistake.name])
    by_laws: dict[tuple[str, ...], list[Killed]] = {}
    others: list[tuple[str, str]] = []
    pairs = 0
    for (fault, identity), pair in summary.pairs.items():
        if fault != mistake.name:
            continue
        pairs += 1
        if pair.slowest:
            many = f"{pair.slowest.examples:,}"
            by_laws.setdefault(pair.laws, []).append((identity, many))
        others += [(identity, outcome) for outcome in (*HOLES, *EXPLAINED) if pair.counts[outcome]]
    found = summary.by_fault.get(mistake.name, Found(()))
    return {
        "mistake": mistake,
        "found": found,
        "pairs": pairs,
        "killed": len(examples),
        "middle": middle(examples),
        "largest": max(examples, default=None),
        "laws": teeth_wording.by_law(by_laws),
        "by_laws": _told(by_laws),
        "others": others,
    }


def _told(by_laws: dict[tuple[str, ...], list[Killed]]) -> list[tuple[str, list[Killed]]]:
    """Sets of laws in words with their identities, those of most identities first."""
    sets = sorted(by_laws.items(), key=lambda each: -len(each[1]))
    told = [(teeth_wording.laws(names), identities) for names, identities in sets[:SETS]]
    if rest := [each for _, identities in sets[SETS:] for each in identities]:
        told.append((f"{len(sets) - SETS:,} other sets of laws", rest))
    return told


def _types(teeth: Teeth) -> list[str]:
    return list(dict.fromkeys(each.dtype for each in teeth.sensitivity))


def _sensitivity(teeth: Teeth) -> list[tuple[str, list[Sensitivity | None]]]:
    """Identities by type, the least sensitive of several."""
    worst: dict[tuple[str, str], Sensitivity] = {}
    for each in teeth.sensitivity:
        before = worst.get((each.identity, each.dtype))
        worst[each.identity, each.dtype] = _worse(before, each) if before else each
    identities = dict.fromkeys(each.identity for each in teeth.sensitivity)
    return [(name, [worst.get((name, dtype)) for dtype in _types(teeth)]) for name in identities]


def _worse(one: Sensitivity, other: Sensitivity) -> Sensitivity:
    def larger(a: float | None, b: float | None) -> float | None:
        return None if a is None or b is None else max(a, b)

    runs = [each.runs for each in (one, other) if each.runs is not None]
    return Sensitivity(
        one.identity,
        one.dtype,
        larger(one.whole, other.whole),
        larger(one.entry, other.entry),
        min(runs, default=None),
    )


_TEMPLATES = templates(
    says=teeth_wording,
    killed=KILLED,
    equivalent=EQUIVALENT,
    explained_outcomes=EXPLAINED,
)
