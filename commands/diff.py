"""``gradient-conformance diff OLD NEW``: what changed from one run to another."""

from __future__ import annotations

import sys
from pathlib import Path

from ..reports.comparison import Comparison
from ..reports.comparison_views import as_html, as_markdown, as_text
from .reading import read_run

FORMATS = {"text": as_text, "markdown": as_markdown, "html": as_html}


def diff(old: Path, new: Path, form: str) -> int:
    """Print what changed; 1 where something fails that did not, or is lost that passed, else 0.

    ``old`` and ``new`` are ledgers, or folders of reports. Raises BadChoice.
    """
    found = Comparison(read_run("diff", old), read_run("diff", new))
    sys.stdout.write(FORMATS[form](found))
    return int(found.worse)
