"""Read the ledger that an option names, or say in a sentence why not."""

from __future__ import annotations

from pathlib import Path

from ..reports.ledger import FILE, Ledger, read_ledger
from .selection import BadChoice


def read_run(option: str, path: Path, *, empty_part: bool = False) -> Ledger:
    """The ledger in a file, or in the folder of a report. Raises BadChoice.

    It has verdicts, unless with ``empty_part`` it is a part of a run that got nothing to try.
    """
    path = path / FILE if path.is_dir() else path
    try:
        ledger = read_ledger(path)
    except OSError as reason:
        raise BadChoice(f"{option} {path}: the file cannot be read ({reason.strerror})") from None
    except ValueError as reason:
        raise BadChoice(f"{option}: {reason}") from None
    finished = ledger.environment.shard and ledger.end is not None and not ledger.problems
    if not ledger.verdicts and not (empty_part and finished):
        why = "".join(f" ({problem})" for problem in ledger.problems[:1])
        raise BadChoice(f"{option} {path}: no verdict of a run is in it{why}")
    return ledger
