"""``gradient-conformance baseline LEDGER``: what fails; with ``--against``, only what is new."""

from __future__ import annotations

from pathlib import Path

from ..reports.baseline import baseline, held_against, read_baseline
from ..reports.summary import summarise
from ..reports.wording import plural
from .reading import read_run
from .selection import BadChoice

HEAD = """\
# What fails, and is known to: gradient-conformance baseline LEDGER > FILE
"""


def write_or_compare(path: Path, against: Path | None) -> int:
    """Print the lines of a baseline; or, with one, what is new, and 1 where something is.

    A run that is not whole is never held to be right. Raises BadChoice.
    """
    ledger = read_run("baseline", path)
    if against is None:
        print(HEAD + "".join(f"{line}\n" for line in baseline(ledger)), end="")
        return 0
    try:
        lines = read_baseline(against.read_text(encoding="utf-8"))
    except (OSError, ValueError) as reason:
        raise BadChoice(f"--against {against}: {reason}") from None
    found = held_against(ledger, lines)
    for title, group in (
        ("fails, and is not in the baseline", found.new),
        ("no longer fails: take it out of the baseline", found.gone),
        ("was not tried in this run", found.untried),
    ):
        for line in group:
            print(f"{title}: {line}")
    summary = summarise(ledger)
    doubts = list(summary.doubts)
    if not (summary.counts["pass"] or summary.failures):
        doubts.append("Nothing passed and nothing failed.")
    for doubt in doubts:
        print(f"the run is not whole: {doubt}")
    print(f"{plural(len(found.new), 'new failure')} against {against}")
    return int(bool(found.new or doubts))
