"""``gradient-conformance known``: draft the records of known deviations from a run's ledger."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from packaging.version import InvalidVersion, Version

from ..implementations.declared import path_of
from ..implementations.devices import PROCESSOR, kind_of
from ..laws import LAWS
from ..reports.causes import framework
from ..reports.ledger import Ledger
from ..reports.lines import Entry
from ..reports.wording import visible
from .reading import read_run
from .selection import BadChoice

RECORDED = ("imprecise", "wrong", "error", "timeout", "crash")
NUMBERS = ("imprecise", "wrong")


def known(path: Path, backend: str | None = None) -> int:
    """Print a ``[[deviation]]`` for each failure; the reason and the issue are to be filled in.

    Of one identity, backend and route those are one record that raise the same error, or are off in
    the same laws; the witness is a failing case. Raises BadChoice where the ledger cannot be read
    or does not name the backend.
    """
    ledger = read_run("--from", path)
    names = list(dict.fromkeys(entry.backend for entry in ledger.verdicts))
    if backend is not None and backend not in names:
        raise BadChoice(f"{path} has no verdict on {backend!r}; it has {', '.join(names)}")
    for problem in ledger.problems[:5]:
        print(visible(problem), file=sys.stderr)
    chosen = [name for name in names if backend in (None, name)]
    drafts = [text for name in chosen for text in _drafts(ledger, name)]
    print("\n".join(drafts) if drafts else "# no failure that a record could speak of")
    return 0


def _drafts(ledger: Ledger, backend: str) -> Iterator[str]:
    """The records of one backend, after a line that names their file."""
    groups: dict[tuple[object, ...], list[Entry]] = {}
    for dtype in _each_type(ledger, backend).values():
        laws = tuple(dict.fromkeys(entry.law for entry in dtype))
        for entry in dtype:
            key = (entry.identity, entry.route, _kind(entry), laws)
            groups.setdefault(key, []).append(entry)
    for number, entries in enumerate(groups.values()):
        file = path_of(framework(backend))
        heading = f"# For implementations/{file}.toml:\n\n" if number == 0 else ""
        yield heading + _draft(
            entries, _versions(ledger, backend), _kind_of_device(ledger, backend)
        )


def _each_type(ledger: Ledger, backend: str) -> dict[tuple[str, ...], list[Entry]]:
    """The failures that a witness can show, together by implementation, type and kind."""
    found: dict[tuple[str, ...], list[Entry]] = {}
    for e in ledger.verdicts:
        if e.backend == backend and e.verdict in RECORDED and e.case and e.law in LAWS:
            found.setdefault((e.identity, e.route, e.dtype, _kind(e)), []).append(e)
    return found


def _kind_of_device(ledger: Ledger, backend: str) -> str:
    """The kind of device that the run was on."""
    tried = ledger.environment.backends
    return kind_of(next((b.device for b in tried if b.name == backend), ""))


def _kind(entry: Entry) -> str:
    """What would be one reason: being off, or one error message."""
    return "numbers" if entry.verdict in NUMBERS else entry.message


def _versions(ledger: Ledger, backend: str) -> str:
    """The versions up to that of the run; all, where it is none that can be compared."""
    version = next((b.version for b in ledger.environment.backends if b.name == backend), "")
    try:
        return f"<={Version(version).public}"
    except InvalidVersion:
        return ">=0"


def _draft(entries: Sequence[Entry], versions: str, device: str) -> str:
    witness = entries[0]
    comments = []
    for e in entries:
        what = f"{e.law}{f' for {e.wrt}' if e.wrt else ''}"
        comments.append(f"# {visible(f'{e.dtype}, {what}: {e.message}')}".replace("\n", "\n# "))
        if e.case != witness.case:
            comments.append(f"#   in the case {visible(str(e.case))}")
    fields = {
        "identity": witness.identity,
        "routes": [witness.route],
        "dtypes": list(dict.fromkeys(e.dtype for e in entries)),
        "laws": list(dict.fromkeys(e.law for e in entries)),
        "versions": versions,
        **({} if device == PROCESSOR else {"devices": [device]}),
        "reason": "…",
        "issue": "",
        "witness": witness.case,
    }
    lines = [f"{name} = {json.dumps(x, ensure_ascii=False)}" for name, x in fields.items()]
    return "\n".join([*comments, "[[deviation]]", *lines, ""])
