"""The badge says how the run came out."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from gradient_conformance.reports.badge import endpoint, svg
from gradient_conformance.reports.ledger import read_ledger

from .synthetic import HOSTILE, failure, ledger, verdict


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([verdict()], "1 identity"),
        (
            [verdict(), verdict(identity="a"), verdict(verdict="known")],
            "2 identities, 1 known to deviate",
        ),
        ([verdict(), failure()], "1 finding"),
        ([verdict(verdict="undecided")], "incomplete"),
    ],
)  # fmt: skip
def test_it_says_what_came_of_it(lines: list[dict], message: str, tmp_path: Path) -> None:
    read = ledger(tmp_path, *lines)
    told = json.loads(endpoint(read))
    assert told["schemaVersion"] == 1
    assert (told["label"], told["message"]) == ("gradients", message)
    picture = ET.fromstring(svg(read))
    assert picture.attrib["aria-label"] == f"gradients: {message}"
    assert picture.attrib["role"] == "img"


def test_what_was_killed_is_incomplete(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    path.write_text(json.dumps(verdict()) + "\n", encoding="utf-8")
    assert json.loads(endpoint(read_ledger(path)))["message"] == "incomplete"


def test_no_name_of_an_adapter_is_in_it(tmp_path: Path) -> None:
    read = ledger(tmp_path, failure(identity=HOSTILE, backend=HOSTILE))
    assert "script" not in svg(read) + endpoint(read)
