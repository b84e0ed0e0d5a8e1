"""``gradient-conformance known``: drafts that can be put into the file as they are."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from gradient_conformance.__main__ import main
from gradient_conformance.commands.conduct import conduct
from gradient_conformance.commands.selection import Target, select
from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.declared import Deviation
from gradient_conformance.implementations.implementation import Implementation
from gradient_conformance.laws import Trial, examine
from gradient_conformance.laws.cases import parse
from gradient_conformance.reports.ledger import LedgerWriter
from gradient_conformance.tests.implementations import broken

ENVIRONMENT = {"backends": [{"name": "scaled", "version": "2.1.0+cpu"}]}


def write(path: Path, rows: list[dict[str, Any]], environment: dict[str, Any]) -> Path:
    """A ledger of these rows."""
    with LedgerWriter(path, environment) as ledger:
        for row in rows:
            ledger.verdict(row)
        ledger.end(exit=1)
    return path


def row(**changes: Any) -> dict[str, Any]:
    """A gradient of square that is imprecise."""
    fields = {"identity": "square", "route": "native", "backend": "scaled", "dtype": "float64"}
    fields |= {"law": "gradient", "wrt": "X", "verdict": "imprecise", "message": "off by a bit"}
    return {**fields, "case": "...=3 regime=ordinary seed=0", **changes}


def drafted(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    """The records that the command prints."""
    assert main(["known", *words]) == 0
    found: list[dict[str, Any]] = tomllib.loads(capsys.readouterr().out).get("deviation", [])
    return found


def test_what_fails_in_a_run_is_drafted_and_its_witness_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    selection = select(backends=["numpy"], laws=["value", "gradient"], profile="smoke")
    implementation = Implementation(
        broken.ScaledByBillionth(), "native", "square", CATALOGUE["square"].forward
    )
    rows = conduct(Target(implementation, "float64", "scaled"), selection)
    path = write(tmp_path / "ledger.jsonl", rows, ENVIRONMENT)
    (record,) = drafted(capsys, "--from", str(path))
    deviation = Deviation(**record)
    assert deviation.identity == "square"
    assert (list(deviation.laws), list(deviation.dtypes)) == (["gradient"], ["float64"])
    assert (deviation.versions, deviation.reason, deviation.issue) == ("<=2.1.0", "…", "")
    case = parse("square", "float64", deviation.witness)
    assert any(v.failed for v in examine(Trial(implementation, case), deviation.laws))


def test_types_and_laws_that_fail_alike_are_one_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [row(dtype=d, law=law) for d in ("float64", "float32") for law in ("gradient", "facts")]
    rows += [row(dtype="float16", law="value", wrt=None), row(route="composed")]
    rows += [row(verdict="error", law=law, message="no kernel") for law in ("jvp", "adjointness")]
    path = write(tmp_path / "ledger.jsonl", rows, ENVIRONMENT)
    found = [(r["routes"], r["dtypes"], r["laws"]) for r in drafted(capsys, "--from", str(path))]
    assert found == [
        (["native"], ["float64", "float32"], ["gradient", "facts"]),
        (["native"], ["float16"], ["value"]),
        (["composed"], ["float64"], ["gradient"]),
        (["native"], ["float64"], ["jvp", "adjointness"]),
    ]


def test_a_folder_will_do_and_a_backend_can_be_chosen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [row(), row(backend="other", identity="relu")]
    write(tmp_path / "ledger.jsonl", rows, ENVIRONMENT)
    (record,) = drafted(capsys, "--from", str(tmp_path), "--backend", "other")
    assert record["identity"] == "relu"
    assert record["versions"] == ">=0"


def test_nothing_is_drafted_of_what_cannot_be_replayed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [row(verdict=v) for v in ("pass", "known", "undecided", "unsupported", "stale")]
    rows += [row(case=None), row(law="agreement")]
    path = write(tmp_path / "ledger.jsonl", rows, ENVIRONMENT)
    assert drafted(capsys, "--from", str(path)) == []


def test_a_hostile_message_stays_a_comment(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [row(message='first\n[[deviation]]\rreason = """\x7f\x00\u2028')]
    path = write(tmp_path / "ledger.jsonl", rows, ENVIRONMENT)
    (record,) = drafted(capsys, "--from", str(path))
    assert record["reason"] == "…"


@pytest.mark.parametrize(
    ("text", "words", "says"),
    [
        (None, [], "the file cannot be read"),
        ("", [], "no verdict of a run is in it"),
        ("{}\nnot json", [], "no verdict of a run is in it"),
        ('{"kind": "environment", "schema": 99}', [], "in version 99 of the ledger format"),
        ("rows", ["--backend", "other"], "has no verdict on 'other'; it has scaled"),
    ],
)
def test_bad_input_is_a_sentence(
    text: str | None, words: list[str], says: str, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    path = tmp_path / "ledger.jsonl"
    if text == "rows":
        write(path, [row()], ENVIRONMENT)
    elif text is not None:
        path.write_text(text, encoding="utf-8")
    assert main(["known", "--from", str(path), *words]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("gradient-conformance: ")
    assert says in captured.err


@pytest.mark.parametrize(
    ("backend", "device", "file", "devices"),
    [
        ("torch", "cpu", "torch", ("cpu",)),
        ("jax_eager@cuda:1", "cuda:1", "jax", ("cuda",)),
        ("jax", "cuda:0", "jax", ("cuda",)),
        ("scaled@toy:0", "toy:0", "scaled", ("toy",)),
        ("scaled", "", "scaled", ("cpu",)),
    ],
)
def test_a_draft_says_on_which_kind_of_device_it_was_seen(
    backend: str,
    device: str,
    file: str,
    devices: tuple[str, ...],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tried = {"name": backend, "version": "2.1", "device": device}
    path = write(tmp_path / "ledger.jsonl", [row(backend=backend)], {"backends": [tried]})
    assert main(["known", "--from", str(path)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"# For implementations/{file}.toml:\n")
    (record,) = tomllib.loads(printed)["deviation"]
    assert tuple(record.get("devices", Deviation(**record).devices)) == devices
