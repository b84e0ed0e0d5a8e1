"""A call that is known to end the process is not made, and fails; where it does not, it is made."""

from __future__ import annotations

import dataclasses

import pytest

from gradient_conformance.implementations.declared import Declared, Deviation
from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.laws import crashing, examine
from gradient_conformance.laws.crashing import dies
from gradient_conformance.laws.tally import Tally
from gradient_conformance.tests.implementations.broken import Dying
from gradient_conformance.tests.laws.trials import trial

DYING = f"{Dying.__module__}:Dying"
RECORD = Deviation(
    identity="trace",
    routes=("native",),
    dtypes=("float64",),
    laws=(),
    versions="",
    reason="it reads memory that is not its own",
    issue="",
    witness="n=3 regime=ordinary seed=0",
    where={"n": 3},
    crashes=True,
)


def test_a_process_of_its_own_tells_whether_it_dies() -> None:
    assert dies(DYING, "native", "trace", "float64", RECORD.witness)
    assert not dies("numpy", "native", "trace", "float64", RECORD.witness)


def test_what_raises_lives() -> None:
    assert not dies(f"{Dying.__module__}:Raising", "native", "trace", "float64", RECORD.witness)


def test_what_does_not_come_back_is_as_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crashing, "SECONDS", 0.01)
    assert dies("numpy", "native", "trace", "float64", "n=2 regime=ordinary seed=0")


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The record holds, of every backend."""
    monkeypatch.setattr(crashing, "records_of", lambda backend: Declared((RECORD,)))


@pytest.mark.usefixtures("recorded")
def test_a_recorded_case_is_not_tried_and_every_law_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crashing, "dies", lambda *witness: True)
    tried = trial(Dying, "trace", "n=3")  # pytest itself would die
    found = examine(tried, ["value", "gradient", "facts"])
    assert {v.outcome for v in found} == {"crash"}
    assert "it ends the process: it reads memory that is not its own" in found[0].message
    assert Tally((RECORD,)).add(tried.case, found) == []


@pytest.mark.usefixtures("recorded")
def test_others_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crashing, "dies", lambda *witness: True)
    found = examine(trial(NumPy, "trace", "n=4"), ["value", "gradient"])
    assert {v.outcome for v in found} == {"pass"}


@pytest.mark.usefixtures("recorded")
def test_where_the_witness_lives_the_case_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crashing, "dies", lambda *witness: False)
    found = examine(trial(NumPy, "trace", "n=3"), ["value", "gradient"])
    assert {v.outcome for v in found} == {"pass"}


def test_a_crash_that_is_not_on_record_is_a_failure() -> None:
    other = dataclasses.replace(RECORD, where={"n": 5})
    assert not other.covers("gradient", {"n": 3}, {})
    assert RECORD.covers("gradient", {"n": 3}, {})
