"""A run in parts: run --shard, merge, and diff of what comes of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gradient_conformance.commands.diff import diff
from gradient_conformance.commands.merge import merge
from gradient_conformance.commands.selection import BadChoice, select
from gradient_conformance.reports.ledger import read_ledger
from gradient_conformance.reports.summary import summarise
from gradient_conformance.tests.reports.synthetic import end, environment, verdict, write

from .command_line import BROKEN, command, ledger_lines


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run as a whole, and in three parts."""
    folder = tmp_path_factory.mktemp("parts")
    words = ["run", "--backend", "numpy", "--identity", "s*", "--dtype", "float64"]
    assert command(*words, "--out", "whole", cwd=folder).returncode == 0
    for k in (1, 2, 3):
        done = command(*words, "--shard", f"{k}/3", "--out", f"part{k}", cwd=folder)
        assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_the_parts_are_the_whole() -> None:
    whole = {target.id for target in select(backends=["numpy"]).targets()}
    parts = [
        {target.id for target in select(backends=["numpy"], shard=f"{k}/4").targets()}
        for k in (1, 2, 3, 4)
    ]
    assert set.union(*parts) == whole
    assert sum(map(len, parts)) == len(whole)
    assert min(map(len, parts)) > 0


@pytest.mark.parametrize("shard", ["0/3", "4/3", "2", "a/b", "1/0", "-1/2", "1/2/3"])
def test_a_part_of_nothing_is_refused(shard: str) -> None:
    with pytest.raises(BadChoice, match="--shard"):
        select(backends=["numpy"], shard=shard)


def test_a_part_by_itself_does_not_conform(runs: Path) -> None:
    summary = summarise(read_ledger(runs / "part1" / "ledger.jsonl"))
    assert not summary.conforms
    assert "This is part 1/3 of a run that was split" in summary.doubts[0]


def test_merged_they_say_what_the_whole_says(runs: Path, tmp_path: Path) -> None:
    out = tmp_path / "all"
    assert merge([runs / f"part{k}" for k in (3, 1, 2)], out) == 0
    assert (out / "report.html").exists()
    assert diff(runs / "whole", out, "text") == 0

    def told(folder: Path) -> set[tuple]:
        return {
            tuple(str(line.get(k)) for k in ("identity", "law", "wrt", "verdict", "digits", "case"))
            for line in ledger_lines(folder)
            if line["kind"] == "verdict"
        }

    assert told(out) == told(runs / "whole")


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        (["part1", "part3"], "Part 2/3 is missing."),
        (["part1", "part2", "part3", "part3"], "Part 3/3 is there twice."),
        (["whole", "part1"], "The parts say of themselves to be no part, 1/3."),
    ],
)
def test_what_is_missing_is_said(parts: list[str], says: str, runs: Path, tmp_path: Path) -> None:
    assert merge([runs / part for part in parts], tmp_path / "all") == 1
    summary = summarise(read_ledger(tmp_path / "all" / "ledger.jsonl"))
    assert says in summary.doubts
    assert says in (tmp_path / "all" / "report.md").read_text(encoding="utf-8")


def test_a_part_of_another_run_and_one_that_was_killed(runs: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    lines = ledger_lines(runs / "part2")
    lines[0]["seed"] = 5
    text = "".join(json.dumps(line) + "\n" for line in lines[:-1])  # without its end
    (other / "ledger.jsonl").write_text(text, encoding="utf-8")
    assert merge([runs / "part1", other, runs / "part3"], tmp_path / "all") == 1
    doubts = summarise(read_ledger(tmp_path / "all" / "ledger.jsonl")).doubts
    assert any("has another seed than" in doubt for doubt in doubts)
    assert any("the run did not finish" in doubt for doubt in doubts)


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 100_000,
        json.dumps(verdict(message="\ud800")).encode(),
        b'{"kind": "end", "seconds": "long", "exit": "x", "items": []}',
        b'{"kind": "end", "seconds": NaN, "exit": 0}',
        b"\xff",
    ],
)
def test_a_part_with_a_line_that_is_none(line: bytes, runs: Path, tmp_path: Path) -> None:
    part = tmp_path / "part3"
    part.mkdir()
    content = (runs / "part3" / "ledger.jsonl").read_bytes()
    head, _, last = content.rstrip().rpartition(b"\n")
    (part / "ledger.jsonl").write_bytes(b"\n".join([head, line, last, b""]))
    assert merge([runs / "part1", runs / "part2", part], tmp_path / "all") in (0, 1)
    whole = read_ledger(tmp_path / "all" / "ledger.jsonl")
    assert {v.identity for v in read_ledger(part / "ledger.jsonl").verdicts} < {
        v.identity for v in whole.verdicts
    }
    assert whole.end is not None
    if read_ledger(part / "ledger.jsonl").problems:
        assert not summarise(whole).conforms


