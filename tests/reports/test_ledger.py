"""The ledger: what is written can be read back, and what is broken is told and survived."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from gradient_conformance.reports.ledger import Ledger, LedgerWriter, read_ledger
from gradient_conformance.reports.summary import summarise
from gradient_conformance.reports.views import write_views
from gradient_conformance.tests.reports.synthetic import (
    HOSTILE,
    end,
    environment,
    failure,
    verdict,
    write,
)


def read_bytes(folder: Path, content: bytes) -> Ledger:
    path = folder / "ledger.jsonl"
    path.write_bytes(content)
    return read_ledger(path)


def line(fields: object) -> bytes:
    return json.dumps(fields).encode() + b"\n"


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "new" / "ledger.jsonl"
    with LedgerWriter(path, environment(seed=5)) as writer:
        writer.verdict(verdict(identity="softmax", wrt=None, digits=6.5))
        writer.verdict(failure())
        writer.end(exit=1, items=2)
    ledger = read_ledger(path)
    assert ledger.problems == []
    assert ledger.environment.seed == 5
    assert [backend.name for backend in ledger.environment.backends] == ["jax", "numpy", "torch"]
    assert [(v.identity, v.wrt, v.digits) for v in ledger.verdicts] == [
        ("softmax", None, 6.5),
        ("least_squares", "A", 0.3),
    ]
    assert ledger.verdicts[1].shown["observed"][1][1] == "nan"
    assert ledger.end is not None
    assert (ledger.end.exit, ledger.end.items) == (1, 2)
    assert ledger.end.seconds is not None
    assert ledger.end.seconds >= 0
    assert ledger.path == path


def test_every_line_is_on_disk_at_once(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    writer = LedgerWriter(path, environment())
    assert len(path.read_text().splitlines()) == 1
    writer.verdict(verdict())
    assert len(path.read_text().splitlines()) == 2
    writer.close()
    assert read_ledger(path).end is None, "closing is no end: the run was killed"


def test_the_writer_stamps_kind_and_schema_first(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    LedgerWriter(path, {"kind": "other", "schema": 99, "package": "1"}).close()
    first = path.read_text().splitlines()[0]
    assert first.startswith('{"kind": "environment", "schema": 1, ')
    assert read_ledger(path).environment.started.endswith("Z")


def strict(constant: str) -> float:
    raise AssertionError(f"{constant} is no JSON")


def test_numbers_of_every_kind_become_valid_json(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    shown = {
        "half": np.array([1.5, np.inf], ml_dtypes.bfloat16),
        "one": ml_dtypes.bfloat16(-np.inf),
        "matrix": np.array([[0.1, np.nan]], np.float32),
        "whole": np.array([1, 2]),
        "scalars": [np.float16(0.5), np.longdouble(2), np.int64(3), np.bool(True), float("nan")],
        "tuple": (1, 2.5),
    }
    with LedgerWriter(path, environment(seed=np.int64(4))) as writer:
        writer.verdict(failure(digits=np.float32(0.5), margin=np.float64("inf"), shown=shown))
    rows = [json.loads(row, parse_constant=strict) for row in path.read_text().splitlines()]
    assert rows[1]["digits"] == 0.5
    assert rows[1]["margin"] == "inf"
    assert rows[1]["shown"] == {
        "half": [1.5, "inf"],
        "one": "-inf",
        "matrix": [[float(np.float32(0.1)), "nan"]],
        "whole": [1, 2],
        "scalars": [0.5, 2.0, 3, True, "nan"],
        "tuple": [1, 2.5],
    }
    entry = read_ledger(path).verdicts[0]
    assert entry.margin == float("inf")


def test_text_that_is_no_unicode_does_not_stop_the_writer(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    with LedgerWriter(path, environment()) as writer:
        writer.verdict(failure(message="lone \ud800 surrogate" + HOSTILE))
    message = read_ledger(path).verdicts[0].message
    assert message.startswith("lone ? surrogate")
    assert message.endswith(HOSTILE)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"verdict": "great"}, "'great' is not a verdict"),
        ({"identity": ""}, "no identity"),
        ({"digits": "many"}, "digits is 'many'"),
        ({"examples": 1.5}, "examples is 1.5"),
        ({"shown": [1]}, "shown is list"),
    ],
)
def test_the_writer_refuses_what_the_reader_would(
    tmp_path: Path, changes: dict[str, object], named: str
) -> None:
    path = tmp_path / "ledger.jsonl"
    with LedgerWriter(path, environment()) as writer, pytest.raises(ValueError, match=named):
        writer.verdict(verdict(**changes))
    assert len(path.read_text().splitlines()) == 1


def test_truncated_last_line(tmp_path: Path) -> None:
    whole = line(environment()) + line(verdict()) + line(verdict(wrt="x"))
    ledger = read_bytes(tmp_path, whole[:-30])
    assert len(ledger.verdicts) == 1
    assert ledger.end is None
    assert ledger.problems == [
        "line 3 stops in the middle: the run was killed while it wrote the line"
    ]


def test_a_last_line_without_newline_is_whole(tmp_path: Path) -> None:
    ledger = read_bytes(tmp_path, (line(environment()) + line(verdict()) + line(end()))[:-1])
    assert ledger.problems == []
    assert ledger.end is not None


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (b'{"kind": "verd\n', "not JSON"),
        (b"\xff\xfe\x00\n", "not UTF-8"),
        (b"[1, 2]\n", "a JSON list, not an object"),
        (b"[" * 200_000 + b"\n", "nested too deeply"),
        (b"[" * 100 + b"]" * 100 + b"\n", "nested too deeply"),
        (b'{"kind": "verdict", "digits": ' + b"9" * 5000 + b"}\n", "cannot be read"),
        (line({"kind": "surprise"}), "its kind is 'surprise'"),
        (line({"no": "kind"}), "its kind is None"),
        (line(verdict(verdict="excellent")), "'excellent' is not a verdict"),
        (line(verdict(dtype=None)), "no dtype"),
        (line(verdict(message=["text"])), "message is ['text']"),
        (line(verdict(digits=10**400)), "digits is 1000"),
        (line(environment()), "a second run"),
    ],
)
def test_a_broken_line_in_the_middle_costs_only_itself(
    tmp_path: Path, broken: bytes, told: str
) -> None:
    content = line(environment()) + line(verdict()) + broken + line(verdict(wrt="x")) + line(end())
    ledger = read_bytes(tmp_path, content)
    assert [v.wrt for v in ledger.verdicts] == ["A", "x"]
    assert ledger.end is not None
    [problem] = ledger.problems
    assert problem.startswith("line 3 ")
    assert told in problem


def test_a_line_that_is_gone_is_missed(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    with LedgerWriter(path, environment()) as writer:
        writer.verdict(verdict())
        writer.verdict(verdict(wrt="b"))
        writer.end(exit=0)
    assert summarise(read_ledger(path)).conforms
    first, _, *rest = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([first, *rest]))
    found = read_ledger(path)
    assert found.problems == ["of 2 verdicts that the run wrote 1 are here"]
    assert not summarise(found).conforms


def test_a_line_after_the_end_is_told_of(tmp_path: Path) -> None:
    ledger = read_bytes(tmp_path, line(environment()) + line(end()) + line(verdict()))
    assert ledger.problems == ["line 3 comes after the end of the run"]
    assert len(ledger.verdicts) == 1


def test_missing_environment(tmp_path: Path) -> None:
    ledger = read_bytes(tmp_path, line(verdict()) + line(end()))
    assert len(ledger.verdicts) == 1
    assert ledger.environment.backends == ()
    assert "versions, seed and profile are unknown" in ledger.problems[0]


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_empty_file(tmp_path: Path, content: bytes) -> None:
    ledger = read_bytes(tmp_path, content)
    assert (ledger.verdicts, ledger.end) == ((), None)
    assert ledger.problems == ["the ledger is empty: the run ended before it wrote anything"]


def test_newer_schema_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "ledger.jsonl", [environment(schema=2), verdict()])
    with pytest.raises(ValueError, match=r"version 2 of the ledger format.*versions up to 1"):
        read_ledger(path)


@pytest.mark.parametrize("schema", ["2", 2.5, [2], True])
def test_a_schema_that_is_no_number_is_not_read_over(schema: Any, tmp_path: Path) -> None:
    ledger = read_ledger(write(tmp_path / "ledger.jsonl", [environment(schema=schema), verdict()]))
    assert f"line 1 is left out: schema is {schema!r}, not a whole number" in ledger.problems
    assert len(ledger.verdicts) == 1


def test_views_are_written_whole_or_not_at_all(tmp_path: Path) -> None:
    write(tmp_path / "ledger.jsonl", [environment(), failure(), end(exit=1)])
    ledger = write_views(tmp_path)
    assert len(ledger.verdicts) == 1
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {
        "ledger.jsonl", "report.html", "report.md", "findings.html", "catalogue.html", "badge.svg",
        "badge.json",
    }  # fmt: skip
    before = (tmp_path / "report.md").read_text()
    (tmp_path / "report.html").unlink()
    (tmp_path / "report.html").mkdir()  # Nothing can be put in its place.
    with pytest.raises(OSError, match=r"report\.html"):
        write_views(tmp_path)
    assert (tmp_path / "report.md").read_text() == before
    assert {path.name for path in tmp_path.iterdir()} == names, "a draft was left behind"
