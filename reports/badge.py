"""The result in a badge: an SVG by itself, and JSON for the badge endpoint of shields.io."""

from __future__ import annotations

import json

from .ledger import Ledger
from .page import templates
from .summary import Summary, summarise
from .wording import plural

LABEL = "gradients"
COLOURS = {"conform": "#2b7a3d", "fail": "#b3261e", "incomplete": "#5f6368"}
"""White letters have a contrast of 4.5 and more on each."""

_LETTER = 7
"""Width of a letter at 11 pixels, generously."""


def endpoint(ledger: Ledger) -> str:
    """JSON for https://img.shields.io/endpoint, as its schema version 1 says."""
    message, colour = _said(summarise(ledger))
    content = {"schemaVersion": 1, "label": LABEL, "message": message, "color": colour}
    return json.dumps(content) + "\n"


def svg(ledger: Ledger) -> str:
    """The badge as a picture with a text for screen readers."""
    message, colour = _said(summarise(ledger))
    left, right = (_LETTER * len(text) + 12 for text in (LABEL, message))
    return (
        templates()
        .get_template("badge.svg.jinja")
        .render(label=LABEL, message=message, colour=colour, left=left, right=right)
    )


def _said(summary: Summary) -> tuple[str, str]:
    if findings := len(summary.findings):
        return plural(findings, "finding"), COLOURS["fail"]
    if not summary.conforms:
        return "incomplete", COLOURS["incomplete"]
    known = len({entry.identity for entry in summary.entries if entry.verdict == "known"})
    beyond = f", {known} known to deviate" if known else ""
    return f"{plural(len(summary.identities), 'identity', 'identities')}{beyond}", COLOURS[
        "conform"
    ]
