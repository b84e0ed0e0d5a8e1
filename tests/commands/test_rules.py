"""``gradient-conformance list --rules``, with and without a ledger."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gradient_conformance.__main__ import main
from gradient_conformance.identities.sources import DOCUMENTS, RULES
from gradient_conformance.tests.reports.synthetic import HOSTILE, end, environment, verdict, write


def test_every_rule_is_listed_under_its_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    listed = [text.split()[0] for text in lines if text.startswith("  ") and text[2] != " "]
    assert listed == list(RULES)
    assert [text for text in lines if text in DOCUMENTS.values()] == list(DOCUMENTS.values())
    assert lines[-1].startswith(f"{len(RULES)} rules, ")


def test_it_says_what_encodes_a_rule(capsys: pytest.CaptureFixture[str]) -> None:
    main(["list", "--rules"])
    text = " ".join(capsys.readouterr().out.split())
    assert (
        "zoo-12 Tanh: 1 − tanh²; at most 1, at 0. identity: tanh fact of tanh: |z̄| ≤ |ȳ| fact of "
        "tanh: the bound 1 is attained at 0 fact of tanh: tanh is odd, its slope even zoo-13"
    ) in text
    assert "rules-1 The gradient of an array has that array's shape. law: shape_and_dtype" in text
    assert "Jacobians: matrix_vector_product for A, linear_layer for W" in text


@pytest.mark.parametrize(("columns", "width"), [("80", 80), ("40", 60), ("400", 100)])
def test_no_line_is_too_long(
    columns: str, width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    main(["list", "--rules"])
    longest = max(len(text) for text in capsys.readouterr().out.splitlines())
    assert width - 5 < longest <= width


def test_with_a_ledger_it_says_how_each_did(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(
        tmp_path / "ledger.jsonl",
        [environment(), verdict(), verdict(backend="jax", verdict="known"), end()],
    )
    assert main(["list", "--rules", "--ledger", str(path)]) == 0
    shown = capsys.readouterr()
    text = " ".join(shown.out.split())
    assert "(normal equations) ◇ known deviation: jax native ✓ conforms: torch native" in text
    assert "identities: squared_norm, euclidean_norm component form" in text
    assert "not tried 2 of 2: jax native, torch native zoo-4" in text
    assert "The run was made with another version of the catalogue (8d1fc0a2b7e4" in shown.err


def test_a_folder_stands_for_the_ledger_in_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "ledger.jsonl", [environment(), verdict(), end()])
    assert main(["list", "--rules", "--ledger", str(tmp_path)]) == 0
    assert "✓ conforms: torch native" in capsys.readouterr().out


def test_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--rules", "--json"]) == 0
    without = {entry["id"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert list(without) == list(RULES)
    assert without["rules-1"] == {
        "id": "rules-1",
        "document": DOCUMENTS["rules"],
        "says": RULES["rules-1"],
        "encoded_by": [{"kind": "law", "name": "shape_and_dtype", "says": ""}],
    }
    write(tmp_path / "ledger.jsonl", [environment(), verdict(), end()])
    main(["list", "--rules", "--json", "--ledger", str(tmp_path)])
    entries = {entry["id"]: entry for entry in json.loads(capsys.readouterr().out)}
    place = {"backend": "torch", "route": "native"}
    assert entries["zoo-4"]["states"] == [{**place, "states": {"conforms": 1}}]
    assert entries["zoo-3"]["states"] == [{**place, "states": {"not tried": 2}}]


def test_what_is_doubtful_about_the_run_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "ledger.jsonl", [environment(), verdict(), *[HOSTILE] * 20])
    assert main(["list", "--rules", "--ledger", str(path)]) == 0
    said = capsys.readouterr().err
    assert "The run did not finish" in said
    assert "And 16 more lines could not be read." in said
    assert len(said.splitlines()) == 7


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "the file cannot be read (No such file or directory)"),
        (b"", "no verdict of a run is in it (the ledger is empty"),
        (b"# not a ledger\n" * 50, "no verdict of a run is in it (line 1 cannot be read"),
        (b"\xff\xfe\x00", "no verdict of a run is in it (line 1 stops in the middle"),
        (b'{"kind": "environment", "schema": 99}\n', "is written in version 99 of the ledger"),
        (b'{"kind": "environment", "schema": 1}\n', "no verdict of a run is in it\n"),
    ],
    ids=["missing", "empty", "text", "binary", "newer", "without verdicts"],
)
def test_a_ledger_that_is_none(
    content: bytes | None, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "ledger.jsonl"
    if content is not None:
        path.write_bytes(content)
    assert main(["list", "--rules", "--ledger", str(path)]) == 2
    shown = capsys.readouterr()
    assert said in shown.err
    assert str(path) in shown.err
    assert len(shown.err.splitlines()) == 1
    assert shown.out == ""


def test_a_folder_without_a_ledger(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--rules", "--ledger", str(tmp_path)]) == 2
    assert f"{tmp_path / 'ledger.jsonl'}: the file cannot be read" in capsys.readouterr().err


def test_a_ledger_is_for_the_rules(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--ledger", "report/ledger.jsonl"]) == 2
    assert "--ledger goes with --rules" in capsys.readouterr().err
