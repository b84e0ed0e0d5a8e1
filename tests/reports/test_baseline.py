"""A baseline: only what is new fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradient_conformance.commands.baseline import write_or_compare
from gradient_conformance.commands.selection import BadChoice
from gradient_conformance.reports.baseline import baseline, held_against, read_baseline
from gradient_conformance.tests.test_documents import CHECKOUT

from .synthetic import HOSTILE, end, environment, failure, ledger, verdict, write

LINE = "torch native least_squares float32 gradient A wrong"


def test_the_lines_are_the_failures(tmp_path: Path) -> None:
    read = ledger(
        tmp_path, verdict(), failure(verdict="wrong"), verdict(verdict="known", law="jvp")
    )
    assert baseline(read) == (LINE,)


@pytest.mark.parametrize(
    ("lines", "new", "gone", "untried"),
    [
        ([LINE], (), (), ()),
        ([LINE.replace("wrong", "imprecise")], (), (), ()),  # it fails otherwise, not anew
        ([], (LINE,), (), ()),
        ([LINE, "a b c d e f wrong"], (), (), ("a b c d e f wrong",)),
        (
            [LINE, "torch native other float32 gradient A wrong"],
            (),
            ("torch native other float32 gradient A wrong",),
            (),
        ),
    ],
)
def test_held_against(lines: list, new: tuple, gone: tuple, untried: tuple, tmp_path: Path) -> None:
    read = ledger(tmp_path, failure(verdict="wrong"), verdict(identity="other"))
    found = held_against(read, lines)
    assert (found.new, found.gone, found.untried) == (new, gone, untried)


def test_a_name_is_one_word(tmp_path: Path) -> None:
    read = ledger(tmp_path, failure(identity=HOSTILE, backend=HOSTILE))
    text = "\n".join(baseline(read))
    assert read_baseline(text) == baseline(read)
    assert held_against(read, read_baseline(text)).new == ()


def test_comments_and_what_is_no_line() -> None:
    assert read_baseline(f"# why\n\n  {LINE}  \n") == (LINE,)
    with pytest.raises(ValueError, match="line 2 has 3 words"):
        read_baseline("# why\na b c\n")


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    write(folder / "ledger.jsonl", [environment(), failure(verdict="wrong"), end(exit=1)])
    assert write_or_compare(folder, None) == 0
    kept = tmp_path / "baseline.txt"
    kept.write_text(capsys.readouterr().out, encoding="utf-8")
    assert write_or_compare(folder, kept) == 0
    assert "0 new failures" in capsys.readouterr().out
    kept.write_text("", encoding="utf-8")
    assert write_or_compare(folder, kept) == 1
    assert f"fails, and is not in the baseline: {LINE}" in capsys.readouterr().out
    with pytest.raises(BadChoice, match="--against"):
        write_or_compare(folder, tmp_path / "nowhere.txt")


def test_a_run_that_was_killed_is_not_right(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "ledger.jsonl", [environment(), verdict()])
    kept = tmp_path / "baseline.txt"
    kept.write_text("", encoding="utf-8")
    assert write_or_compare(tmp_path, kept) == 1
    assert "the run is not whole: The run did not finish" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([verdict(), end(exit=3)], "The run ended with exit code 3, before all was tried."),
        (
            [verdict(), failure(wrt="b"), end(exit=3)],
            "The run ended with exit code 3, before all was tried.",
        ),
        ([verdict(), end(exit=1)], "The run ended with exit code 1, and no verdict says why."),
        ([verdict(verdict="undecided"), end()], "Nothing passed and nothing failed."),
    ],
)
def test_a_run_that_broke_off_or_in_which_nothing_passed_is_not_right(
    lines: list, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path / "ledger.jsonl", [environment(), *lines])
    kept = tmp_path / "baseline.txt"
    kept.write_text(LINE.replace("gradient A", "gradient b"), encoding="utf-8")
    assert write_or_compare(tmp_path, kept) == 1
    said = capsys.readouterr().out
    assert f"the run is not whole: {says}" in said
    assert "0 new failures" in said


@pytest.mark.skipif(not (CHECKOUT / "tox.ini").exists(), reason="in a checkout only")
def test_the_committed_baseline_can_be_read() -> None:
    for path in (CHECKOUT / "reports" / "baseline").glob("*.txt"):
        read_baseline(path.read_text(encoding="utf-8"))
