"""The published schema of a ledger holds for what is written, and says what is read."""

from __future__ import annotations

import json
from dataclasses import fields
from importlib import resources
from pathlib import Path

import jsonschema
import pytest

from gradient_conformance.laws.verdicts import OUTCOMES
from gradient_conformance.reports import lines
from gradient_conformance.reports.ledger import SCHEMA
from gradient_conformance.tests.commands.command_line import BROKEN, command, ledger_lines

from .synthetic import end, environment, failure, full_size, verdict

ACCURACY = {"kind": "accuracy", "identity": "a", "route": "b", "backend": "c", "dtype": "d"}
TEXT = (resources.files("gradient_conformance.reports") / "ledger.schema.json").read_text("utf-8")
DOCUMENT = json.loads(TEXT)
VALIDATOR = jsonschema.Draft202012Validator(DOCUMENT)
KINDS = {
    "environment": lines.Environment,
    "verdict": lines.Entry,
    "convention": lines.Convention,
    "accuracy": lines.Accuracy,
    "end": lines.End,
}


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(DOCUMENT)
    assert DOCUMENT["$defs"]["environment"]["properties"]["schema"] == {"const": SCHEMA}
    assert set(DOCUMENT["$defs"]["verdict"]["properties"]["verdict"]["enum"]) == set(OUTCOMES)


@pytest.mark.parametrize("kind", KINDS)
def test_it_names_every_field_that_is_read(kind: str) -> None:
    definition = DOCUMENT["$defs"][kind]
    named = set(definition["properties"]) | set(DOCUMENT["$defs"]["place"]["properties"])
    assert {field.name for field in fields(KINDS[kind])} <= named


def test_lines_of_runs_are_valid(tmp_path: Path) -> None:
    """Of one that has conventions and digits lost, and of one that fails in several ways."""
    words = ["run", "--identity", "relu", "--identity", "sigmoid", "--dtype", "float64"]
    command(*words, "--backend", "numpy", "--profile", "ci", "--out", "right", cwd=tmp_path)
    command(*words, "--backend", f"{BROKEN}:NotANumber", "--shard", "1/1", "--out", "wrong",
            cwd=tmp_path)  # fmt: skip
    seen = set()
    for folder in ("right", "wrong"):
        for line in ledger_lines(tmp_path / folder):
            VALIDATOR.validate(line)
            seen.add(line["kind"])
    assert seen == set(KINDS)
    along = DOCUMENT["$defs"]["accuracy"]["properties"]["along"]
    assert {field.name for field in fields(lines.Along)} == set(along["properties"])
    assert any(line.get("along") for line in ledger_lines(tmp_path / "right"))


def test_lines_that_are_made_up_are_valid() -> None:
    for line in [environment(), verdict(), failure(), end(), *full_size()]:
        VALIDATOR.validate(json.loads(json.dumps(line)))


@pytest.mark.parametrize(
    "line",
    [
        {"kind": "odd"},
        {**verdict(), "verdict": "fine"},
        {**verdict(), "identity": ""},
        {**verdict(), "examples": -1},
        {**environment(), "schema": 2},
        {**environment(), "shard": "two of three"},
        ACCURACY,
        {**ACCURACY, "lost": 1.0, "along": {"at": [1.0]}},
        {**ACCURACY, "lost": 1.0, "along": {"at": [1.0], "lost": [-1.0]}},
        {**ACCURACY, "lost": 1.0, "along": {"at": ["inf"], "lost": [None]}},
    ],
)
def test_other_lines_are_not(line: dict) -> None:
    assert not VALIDATOR.is_valid(line)