@pytest.mark.parametrize(
    ("shard", "says"),
    [
        ("x/y", "The parts say of themselves to be x/y."),
        ("1/99999999999", "The parts say of themselves to be 1/99999999999."),
        ("1/900000", "899,979 more parts are missing."),
    ],
)
def test_a_part_of_no_sensible_whole(shard: str, says: str, tmp_path: Path) -> None:
    write(tmp_path / "ledger.jsonl", [environment(shard=shard), verdict(), end()])
    assert merge([tmp_path], tmp_path / "all") == 1
    assert says in summarise(read_ledger(tmp_path / "all" / "ledger.jsonl")).doubts


def test_a_part_that_gets_nothing_is_no_failure_and_is_merged(tmp_path: Path) -> None:
    words = ["run", "--backend", "numpy", "--identity", "square", "--dtype", "float64"]
    done = command(*words, "--shard", "2/2", "--out", "part2", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "part 2/2 of the run has nothing to try: there are more parts than" in done.stderr
    found = read_ledger(tmp_path / "part2" / "ledger.jsonl")
    assert not found.verdicts
    assert not found.problems
    assert "Nothing fell to this part, so it has no verdicts." in summarise(found).doubts
    assert not summarise(found).conforms
    assert command(*words, "--shard", "1/2", "--out", "part1", cwd=tmp_path).returncode == 0
    parts = [tmp_path / "part2", tmp_path / "part1"]
    assert merge(parts, tmp_path / "all") == 0
    assert merge(parts[:1], tmp_path / "lacks") == 1


def test_a_whole_run_with_nothing_to_try_is_a_wrong_call() -> None:
    with pytest.raises(BadChoice, match="nothing to run: no chosen backend has a chosen dtype"):
        select(backends=["numpy"], dtypes=["bfloat16"])
    with pytest.raises(BadChoice, match="nothing to run: no chosen backend has a chosen dtype"):
        select(backends=["numpy"], dtypes=["bfloat16"], shard="1/2")


@pytest.mark.parametrize("lines", [[environment(shard="1/2")], [environment(), end()]])
def test_a_part_that_was_killed_before_its_first_verdict_is_refused(
    lines: list[dict[str, object]], tmp_path: Path
) -> None:
    write(tmp_path / "ledger.jsonl", lines)
    with pytest.raises(BadChoice, match="no verdict of a run is in it"):
        merge([tmp_path], tmp_path / "all")


def test_merge_does_not_write_over_a_part(runs: Path) -> None:
    with pytest.raises(BadChoice, match="one of the parts lies there"):
        merge([runs / "part1", runs / "part2"], runs / "part1")


def test_diff_exits_with_1_where_something_fails_that_did_not(runs: Path, tmp_path: Path) -> None:
    words = ["run", "--identity", "square", "--dtype", "float64", "--law", "gradient"]
    command(*words, "--backend", "numpy", "--out", "old", cwd=tmp_path)
    new = tmp_path / "new"
    command(*words, "--backend", f"{BROKEN}:Negated", "--out", "new", cwd=tmp_path)
    text = (new / "ledger.jsonl").read_text(encoding="utf-8").replace("negated", "numpy")
    (new / "ledger.jsonl").write_text(text, encoding="utf-8")
    done = command("diff", "old", "new", cwd=tmp_path)
    assert done.returncode == 1
    assert "numpy native square: gradient of X in float64: pass → wrong" in done.stdout
    back = command("diff", "new", "old", "--format", "markdown", cwd=tmp_path)
    assert back.returncode == 0
    assert "### Newly passing" in back.stdout


def test_diff_of_nothing(tmp_path: Path) -> None:
    done = command("diff", "here", "there", cwd=tmp_path)
    assert done.returncode == 2
    assert "diff here: the file cannot be read" in done.stderr
    assert "Traceback" not in done.stderr
