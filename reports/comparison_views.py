"""What changed from one run to another: for a terminal, as Markdown, as a page."""

from __future__ import annotations

import textwrap

from .comparison import Comparison, sections
from .markdown_text import inline
from .page import templates
from .wording import plural, visible

MOST = 20
"""Lines of one kind in the terminal and in Markdown; the page has all."""


def headline(found: Comparison) -> str:
    """The change in a sentence."""
    counts = [
        f"{title[:1].lower()}{title[1:]}: {plural(len(lines), 'verdict')}"
        for title, lines in sections(found)
    ]
    text = "; ".join(counts)
    return f"{text[:1].upper()}{text[1:]}." if counts else "Nothing changed."


def as_text(found: Comparison) -> str:
    """For a terminal of 80 columns."""
    parts = [textwrap.fill(f"NOT ALIKE: {doubt}", 80) for doubt in found.doubts]
    parts.append(textwrap.fill(headline(found), 80))
    parts += [textwrap.fill(f"Versions: {', '.join(found.versions)}", 80)] if found.versions else []
    for title, lines in sections(found):
        shown = [
            textwrap.fill(visible(line), 80, initial_indent="  ", subsequent_indent="    ")
            for line in lines[:MOST]
        ]
        parts.append("\n".join([f"{title}:", *shown, *_more(lines, "  ")]))
    return "\n\n".join(parts) + "\n"


def as_markdown(found: Comparison) -> str:
    """For a step summary of CI, or a comment."""
    parts = [f"**Not alike:** {inline(doubt)}" for doubt in found.doubts]
    parts.append(f"## {inline(headline(found))}")
    parts += [f"Versions: {inline(', '.join(found.versions))}"] if found.versions else []
    for title, lines in sections(found):
        items = [f"- {inline(line)}" for line in lines[:MOST]]
        parts.append("\n".join([f"### {title}", "", *items, *_more(lines, "- ")]))
    return "\n\n".join(parts) + "\n"


def as_html(found: Comparison) -> str:
    """One page, without anything from outside."""
    page = templates().get_template("diff.html.jinja")
    return page.render(found=found, headline=headline(found), sections=sections(found))


def _more(lines: list[str], before: str) -> list[str]:
    left = len(lines) - MOST
    return [f"{before}and {plural(left, 'more', 'more')}"] if left > 0 else []
