"""Hypothesis looks for a case in which an implementation breaks a law."""

from __future__ import annotations

import pytest

from gradient_conformance.commands.conduct import (
    conduct,
    conduct_agreement,
    failures,
    rows_of,
    sentence,
)
from gradient_conformance.commands.selection import Selection, Target
from gradient_conformance.laws.tally import Tally


def test_conforms(target: Target, selection: Selection, record_property) -> None:
    """One implementation, in one type, keeps every law that looks at it alone."""
    tally, rows = Tally(), []
    try:
        rows = conduct(target, selection, tally)
    finally:  # an interrupted search keeps what it found
        record_property("rows", rows or rows_of(tally, target, selection))
    _conclude(rows, "none of the chosen laws speaks of it")


def test_agrees(targets: list[Target], selection: Selection, record_property) -> None:
    """All implementations of an identity agree with one another on the same case."""
    if "agreement" not in selection.laws:
        pytest.skip("the law agreement was not chosen")
    rows = conduct_agreement(targets, selection)
    record_property("rows", rows)
    _conclude(rows, "there are no two implementations to compare")


def _conclude(rows: list[dict], without_rows: str) -> None:
    if failed := failures(rows):
        pytest.fail("\n".join(sentence(row) for row in failed), pytrace=False)
    if not rows or all(row["verdict"] == "unsupported" for row in rows):
        pytest.skip(rows[0]["message"] if rows else without_rows)
