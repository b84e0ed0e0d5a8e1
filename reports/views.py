"""The files beside a ledger: report.md and report.html."""

from __future__ import annotations

import os
from pathlib import Path

from . import html, markdown
from .ledger import FILE, Ledger, read_ledger

VIEWS = {"report.md": markdown.render, "report.html": html.render}


def write_views(directory: Path) -> Ledger:
    """Read ``directory/ledger.jsonl`` and write every view beside it.

    A view is there as a whole or not at all. Raises what `read_ledger` raises, and OSError where
    the directory cannot be written.
    """
    ledger = read_ledger(directory / FILE)
    for name, render in VIEWS.items():
        _replace(directory / name, render(ledger))
    return ledger


def _replace(path: Path, text: str) -> None:
    """Write beside the file and rename, so that nobody ever reads half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(text, encoding="utf-8", newline="\n")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
