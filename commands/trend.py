"""``gradient-conformance trend OLDEST … NEWEST``: what became of each verdict over several runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from ..reports.trend import Trend
from ..reports.trend_views import as_html, as_markdown, as_text
from .reading import read_run
from .selection import BadChoice

FORMATS = {"text": as_text, "markdown": as_markdown, "html": as_html}


def trend(paths: Sequence[Path], form: str) -> int:
    """Print it; 1 where the last run fails, or lost, what an earlier one did not, else 0.

    ``paths`` are ledgers, or folders of reports, the oldest first: they are taken in this order.
    Raises BadChoice.
    """
    if len(paths) < 2:
        raise BadChoice(
            f"trend {paths[0]}: one run has no course; name two or more, the oldest first"
        )
    runs = tuple(read_run("trend", path) for path in paths)
    for number, run in enumerate(runs):
        if run.path in [other.path for other in runs[:number]]:
            raise BadChoice(f"trend: {run.path} is named twice")
    found = Trend(runs)
    sys.stdout.write(FORMATS[form](found))
    return int(found.worse)
