"""What became of the faults, in Markdown: short, for a CI step summary."""

from __future__ import annotations

from .markdown_text import code, folded, inline, table
from .teeth_lines import EXPLAINED, KILLED, Teeth
from .teeth_summary import Hole, Summary, middle
from .teeth_wording import ALONE, MEANINGS, WHAT, counted, detail, headline, sentence, symbol
from .versions import versions
from .wording import duration, law, listed, moment, plural

MOST = 200
"""Lines of a list; of the others there is the number, and teeth.html has them."""


def render(teeth: Teeth) -> str:
    """The result, what was not killed first, and a table by family of faults."""
    summary = Summary(teeth)
    parts = [
        f"# {inline(headline(summary))}",
        inline(sentence(summary), 2000),
        *(f"> **Incomplete:** {inline(doubt)}" for doubt in summary.doubts),
        _holes(summary),
        inline(WHAT, 1000),
        _families(summary),
        _laws(summary),
        *(_explained(summary, outcome) for outcome in EXPLAINED),
        _environment(teeth),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _holes(summary: Summary) -> str:
    if not summary.holes:
        return ""
    lines = [_hole(hole) for hole in summary.holes[:MOST]]
    if more := len(summary.holes[MOST:]):
        lines.append(f"- and {more:,} more, in teeth.html")
    return "\n".join([f"## Not killed: {listed(counted(summary.failing))}", "", *lines])


def _hole(hole: Hole) -> str:
    fault = inline(hole.fault, 100) if hole.fault else "no fault"
    where = f"**{fault}** on {inline(hole.identity, 100)}"
    return f"- {symbol(hole.outcome)} {hole.outcome}: {where}: {inline(detail(hole), 500)}"


def _families(summary: Summary) -> str:
    rows = []
    for name, faults in summary.families.items():
        found = summary.of_family(faults)
        examples = summary.examples(mistake.name for mistake in faults)
        rows.append(
            [
                inline(name.replace("_", " "), 100),
                f"{len(faults):,}",
                f"{len(found.rows):,}",
                f"{found.counts[KILLED]:,}",
                f"✗ **{found.holes:,}**" if found.holes else "0",
                *(f"{found.counts[outcome]:,}" for outcome in EXPLAINED),
                f"{middle(examples):,}" if examples else "",
                f"{examples[-1]:,}" if examples else "",
            ]
        )
    if not rows:
        return ""
    named = [outcome.capitalize() for outcome in EXPLAINED]
    head = ["Family", "Faults", "Places", "Killed", "Not killed", *named, "Median", "Most"]
    legend = (
        "A place is one fault over one implementation of an identity in one type. Median and most: "
        "the examples until the slowest kill of each pair of a fault and an identity."
    )
    return "\n\n".join(["## By family of faults", legend, table(head, rows[:MOST])])


def _laws(summary: Summary) -> str:
    if not summary.all.rows:
        return ""
    rows = [
        [inline(law(each.name), 100), f"{each.pairs:,}", f"{each.alone:,}", f"{each.faults:,}"]
        for each in summary.laws[:MOST]
    ]
    head = ["Law", "Pairs it kills", "Alone", "Faults"]
    return folded("Which law kills what", inline(ALONE, 1000), table(head, rows))


def _explained(summary: Summary, outcome: str) -> str:
    found = summary.explained(outcome)
    if not found:
        return ""
    rows = [
        [inline(fault, 100), inline(listed(places.identities), 500), inline(reason, 500)]
        for fault, reason, places in found[:MOST]
    ]
    if more := len(found[MOST:]):
        rows.append([f"and {more:,} more, in teeth.html", "", ""])
    title = f"{symbol(outcome)} {outcome}: {plural(summary.all.counts[outcome], 'place')}"
    return folded(title, MEANINGS[outcome], table(["Fault", "Identities", "Reason"], rows))


def _environment(teeth: Teeth) -> str:
    ran = teeth.environment
    facts = [" ".join(pair) for pair in versions(ran)]
    facts += [ran.platform] if ran.platform else []
    facts += [f"profile {ran.profile}"] if ran.profile else []
    facts += [f"seeds {listed(map(str, teeth.seeds))}"] if teeth.seeds else []
    facts += [f"catalogue {ran.catalogue}"] if ran.catalogue else []
    facts += [f"started {moment(ran.started)}"] if ran.started else []
    facts += [f"took {duration(teeth.seconds)}"] if teeth.seconds is not None else []
    lines = [f"- {inline(fact)}" for fact in facts]
    lines += [f"- not tried: {inline(n)}: {inline(r)}" for n, r in ran.missing.items()]
    lines += [f"- {code(ran.command)}"] if ran.command else []
    return folded("Versions and settings", "\n".join(lines)) if lines else ""
