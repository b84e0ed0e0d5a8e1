"""What changed from one run to another: for a terminal, as Markdown, as a page."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from ..laws.verdicts import FAILURES
from .comparison import Comparison, told
from .markdown_text import inline
from .page import templates
from .wording import plural, visible

MOST = 20
"""Lines of one kind in the terminal and in Markdown; the page has all."""


def headline(found: Comparison) -> str:
    """The change in a sentence."""
    counts = [
        f"{title[:1].lower()}{title[1:]}: {plural(len(changes), 'verdict')}"
        for title, changes in found.sections
    ]
    text = "; ".join(counts)
    return f"{text[:1].upper()}{text[1:]}." if counts else "Nothing changed."


def as_text(found: Comparison) -> str:
    """For a terminal of 80 columns."""
    parts = [textwrap.fill(visible(f"NOT ALIKE: {doubt}"), 80) for doubt in found.doubts]
    parts.append(textwrap.fill(headline(found), 80))
    parts += [_versions(found)] if found.versions else []
    for title, changes in found.sections:
        shown = [
            textwrap.fill(visible(told(change)), 80, initial_indent="  ", subsequent_indent="    ")
            for change in changes[:MOST]
        ]
        parts.append("\n".join([f"{title}:", *shown, *more(changes, "  ")]))
    return "\n\n".join(parts) + "\n"


def _versions(found: Comparison) -> str:
    return textwrap.fill(visible(f"Versions: {', '.join(found.versions)}"), 80)


def as_markdown(found: Comparison) -> str:
    """For a step summary of CI, or a comment."""
    parts = [f"**Not alike:** {inline(doubt)}" for doubt in found.doubts]
    parts.append(f"## {inline(headline(found))}")
    parts += [f"Versions: {inline(', '.join(found.versions))}"] if found.versions else []
    for title, changes in found.sections:
        items = [f"- {inline(told(change))}" for change in changes[:MOST]]
        parts.append("\n".join([f"### {title}", "", *items, *more(changes, "- ")]))
    return "\n\n".join(parts) + "\n"


def as_html(found: Comparison) -> str:
    """One page, without anything from outside."""
    page = templates(failures=FAILURES).get_template("diff.html.jinja")
    return page.render(found=found, headline=headline(found))


def more(lines: Sequence[object], before: str, most: int = MOST) -> list[str]:
    """A line that counts those that are left out after ``most``; none where none is."""
    left = len(lines) - most
    return [f"{before}and {plural(left, 'more', 'more')}"] if left > 0 else []
