"""Accuracy on the command line: asked for or not, kept in the ledger, and never a failure."""

from __future__ import annotations

import dataclasses
import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from gradient_conformance.commands.accuracy import accuracy_lines
from gradient_conformance.commands.conduct import conduct, failures
from gradient_conformance.commands.selection import BadChoice, Selection, Target, select
from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.implementation import Implementation
from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.laws.strategies import fixed_cases
from gradient_conformance.tests.commands.command_line import BROKEN, command, ledger_lines
from gradient_conformance.tests.implementations import broken

CHOSEN = select(backends=["numpy"], laws=["gradient"], accuracy=3)
FIXED = fixed_cases("sigmoid", "float32", CHOSEN.profile, CHOSEN.seed)


def target(adapter: type) -> Target:
    """The sigmoid of an adapter, in float32."""
    forward = CATALOGUE["sigmoid"].forward
    return Target(Implementation(adapter(), "native", "sigmoid", forward), "float32", "spec")


def lost(lines: list[dict[str, Any]]) -> dict[str | None, float]:
    """Digits lost, by argument."""
    return {line["wrt"]: line["lost"] for line in lines}


def test_a_lossy_backend_is_measured_and_passes() -> None:
    rows = conduct(target(broken.Cancelling), CHOSEN)
    assert {row["verdict"] for row in rows} == {"pass"}
    assert not failures(rows)
    (lines,) = (row["accuracy"] for row in rows if "accuracy" in row)
    assert lost(lines)["z"] > 3
    assert lost(conduct(target(NumPy), CHOSEN)[0]["accuracy"]) == {None: 0.0, "z": 0.0}


def test_it_is_measured_where_it_is_asked_for() -> None:
    assert select(backends=["numpy"]).accuracy == 0
    assert select(backends=["numpy"], profile="ci").accuracy > 0
    assert select(backends=["numpy"], profile="thorough", accuracy=0).accuracy == 0
    without = dataclasses.replace(CHOSEN, with_accuracy=0)
    assert accuracy_lines(target(broken.Cancelling), without) == []


@pytest.mark.parametrize("adapter", [broken.Raising, broken.Nothing])
def test_without_an_answer_there_is_no_line(adapter: type) -> None:
    assert accuracy_lines(target(adapter), CHOSEN) == []


def test_a_chosen_case_is_measured_alone() -> None:
    line = "...=1 regime=ordinary seed=0 z[0]=15.0 ybar[0]=1.0"
    chosen: Selection = dataclasses.replace(CHOSEN, case=line)
    found = accuracy_lines(target(broken.Cancelling), chosen)
    assert {measured["case"] for measured in found} == {line}
    assert lost(found)["z"] > 3


def test_a_chosen_case_has_no_axis() -> None:
    chosen: Selection = dataclasses.replace(CHOSEN, case="...=1 regime=ordinary seed=0")
    assert not any("along" in line for line in accuracy_lines(target(broken.Cancelling), chosen))


def test_an_element_wise_function_is_measured_along_the_axis() -> None:
    lines = {line["wrt"]: line for line in accuracy_lines(target(broken.Cancelling), CHOSEN)}
    assert lines.keys() == {None, "z"}
    along = lines["z"]["along"]
    assert along["case"] == "...=79 regime=axis seed=0"
    lost_at = dict(zip(along["at"], along["lost"], strict=True))
    assert len(lost_at) == 79
    assert lost_at[14.678] > 3
    assert lost_at[-1.0] == 0
    assert lost_at[10000.0] is None
    assert all(round(x, 2) == x for x in along["lost"] if x is not None)
    assert len(json.dumps(along)) < 1500, "there is one in hundreds of lines"
    most = max(x for x in along["lost"] if x is not None)
    assert lines["z"]["lost"] >= most - 0.01, "the worst input found is no better than any on it"
    assert set(lines[None]["along"]["lost"]) <= {0, None}


def test_the_axis_costs_one_call_and_one_for_its_worst_entries() -> None:
    asked: list[tuple[int, ...]] = []

    class Counting(broken.Cancelling):
        def vjp(self, function: Any, arguments: Any, wrt: Any, ybar: Any) -> Any:
            asked.append(arguments["z"].shape)
            return super().vjp(function, arguments, wrt, ybar)

    accuracy_lines(target(Counting), CHOSEN)
    fixed = [case.arguments()["z"].shape for case in FIXED]
    assert asked == [(79,), (1,), (1,), *fixed, *asked[3 + len(fixed) :]]
    assert len(asked) <= 3 + len(fixed) + CHOSEN.accuracy


def test_a_function_of_several_numbers_has_no_axis() -> None:
    forward = CATALOGUE["softmax"].forward
    softmax = Target(Implementation(NumPy(), "native", "softmax", forward), "float32", "spec")
    lines = accuracy_lines(softmax, CHOSEN)
    assert lines
    assert not any("along" in line for line in lines)


def test_the_worst_input_of_the_axis_is_told_by_itself() -> None:
    few = dataclasses.replace(CHOSEN, with_accuracy=1)
    (slope,) = (x for x in accuracy_lines(target(broken.Cancelling), few) if x["wrt"] == "z")
    assert slope["case"].startswith("...=1 regime=ordinary seed=0 z[0]=")
    assert slope["case"].endswith(" ybar[0]=1.0")


def test_fewer_than_none_are_refused() -> None:
    with pytest.raises(BadChoice, match="--accuracy -1 is negative"):
        select(backends=["numpy"], accuracy=-1)


def test_from_the_command_to_the_report_and_back(tmp_path: Path) -> None:
    choice = ["--backend", f"{BROKEN}:Cancelling", "--identity", "sigmoid", "--dtype", "float32"]
    done = command("run", *choice, "--accuracy", "3", "--out", "out", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [line for line in ledger_lines(tmp_path / "out") if line["kind"] == "accuracy"]
    assert lost(lines)["z"] > 3
    assert not [line for line in ledger_lines(tmp_path / "out") if "accuracy" in line]
    assert "Digits lost" in (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert "Digits lost" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    (again,) = (line["reproduce"] for line in lines if line["wrt"] == "z")
    done = command(*shlex.split(again)[1:], "--out", "again", cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    repeated = [line for line in ledger_lines(tmp_path / "again") if line["kind"] == "accuracy"]
    assert lost(repeated)["z"] == lost(lines)["z"]
    assert [line["wrt"] for line in lines if line["along"]["case"]] == [None, "z"]
