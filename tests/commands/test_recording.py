"""The recorder: what becomes of a test that ends before its verdict."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gradient_conformance.commands.conduct import plain_row
from gradient_conformance.commands.recording import Recorder
from gradient_conformance.commands.selection import Selection, select

from .command_line import verdicts


def chosen() -> Selection:
    return select(
        backends=["numpy"], identities=["square"], dtypes=["float64"], laws=["value", "gradient"],
        routes=[], profile="smoke", seed=0, seconds=20.0, case=None, every_input=False,
        accuracy=None,
    )  # fmt: skip


def report(selection: Selection, outcome: Any, rows: list[dict[str, Any]]) -> pytest.TestReport:
    (target,) = selection.targets()
    nodeid = f"tests/conformance/test_conformance.py::test_conforms[{target.id}]"
    raised = "RuntimeWarning: overflow" if outcome == "failed" else None
    found = pytest.TestReport(nodeid, ("", 0, ""), {}, outcome, raised, "call")
    vars(found)["conformance"] = [rows]
    return found


@pytest.mark.parametrize(
    ("outcome", "verdict", "recorded"),
    [
        ("passed", "pass", ["pass"]),
        ("failed", "wrong", ["wrong"]),
        ("failed", "pass", ["pass", "error"]),  # it ended early: what was found is not all
    ],
)
def test_a_failed_test_leaves_a_failing_row(
    outcome: str, verdict: str, recorded: list[str], tmp_path: Path
) -> None:
    selection = chosen()
    (target,) = selection.targets()
    recorder = Recorder(selection, str(tmp_path), ["run"])
    row = plain_row(target, selection, "value", verdict)
    recorder.pytest_runtest_logreport(report(selection, outcome, [row]))
    recorder.pytest_sessionfinish(0)
    found = verdicts(tmp_path)
    assert [line["verdict"] for line in found] == recorded
    if recorded[-1] == "error":
        assert found[-1]["message"] == (
            "the test ended before it came to its last verdict: RuntimeWarning: overflow"
        )
