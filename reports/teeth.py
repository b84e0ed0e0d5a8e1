"""The kill matrix: ``teeth.json``, and what it says in words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .fields import plain

SCHEMA = 1
FILE = "teeth.json"
FAILING = ("survived", "idle", "stale")
"""Outcomes that make a hunt fail, beside false alarms: each is a hole, or a reason out of date."""

Teeth = Mapping[str, Any]


def head() -> dict[str, Any]:
    """What the file begins with."""
    return {"kind": "teeth", "schema": SCHEMA}


def failing(result: Teeth) -> list[Mapping[str, Any]]:
    """The rows that nothing killed and no reason explains, and the false alarms."""
    return [
        *(row for row in result["rows"] if row["outcome"] in FAILING),
        *result["controls"],
    ]


def write_teeth(directory: Path, result: Teeth) -> str:
    """Write ``teeth.json``; returns what to print."""
    directory.mkdir(parents=True, exist_ok=True)
    text = json.dumps(plain(result), ensure_ascii=False, separators=(",", ":"))
    (directory / FILE).write_text(text, encoding="utf-8")
    return summary(result)


def summary(result: Teeth) -> str:
    """The result in a few lines for a terminal."""
    rows = result["rows"]
    counts: dict[str, int] = {}
    for row in rows:
        counts[row["outcome"]] = counts.get(row["outcome"], 0) + 1
    hunts = sum(row["hunts"] for row in rows)
    lines = [
        f"{len(result['faults'])} faults, {hunts} hunts, {len(rows)} rows: "
        + ", ".join(f"{n} {outcome}" for outcome, n in counts.items())
        + f"; {len(result['controls'])} false alarms"
    ]
    lines += [
        f"  {row['outcome']}: {row.get('fault', 'no fault')} on {row['identity']}, "
        f"{row['backend']} {row['route']} {row['dtype']}"
        + (f", by {', '.join(row['laws'])} at {row['case']}" if row["laws"] else "")
        for row in failing(result)[:40]
    ]
    return "\n".join(lines)


def write_sensitivity(
    file: Path, fresh: Teeth, rows: Sequence[Mapping[str, Any]], about: Mapping[str, Any]
) -> str:
    """Put the measured sensitivities into a file of a hunt, or into a fresh one.

    Returns what to print. Raises ValueError where the file is there and is no kill matrix.
    """
    found = dict(fresh)
    if file.is_file():
        found = json.loads(file.read_text(encoding="utf-8"))
        if not (isinstance(found, dict) and found.get("kind") == "teeth"):
            raise ValueError(f"{file} is not a kill matrix that gradient-conformance teeth wrote")
    found["sensitivity"] = list(rows)
    found["sensitivity_of"] = dict(about)
    write_teeth(file.parent, found)
    return sensitivity_summary(rows, about)


def sensitivity_summary(rows: Sequence[Mapping[str, Any]], about: Mapping[str, Any]) -> str:
    """By type the median and the largest error that is found, and how many identities have none."""
    lines = [f"The smallest relative error that 99 of 100 runs find ({about['profile']} profile):"]
    for dtype in dict.fromkeys(row["dtype"] for row in rows):
        for kind in ("whole", "entry"):
            values = [row[kind] for row in rows if row["dtype"] == dtype]
            seen = sorted(v for v in values if v is not None)
            what = "a whole gradient" if kind == "whole" else "one entry"
            text = f"  {dtype:9} {what:17}"
            if seen:
                text += f" median {seen[len(seen) // 2]:.1e}, largest {seen[-1]:.1e}"
            none = len(values) - len(seen)
            lines.append(text + (f"; none for {none} of {len(values)} identities" if none else ""))
    return "\n".join(lines)
