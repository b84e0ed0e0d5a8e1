"""``gradient-conformance merge DIR …``: the parts of a run that was split, put together.

``run --shard 2/8`` runs the second of eight parts. What is missing, or does not belong together, is
said, and the whole does not conform.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..reports.fields import plain
from ..reports.ledger import FILE, Ledger
from ..reports.summary import summarise
from ..reports.terminal import table, wants_colour
from ..reports.views import write_views
from .reading import read_run
from .selection import BadChoice

ALIKE = ("package", "catalogue", "profile", "seed", "dtypes", "backends", "python")
"""What the parts of one run have in common."""

MISSING = 20
"""So many missing parts are named; of the others there is the number."""

_PART = re.compile(r"[0-9]{1,6}/([0-9]{1,6})")


def merge(parts: Sequence[Path], out: Path) -> int:
    """Write the ledger and the views of the whole into ``out``; 0 where it conforms, 1 where not.

    Raises BadChoice.
    """
    ledgers = [read_run("merge", part, empty_part=True) for part in parts]
    if out.resolve() in {ledger.path.parent.resolve() for ledger in ledgers if ledger.path}:
        raise BadChoice(f"merge --out {out}: one of the parts lies there")
    lost = [*_unlike(ledgers), *_missing(ledgers), *_unfinished(ledgers)]
    whole = _whole(ledgers, lost)
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / FILE).write_text(
            "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in whole),
            encoding="utf-8",
        )
        for ledger in ledgers:
            _copy_scripts(ledger, out)
        written = write_views(out)
    except OSError as reason:
        raise BadChoice(f"merge --out {out} cannot be written: {reason}") from None
    print(table(written, colour=wants_colour(sys.stdout)), end="")
    return 0 if summarise(written).conforms else 1


def _unlike(ledgers: Sequence[Ledger]) -> list[str]:
    """The parts that were not made as the first one was."""
    first, *others = ledgers
    return [
        f"the part {other.path} has another {name} than {first.path}, as if of another run"
        for other in others
        for name in ALIKE
        if getattr(other.environment, name) != getattr(first.environment, name)
    ]


def _missing(ledgers: Sequence[Ledger]) -> list[str]:
    """The parts that are not there, or twice there."""
    shards = [ledger.environment.shard for ledger in ledgers]
    counts = {int(found[1]) if (found := _PART.fullmatch(shard)) else 0 for shard in shards}
    if 0 in counts or len(counts) > 1:
        return [f"the parts say of themselves to be {', '.join(s or 'no part' for s in shards)}"]
    (count,) = counts
    expected = [f"{k + 1}/{count}" for k in range(count)]
    there = Counter(shards)
    gone = [f"part {shard} is missing" for shard in expected if shard not in there]
    if len(gone) > MISSING:
        gone[MISSING:] = [f"{len(gone) - MISSING:,} more parts are missing"]
    return gone + [f"part {shard} is there twice" for shard in expected if there[shard] > 1]


def _unfinished(ledgers: Sequence[Ledger]) -> list[str]:
    """What each part says of itself that it lacks."""
    return [
        f"the part {ledger.path}: {doubt[:1].lower()}{doubt[1:].rstrip('.')}"
        for ledger in ledgers
        for doubt in summarise(_as_a_whole(ledger)).doubts
    ]


def _as_a_whole(ledger: Ledger) -> Ledger:
    """The ledger less the word that it is a part."""
    return replace(ledger, environment=replace(ledger.environment, shard=""))


def _lines(ledger: Ledger) -> list[dict[str, Any]]:
    """The lines that could be read, as they are."""
    assert ledger.path is not None
    found = []
    for row in ledger.path.read_bytes().split(b"\n"):
        try:
            line = plain(json.loads(row))
        except (ValueError, RecursionError):
            continue  # told of among what the part lacks
        found.append(line) if isinstance(line, dict) else None
    return found


def _whole(ledgers: Sequence[Ledger], lost: Sequence[str]) -> list[dict[str, Any]]:
    lines = [line for ledger in ledgers for line in _lines(ledger)]
    environments = [line for line in lines if line.get("kind") == "environment"]
    rest = [line for line in lines if line.get("kind") not in ("environment", "end")]
    first = {k: x for k, x in environments[0].items() if k != "shard"} if environments else {}
    ends = [ledger.end for ledger in ledgers if ledger.end is not None]
    end = {
        "kind": "end",
        "finished": max((end.finished for end in ends), default=""),
        "seconds": sum(end.seconds or 0.0 for end in ends),
        "exit": max((end.exit or 0 for end in ends), default=None),
        "interrupted": any(end.interrupted for end in ends),
        "items": sum(end.items or 0 for end in ends),
        "verdicts": sum(len(ledger.verdicts) for ledger in ledgers),
        "lost": list(lost),
    }
    return [{"kind": "environment", "schema": 1, **first}, *rest, plain(end)]


def _copy_scripts(ledger: Ledger, out: Path) -> None:
    assert ledger.path is not None
    scripts = ledger.path.parent / "reproduce"
    if scripts.is_dir():
        shutil.copytree(scripts, out / "reproduce", dirs_exist_ok=True)
