"""The command teeth: what it writes, says and returns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gradient_conformance.__main__ import main
from gradient_conformance.faults import FAULTS, gradient_fault
from gradient_conformance.tests.implementations.broken import ScaledByBillionth

FEW = ["--backend", "numpy", "--identity", "softmax", "--dtype", "float64", "--seed", "0"]


def teeth(folder: Path, *more: str) -> int:
    """Run the command on softmax by NumPy."""
    return main(["teeth", *FEW, "--out", str(folder), *more])


def test_the_kill_matrix_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert teeth(tmp_path, "--fault", "sign", "--fault", "zero", "--seed", "1") == 0
    found = json.loads((tmp_path / "teeth.json").read_text(encoding="utf-8"))
    assert {row["fault"] for row in found["rows"]} == {"sign", "zero"}
    assert {row["outcome"] for row in found["rows"]} == {"killed"}
    assert {row["hunts"] for row in found["rows"]} == {2}
    assert all("gradient" in row["laws"] and row["examples"] > 0 for row in found["rows"])
    assert found["environment"]["seeds"] == [0, 1]
    assert found["environment"]["complete"]
    assert found["controls"] == []
    assert "2 killed, 0 survived; no false alarm." in " ".join(capsys.readouterr().out.split())
    assert "sign" in (tmp_path / "teeth.html").read_text(encoding="utf-8")
    assert "| entries |" in (tmp_path / "teeth.md").read_text(encoding="utf-8")


def test_a_survivor_makes_it_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    @gradient_fault("one rounding more")
    def one_rounding_more(call, g, name):
        return g * (1 + 2.0**-52)

    try:
        assert teeth(tmp_path, "--fault", "one_rounding_more") == 1
    finally:
        del FAULTS["one_rounding_more"]
    told = capsys.readouterr()
    assert "survived: one_rounding_more on softmax, numpy native float64" in told.err
    said = " ".join(told.out.split())
    assert "✗ survived: one_rounding_more on softmax numpy native float64" in said


def test_a_reason_that_does_not_hold_makes_it_fail(tmp_path: Path) -> None:
    @gradient_fault("wrong all the same", equivalent={"softmax": "so somebody thought, wrongly"})
    def wrong_all_the_same(call, g, name):
        return -g

    try:
        assert teeth(tmp_path, "--fault", "wrong_all_the_same") == 1
    finally:
        del FAULTS["wrong_all_the_same"]
    (row,) = json.loads((tmp_path / "teeth.json").read_text(encoding="utf-8"))["rows"]
    assert row["outcome"] == "stale"
    assert row["reason"] == "so somebody thought, wrongly"


def test_an_implementation_that_is_killed_without_a_fault_is_a_false_alarm(tmp_path: Path) -> None:
    broken = f"{ScaledByBillionth.__module__}:ScaledByBillionth"
    words = ["--backend", broken, *FEW[2:], "--fault", "sign", "--out", str(tmp_path)]
    assert main(["teeth", *words]) == 1
    found = json.loads((tmp_path / "teeth.json").read_text(encoding="utf-8"))
    (alarm,) = found["controls"]
    assert alarm["outcome"] == "false alarm"
    assert alarm["seed"] == 0
    assert "gradient" in alarm["laws"]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["--fault", "nonsense"], "no fault matches 'nonsense'"),
        (["-n", "many"], "-n 'many' is not a number of workers"),
        (["--profile", "hard"], "there is no profile 'hard'"),
        (["--sensitivity", "0"], "--sensitivity 0 is not a number of runs"),
    ],
)
def test_bad_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], answer: str
) -> None:
    assert teeth(tmp_path, *words) == 2
    assert answer in capsys.readouterr().err
    assert not (tmp_path / "teeth.json").exists()


def test_the_faults_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["teeth", "--list"]) == 0
    out = capsys.readouterr().out
    assert all(f"  {name} " in out and fault.says in out for name, fault in FAULTS.items())


def test_in_processes_of_their_own_the_rows_are_the_same(tmp_path: Path) -> None:
    for workers in ("0", "1"):
        assert teeth(tmp_path / workers, "--fault", "sign", "-n", workers) == 0
    one, other = (
        json.loads((tmp_path / workers / "teeth.json").read_text(encoding="utf-8"))["rows"]
        for workers in ("0", "1")
    )
    assert one == other


def test_the_sensitivity_is_put_beside_what_a_hunt_wrote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert teeth(tmp_path, "--fault", "sign") == 0
    assert teeth(tmp_path, "--sensitivity", "2", "--profile", "smoke") == 0
    found = json.loads((tmp_path / "teeth.json").read_text(encoding="utf-8"))
    assert len(found["rows"]) == 1
    (row,) = found["sensitivity"]
    assert teeth(tmp_path, "--fault", "zero") == 0
    again = json.loads((tmp_path / "teeth.json").read_text(encoding="utf-8"))
    assert again["sensitivity"] == [row]
    assert {r["fault"] for r in again["rows"]} == {"zero"}
    assert row["identity"] == "softmax"
    assert 1e-16 < row["whole"] <= row["entry"] < 1e-12
    assert found["sensitivity_of"]["runs"] == 2
    assert "a whole gradient" in capsys.readouterr().out


def test_the_sensitivity_is_not_put_into_a_file_that_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "teeth.json").write_text('{"kind": "teeth", "schema": 1, "rows": [', "utf-8")
    assert teeth(tmp_path, "--sensitivity", "1") == 2
    said = capsys.readouterr().err
    assert "it stops in the middle" in said
    assert "--out names another folder" in said
    assert (tmp_path / "teeth.json").read_text(encoding="utf-8").endswith("[")


def test_a_fault_of_a_mode_is_put_only_where_a_law_asks_for_that_mode(tmp_path: Path) -> None:
    """PyTorch's attention has no forward mode, as recorded: no law asks it for one."""
    words = ["--backend", "torch", "--identity", "attention", "--dtype", "float32", "--seed", "0"]
    words += ["--fault", "forward_mode_doubled", "--out", str(tmp_path)]
    assert main(["teeth", *words]) == 0
    rows = json.loads((tmp_path / "teeth.json").read_text(encoding="utf-8"))["rows"]
    assert {(row["route"], row["outcome"]) for row in rows} == {("composed", "killed")}
