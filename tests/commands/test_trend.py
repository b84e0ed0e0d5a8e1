"""``gradient-conformance trend``: what is refused, and what it exits with."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from gradient_conformance.__main__ import main
from gradient_conformance.tests.reports.synthetic import end, environment, failure, verdict, write


@pytest.fixture(autouse=True)
def _here(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(runs)
    monkeypatch.setattr(sys, "path", [*sys.path])  # the command puts the folder there


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Folders good, bad, mended; a file of a newer format, an empty one."""
    for name, line in (("good", verdict()), ("bad", failure()), ("mended", verdict())):
        (tmp_path / name).mkdir()
        write(tmp_path / name / "ledger.jsonl", [environment(), line, end()])
    write(tmp_path / "newer.jsonl", [environment(schema=99), verdict()])
    write(tmp_path / "empty.jsonl", [])
    return tmp_path


@pytest.mark.parametrize(
    ("words", "code", "begins"),
    [
        (["good", "mended"], 0, "Nothing changed"),
        (["good", "bad"], 1, "The last run is worse than an earlier one"),
        (["good", "bad", "mended"], 0, "The last run is no worse than those before it"),
        (["bad", "mended"], 0, "The last run is no worse"),
        (["good/ledger.jsonl", "mended", "bad", "--format", "markdown"], 1, "## The last run is w"),
        (["good", "bad", "mended", "--format", "html"], 0, "<!doctype html>"),
    ],
)
def test_it_exits_with_1_where_the_last_run_is_worse(
    words: list[str], code: int, begins: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["trend", *words]) == code
    out, err = capsys.readouterr()
    assert out.startswith(begins)
    assert err == ""


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["good"], "trend good: one run has no course; name two or more, the oldest first"),
        (["good", "newer.jsonl"], "newer.jsonl is written in version 99 of the ledger format"),
        (["good", "nowhere"], "trend nowhere: the file cannot be read"),
        (["good", "empty.jsonl"], "no verdict of a run is in it (the ledger is empty"),
        (["good", "bad", "good"], "ledger.jsonl is named twice"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(
    words: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["trend", *words]) == 2
    out, err = capsys.readouterr()
    assert says in err
    assert out == ""


def test_without_a_run_the_usage_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["trend"])
    assert "the following arguments are required: RUN" in capsys.readouterr().err
