"""Run the command as a person does: in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

BROKEN = "gradient_conformance.tests.implementations.broken"


def command(*words: str, cwd: Path, timeout: float = 300) -> subprocess.CompletedProcess[str]:
    """``gradient-conformance WORDS`` in the folder ``cwd``."""
    return subprocess.run(
        [sys.executable, "-m", "gradient_conformance", *words],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=timeout,
        env=environment(),
    )


def environment() -> dict[str, str]:
    """The environment of this process less what pytest set for itself."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "COV_"))}


def ledger_lines(directory: Path) -> list[dict[str, Any]]:
    """The lines of the ledger in a folder."""
    text = (directory / "ledger.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def verdicts(directory: Path) -> list[dict[str, Any]]:
    """The verdict lines of the ledger in a folder."""
    return [line for line in ledger_lines(directory) if line["kind"] == "verdict"]
