"""Side by side: every checker sees the fault that it is given, and nothing but that."""

from __future__ import annotations

import json
import os
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("jax")

from gradient_conformance.benchmarks import side_by_side
from gradient_conformance.benchmarks.checkers import Gradcheck, checkers
from gradient_conformance.benchmarks.side_by_side_views import picture, table
from gradient_conformance.benchmarks.subjects import SUBJECTS, Subject, right_backward

CHECKOUT = Path(os.environ.get("GRADIENT_CONFORMANCE_CHECKOUT", Path(__file__).parents[2]))
RECORDED = CHECKOUT / "benchmarks" / "side_by_side.json"

SMALL = Subject("softmax_cross_entropy", "softmax-CE 2×3", (("...", (2,)), ("n", 3)))
BY_NAME = {checker.name: checker for checker in checkers()}
EVERY_CHECKER = pytest.mark.parametrize("checker", checkers(), ids=BY_NAME)


def seeded(name: str):
    (found,) = (fault for fault in SMALL.faults() if fault.name == name)
    return found


@EVERY_CHECKER
def test_a_wrong_sign_is_caught(checker) -> None:
    assert side_by_side.complains(checker, seeded("sign:z"))


@EVERY_CHECKER
def test_the_right_gradient_is_found_right(checker) -> None:
    function = checker.function(SMALL, right_backward(SMALL))
    assert checker.check(function, SMALL.points[0]) == ""
    assert checker.check(checker.own(SMALL), SMALL.points[0]) == ""


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.identity)
@pytest.mark.parametrize("name", ["gradcheck_fast", "check_grads", "suite"])
def test_the_frameworks_have_the_five_functions(name: str, subject: Subject) -> None:
    checker = BY_NAME[name]
    assert checker.check(checker.own(subject), subject.points[0]) == ""


def test_some_are_missed_so_that_the_figures_can_tell() -> None:
    fault = seeded("off_by_a_hundred_thousandth:z")
    assert not fault.gross
    assert not side_by_side.complains(BY_NAME["gradcheck_slow"], fault)
    assert side_by_side.complains(BY_NAME["suite"], fault)


def test_a_fault_that_remembers_is_looked_for_at_two_points() -> None:
    assert len(seeded("stale_forward:z").points) == 2
    assert len(seeded("sign:z").points) == 1
    assert side_by_side.complains(BY_NAME["gradcheck_fast"], seeded("stale_forward:z"))


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.identity)
def test_every_fault_that_is_counted_changes_a_gradient(subject: Subject) -> None:
    right = right_backward(subject)
    faults = list(subject.faults())
    assert len(faults) > 20
    for fault in faults:
        wrong, changed = fault.backward(), False
        for case in fault.points:
            given = tuple(case.arguments().values()), case.cotangent()
            pairs = zip(wrong(*given), right(*given), strict=True)
            changed = not all(np.array_equal(a, b) for a, b in pairs)
        assert changed, fault.name
    assert subject.idle() > 0


def test_an_error_on_the_way_is_a_complaint() -> None:
    def broken(*x):
        raise RuntimeError("no such kernel")

    for checker in BY_NAME.values():
        assert "no such kernel" in checker.check(broken, SMALL.points[0])


def test_evaluations_are_counted() -> None:
    row = side_by_side.Row(0, 0)
    side_by_side.count_evaluations(BY_NAME["gradcheck_slow"], SMALL, row)
    assert row.forward > 2 * 12  # two for each of the 12 entries
    assert row.backward >= 2 * 2  # each of the 2 outputs, and again


def test_a_small_run_says_the_same_in_all_its_views() -> None:
    few = [BY_NAME["gradcheck_fast"], BY_NAME["suite"]]
    results = json.loads(json.dumps(side_by_side.run([SMALL], 1, 1, few)))
    rows = results["subjects"][SMALL.title]["checkers"]
    assert rows["suite"]["missed"] == []
    assert rows["suite"]["caught"] == rows["suite"]["faults"] > 20
    assert 0 < rows["gradcheck_fast"]["caught"] < rows["gradcheck_fast"]["faults"]
    assert all(row["milliseconds"] > 0 and row["forward"] > 0 for row in rows.values())
    shown = table(results)
    assert len(shown.splitlines()) == 2 + len(results["titles"])
    assert f"| {rows['suite']['caught']} (" in shown
    drawn = ElementTree.fromstring(picture(results))
    words = "".join(drawn.itertext())
    assert f"{rows['suite']['caught']} of {rows['suite']['faults']}" in words


def test_a_step_with_fewer_false_alarms_is_found() -> None:
    coarse = Gradcheck("coarse", "coarse", eps=1e-15)  # differences of rounding alone
    (better,) = side_by_side.with_fewer_alarms([coarse], [SMALL], 1)
    assert better.told.startswith("eps=0.00")


@pytest.mark.skipif(not RECORDED.exists(), reason="the results are in a checkout only")
def test_the_readme_shows_the_recorded_results() -> None:
    results = json.loads(RECORDED.read_text(encoding="utf-8"))
    assert table(results) in (CHECKOUT / "README.md").read_text(encoding="utf-8")
    drawn = RECORDED.with_suffix(".svg").read_text(encoding="utf-8")
    assert drawn == picture(results)
    assert len(drawn) < 30_000
