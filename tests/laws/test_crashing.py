"""A call that is known to end the process is not made, and fails; where it does not, it is made."""

from __future__ import annotations

import dataclasses

import pytest

from gradient_conformance.implementations.declared import Declared, Deviation
from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.laws import crashing, examine
from gradient_conformance.laws.crashing import call_once, dies
from gradient_conformance.laws.tally import Tally
from gradient_conformance.laws.verdicts import Verdict
from gradient_conformance.tests.implementations.broken import Dying, DyingTwiceDifferentiated
from gradient_conformance.tests.laws.trials import trial

DYING = f"{Dying.__module__}:Dying"
RECORD = Deviation(
    identity="trace",
    routes=("native",),
    dtypes=("float64",),
    laws=("value", "gradient", "facts"),
    versions="",
    reason="it reads memory that is not its own",
    issue="",
    witness="n=3 regime=ordinary seed=0",
    where={"n": 3},
    crashes=("vjp",),
)
TWICE = "hvp reverse over reverse"
OF_HVP = dataclasses.replace(
    RECORD, laws=("hvp_reverse_over_reverse", "hessian_symmetry"), crashes=("hvp",)
)


def test_a_process_of_its_own_tells_whether_it_dies() -> None:
    assert dies(DYING, "native", "trace", "float64", RECORD.witness, "vjp")
    assert not dies("numpy", "native", "trace", "float64", RECORD.witness, "vjp")


@pytest.mark.parametrize(
    ("ability", "dead"),
    [("vjp", False), (TWICE, True), ("hvp", True), ("hvp forward over forward", False)],
)
def test_it_tells_by_which_call(ability: str, dead: bool) -> None:
    spec = f"{DyingTwiceDifferentiated.__module__}:DyingTwiceDifferentiated"
    assert dies(spec, "native", "trace", "float64", RECORD.witness, ability) == dead


@pytest.mark.parametrize(
    ("ability", "argument", "cotangent"),
    [
        ("vjp", (3, 3), ()),
        ("batched_vjp", (2, 3, 3), (2,)),
        ("compiled_vjp", (3, 3), ()),
        ("accumulated_vjp", (3, 3), (2,)),
    ],
)
def test_each_ability_is_asked_as_the_laws_ask_it(
    ability: str, argument: tuple, cotangent: tuple, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def record(self, function, arguments, wrt, ybar):
        asked.append((arguments["X"].shape, ybar.shape))
        raise InterruptedError

    monkeypatch.setattr(NumPy, ability, record)
    with pytest.raises(InterruptedError):
        call_once("numpy", "native", "trace", "float64", RECORD.witness, ability)
    assert asked == [(argument, cotangent)]


def test_forward_mode_is_asked_along_a_tangent(monkeypatch: pytest.MonkeyPatch) -> None:
    def record(self, function, arguments, tangents):
        raise InterruptedError(str(tangents["X"].shape))

    monkeypatch.setattr(NumPy, "jvp", record)
    with pytest.raises(InterruptedError, match=r"\(3, 3\)"):
        call_once("numpy", "native", "trace", "float64", RECORD.witness, "jvp")


def test_what_raises_lives() -> None:
    spec = f"{Dying.__module__}:Raising"
    assert not dies(spec, "native", "trace", "float64", RECORD.witness, "vjp")


def test_what_does_not_come_back_is_as_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crashing, "SECONDS", 0.01)
    assert dies("numpy", "native", "trace", "float64", "n=2 regime=ordinary seed=0", "vjp")


def keep(record: Deviation, dead: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record holds, of every backend, and its witness dies or not."""
    monkeypatch.setattr(crashing, "records_of", lambda backend: Declared((record,)))
    monkeypatch.setattr(crashing, "dies", lambda *witness: dead)


def test_a_recorded_case_is_not_tried_and_its_laws_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    keep(RECORD, True, monkeypatch)
    tried = trial(Dying, "trace", "n=3")  # pytest itself would die
    found = examine(tried, ["value", "gradient", "facts"])
    assert {v.outcome for v in found} == {"crash"}
    assert "it ends the process: it reads memory that is not its own" in found[0].message
    assert Tally((RECORD,)).add(tried.case, found) == []


def test_where_second_derivatives_end_the_process_the_first_are_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keep(OF_HVP, True, monkeypatch)
    tried = trial(DyingTwiceDifferentiated, "trace", "n=3")  # pytest itself would die
    found = examine(tried, ["value", "gradient", *OF_HVP.laws])
    assert {v.law: v.outcome for v in found} == {
        "value": "pass",
        "gradient": "pass",
        "hvp_reverse_over_reverse": "crash",
        "hessian_symmetry": "crash",
    }
    assert Tally((OF_HVP,)).add(tried.case, found) == []


def test_of_one_nesting_the_others_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    keep(dataclasses.replace(OF_HVP, crashes=(TWICE,)), True, monkeypatch)
    tried = trial(DyingTwiceDifferentiated, "trace", "n=3")
    found = examine(tried, ["hvp_reverse_over_reverse", "hvp_forward_over_forward"])
    assert [v.outcome for v in found] == ["crash", "pass"]


@pytest.mark.parametrize("crashes", [("hvp",), ("jvp", "compiled_vjp")])
def test_a_record_of_another_ability_keeps_no_call_back(
    crashes: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(dataclasses.replace(RECORD, crashes=crashes), True, monkeypatch)
    found = examine(trial(NumPy, "trace", "n=3"), ["value", "gradient"])
    assert {v.outcome for v in found} == {"pass"}


def test_others_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    keep(RECORD, True, monkeypatch)
    found = examine(trial(NumPy, "trace", "n=4"), ["value", "gradient"])
    assert {v.outcome for v in found} == {"pass"}


def test_where_the_witness_lives_the_case_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    keep(RECORD, False, monkeypatch)
    found = examine(trial(NumPy, "trace", "n=3"), ["value", "gradient"])
    assert {v.outcome for v in found} == {"pass"}


def test_a_crash_in_a_law_or_a_case_that_is_not_on_record_is_a_failure() -> None:
    tried = trial(NumPy, "trace", "n=3")
    crash = Verdict("gradient", "X", "crash")
    assert Tally((RECORD,)).add(tried.case, [crash]) == []
    assert Tally((OF_HVP,)).add(tried.case, [crash]) == [crash]
    elsewhere = dataclasses.replace(RECORD, where={"n": 5})
    assert Tally((elsewhere,)).add(tried.case, [crash]) == [crash]


def test_a_record_of_a_crash_is_none_of_a_wrong_number() -> None:
    wrong = Verdict("gradient", "X", "wrong", 9.0)
    assert Tally((RECORD,)).add(trial(NumPy, "trace", "n=3").case, [wrong]) == [wrong]
