"""The kill matrix: ``teeth.json``, and what it says in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
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
