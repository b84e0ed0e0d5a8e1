"""Pieces of Markdown: text that shows as it is, whatever an adapter put into it."""

from __future__ import annotations

import re

from .wording import clipped, one_line, visible

_SPECIAL = re.compile(r"[^\w\s.,;:/+()=?%'°–—…✓✗◇_-]|(?<![^\W_])_|_(?![^\W_])")
"""What Markdown or HTML might take for markup; an underscore within a word is none."""


def inline(text: str, limit: int = 500) -> str:
    """Text that Markdown and HTML show as it is, on one line, also within a table.

    >>> inline("a|b <i>")
    'a&#124;b &#60;i&#62;'
    """
    return _SPECIAL.sub(lambda m: f"&#{ord(m[0])};", one_line(text, limit))


def code(text: str, limit: int = 500) -> str:
    """The same in a fixed-width font."""
    return f"<code>{inline(text, limit)}</code>"


def fenced(text: str, language: str = "", limit: int = 4000) -> str:
    """A block of text as it is, in a fence longer than any within it."""
    text = visible(clipped(text, limit))
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def folded(title: str, *parts: str) -> str:
    """Parts under a title that unfolds them; the title is inline HTML."""
    return "\n\n".join([f"<details><summary>{title}</summary>", *parts, "</details>"])


def table(head: list[str], rows: list[list[str]]) -> str:
    """A table of cells that are Markdown already."""
    rule = ["---"] * len(head)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, rule, *rows])
