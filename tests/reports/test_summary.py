"""The summary: counts, groups, the matrix, and whether a run conforms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gradient_conformance.laws import LAW_NAMES
from gradient_conformance.laws.verdicts import FAILURES, OUTCOMES
from gradient_conformance.reports import wording
from gradient_conformance.reports.ledger import read_ledger
from gradient_conformance.reports.summary import Summary, summarise
from gradient_conformance.reports.wording import LAWS
from gradient_conformance.tests.reports.synthetic import (
    end,
    environment,
    failure,
    full_size,
    ledger,
    verdict,
    write,
)


def summary(folder: Path, *verdicts: dict[str, Any], **ending: Any) -> Summary:
    return summarise(ledger(folder, *verdicts, **ending))


def test_counts_by_verdict(tmp_path: Path) -> None:
    found = summary(tmp_path, verdict(), verdict(wrt="x"), verdict(wrt="b", verdict="undecided"))
    assert found.counts == dict.fromkeys(OUTCOMES, 0) | {"pass": 2, "undecided": 1}


def test_of_two_verdicts_on_one_thing_the_worse_stands(tmp_path: Path) -> None:
    for order in ([verdict(), failure()], [failure(), verdict()]):
        found = summary(tmp_path, *order)
        assert (found.counts["pass"], found.counts["wrong"]) == (0, 1)


def test_failures_of_one_cause_are_one_finding(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        failure(wrt="A", digits=3.0),
        failure(wrt="x", digits=0.1),
        failure(wrt="x", dtype="float64", verdict="imprecise", digits=9.0),
        failure(route="composed"),
        failure(identity="softmax", wrt=None, law="value", verdict="error", digits=None),
        verdict(wrt="b"),
    )
    assert [(g.backend, g.route, g.identity, len(g.entries)) for g in found.findings] == [
        ("torch", "native", "softmax", 1),  # An error is worse than a wrong answer.
        ("torch", "native", "least_squares", 3),
        ("torch", "composed", "least_squares", 1),
    ]
    group = found.findings[1]
    assert (group.worst.wrt, group.worst.digits) == ("x", 0.1)
    assert group.dtypes == ("float64", "float32")
    assert wording.said(group) == (
        "gradient of A and x in float32, 0.1 of 7.2 digits right; 1 other failure"
    )


def test_a_cell_has_the_worst_verdict_and_the_fewest_digits(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        verdict(digits=6.8),
        verdict(wrt="x", digits=6.1),
        verdict(wrt=None, law="inputs_intact", digits=None),
        verdict(wrt="b", verdict="undecided", digits=0.0),
        verdict(dtype="float64", digits=12.0),
    )
    cell = found.cell("least_squares", ("torch", "native"), "float32")
    assert cell is not None
    assert cell.measured is not None
    assert (cell.verdict, cell.doubtful, cell.measured.digits) == ("pass", True, 6.1)
    assert cell.conforms
    double = found.cell("least_squares", ("torch", "native"), "float64")
    assert double is not None
    assert double.verdict == "pass"
    assert found.cell("least_squares", ("jax", "native"), "float32") is None
    assert found.cell("softmax", ("torch", "native")) is None


def test_digits_of_different_types_are_compared_by_their_share(tmp_path: Path) -> None:
    found = summary(tmp_path, verdict(digits=6.8), verdict(dtype="float64", digits=9.0))
    cell = found.cell("least_squares", ("torch", "native"))
    assert cell is not None
    assert cell.measured is not None
    assert cell.measured.dtype == "float64", "9 of 16 digits is worse than 6.8 of 7.2"


@pytest.mark.parametrize("odd", ["nan", "inf", None])
def test_digits_that_are_no_number_are_not_the_fewest(tmp_path: Path, odd: str | None) -> None:
    found = summary(tmp_path, verdict(digits=odd), verdict(wrt="x", digits=6.0))
    tally = found.tally(("torch", "native"), "float32")
    assert tally is not None
    assert tally.digits == 6.0


def test_tally_counts_identities(tmp_path: Path) -> None:
    found = summary(
        tmp_path,
        verdict(),
        verdict(identity="softmax"),
        failure(identity="softmax", wrt="z"),
        verdict(identity="gelu", verdict="unsupported", digits=None),
        verdict(identity="trace", verdict="known", digits=2.0),
        verdict(identity="trace", wrt="X"),
        verdict(identity="tanh", verdict="undecided", digits=None),
    )
    tally = found.tally(("torch", "native"), "float32")
    assert tally is not None
    assert (tally.identities, tally.conforming, tally.failing) == (5, 1, 1)
    assert tally.others == {"unsupported": 1, "known": 1, "undecided": 1}
    assert found.tally(("torch", "native"), "float16") is None


def test_it_conforms_when_something_passed_and_nothing_failed(tmp_path: Path) -> None:
    rest = [verdict(wrt=w, verdict=w) for w in ("known", "unsupported", "undecided")]
    assert summary(tmp_path, verdict(), *rest).conforms
    assert not summary(tmp_path, *rest).conforms, "nothing passed"
    assert not summary(tmp_path).conforms, "nothing was tried"


@pytest.mark.parametrize("outcome", FAILURES)
def test_no_failure_conforms(tmp_path: Path, outcome: str) -> None:
    found = summary(tmp_path, verdict(), failure(wrt="x", verdict=outcome), exit=1)
    assert not found.conforms
    assert len(found.findings) == 1
    assert found.doubts == ()


@pytest.mark.parametrize(
    ("ending", "doubt"),
    [
        ([], "did not finish"),
        ([end(interrupted=True, exit=2)], "interrupted"),
        ([end(exit=3)], "exit code 3"),
        ([end(exit=1)], "exit code 1, and no verdict says why"),
        ([end(exit=None)], "does not say how it ended"),
        ([{"kind": "?"}, end()], "Line 3"),
    ],
)
def test_an_incomplete_run_does_not_conform(
    tmp_path: Path, ending: list[dict[str, Any]], doubt: str
) -> None:
    path = write(tmp_path / "ledger.jsonl", [environment(), verdict(), *ending])
    found = summarise(read_ledger(path))
    assert not found.conforms
    assert any(doubt in said for said in found.doubts)
    assert "incomplete" in wording.headline(found)


def test_a_run_that_broke_off_after_a_failure_is_incomplete(tmp_path: Path) -> None:
    (doubt,) = summary(tmp_path, verdict(), failure(wrt="b"), exit=3).doubts
    assert doubt == "The run ended with exit code 3, before all was tried."


def test_full_size(tmp_path: Path) -> None:
    found = summarise(read_ledger(write(tmp_path / "ledger.jsonl", full_size())))
    assert len(found.identities) == 28
    assert len(found.columns) == 5
    assert [g.identity for g in found.findings] == ["logsumexp", "least_squares", "gelu"]
    assert found.families["attention"] == ("attention", "causal_attention")
    assert wording.sentence(found).startswith(
        "28 identities were tried on jax, numpy and torch in float64 and float32. Of 2,440 verdicts"
    )


def test_every_verdict_has_its_words() -> None:
    assert wording.SYMBOLS.keys() == OUTCOMES.keys() - set(FAILURES)


def test_digits_never_promise_more_than_there_are() -> None:
    assert wording.digits(6.19) == "6.1"
    assert wording.digits(15.9546) == "15.9"
    assert wording.digits(0.3) == "0.3"
    assert wording.digits(None) == wording.digits(float("nan")) == ""


def test_times_in_words() -> None:
    assert wording.moment("2026-11-20T10:50:00Z") == "20 November 2026, 10:50 UTC"
    assert wording.moment("yesterday") == "yesterday"
    assert [wording.duration(s) for s in (0.25, 41.2, 725, 7390)] == [
        "0.25 s", "41 s", "12 min 5 s", "2 h 3 min",
    ]  # fmt: skip


def test_every_law_has_a_name_and_a_meaning_for_people() -> None:
    assert set(LAWS) == set(LAW_NAMES)
    assert all(name and meaning.endswith(".") for name, meaning in LAWS.values())


def test_a_known_deviation_has_no_part_in_the_digits_of_what_conforms(tmp_path: Path) -> None:
    known = verdict(identity="softmax", verdict="known", digits=0.0)
    tally = summary(tmp_path, verdict(digits=6.0), known).tally(("torch", "native"), "float32")
    assert tally is not None
    assert (tally.conforming, tally.identities, tally.digits) == (1, 2, 6.0)
