"""The files beside a ledger: report.md, the HTML pages and the badges."""

from __future__ import annotations

from pathlib import Path

from . import badge, catalogue_page, causes, html, markdown
from .ledger import FILE, Ledger, read_ledger
from .teeth import FILE as TEETH
from .teeth import PAGE
from .writing import write_whole


def write_views(directory: Path) -> Ledger:
    """Read ``directory/ledger.jsonl`` and write every view beside it.

    A view is there as a whole or not at all. The report links to the catalogue and the findings,
    and to the page of faults where that lies in the same folder. Raises what `read_ledger` raises,
    and OSError where the directory cannot be written.
    """
    ledger = read_ledger(directory / FILE)
    teeth = all((directory / name).is_file() for name in (TEETH, PAGE))
    write_whole(directory / "report.md", markdown.render(ledger))
    report = html.render(ledger, teeth=teeth, catalogue=True, causes=True)
    write_whole(directory / "report.html", report)
    write_whole(directory / causes.FILE, causes.render(ledger))
    write_whole(directory / catalogue_page.FILE, catalogue_page.render())
    write_whole(directory / "badge.svg", badge.svg(ledger))
    write_whole(directory / "badge.json", badge.endpoint(ledger))
    return ledger
