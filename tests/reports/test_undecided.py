"""The shares of undecided examples: counted, ordered, and shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from gradient_conformance.reports import markdown
from gradient_conformance.reports.summary import summarise
from gradient_conformance.reports.undecided import ROWS, Share, share, shares, totals
from gradient_conformance.tests.reports.pages import page
from gradient_conformance.tests.reports.synthetic import HOSTILE, end, environment, ledger, verdict

FEW = verdict(examples=10, undecided=1)
MOST = verdict(wrt="x", examples=10, undecided=6)
OTHER = verdict(identity="gelu", backend="jax", law="value", wrt=None, examples=4, undecided=3)
DECIDED = verdict(identity="trace", examples=90, undecided=0)
IN_DOUBLE = verdict(dtype="float64", examples=200, undecided=0)
UNTRIED = verdict(identity="relu", verdict="unsupported", examples=0, undecided=0)
LINES = (FEW, MOST, OTHER, DECIDED, IN_DOUBLE, UNTRIED)


def test_the_worst_first_with_the_law_that_has_most(tmp_path: Path) -> None:
    found = shares(summarise(ledger(tmp_path, *LINES)))
    assert found == (
        Share("gelu", ("jax", "native"), "float32", 3, 4, "value", (3, 4)),
        Share("least_squares", ("torch", "native"), "float32", 7, 20, "gradient of x", (6, 10)),
    )


def test_the_total_of_each_backend_and_type(tmp_path: Path) -> None:
    assert totals(summarise(ledger(tmp_path, *LINES))) == {
        "jax": ["not tried", "3 of 4, 75%"],
        "torch": ["0 of 200, 0%", "7 of 110, 6%"],
    }


@pytest.mark.parametrize(
    ("undecided", "examples", "says"),
    [
        (0, 5, "0 of 5, 0%"),
        (1, 1000, "1 of 1,000, under 1%"),
        (999, 1000, "999 of 1,000, 99%"),
        (5, 5, "5 of 5, 100%"),
        (0, 0, "not tried"),
    ],
)
def test_only_all_of_them_are_all(undecided: int, examples: int, says: str) -> None:
    assert share(undecided, examples) == says


def test_the_reports_show_it(tmp_path: Path) -> None:
    text = markdown.render(ledger(tmp_path, *LINES))
    assert "| torch | 0 of 200, 0% | 7 of 110, 6% |" in text
    row = "| least_squares | torch native | float32 | 7 of 20, 35% | gradient of x: 6 of 10, 60% |"
    assert row in text
    shown = page(tmp_path, environment(), *LINES, end()).text
    assert "Undecided shares: 2 implementations" in shown
    assert "torch 0 of 200, 0% 7 of 110, 6%" in shown
    assert "torch native float32 7 of 20, 35% gradient of x: 6 of 10, 60%" in shown
    assert shown.index("gelu jax native") < shown.index("least_squares torch native float32 7")


def test_where_everything_was_decided_there_is_none(tmp_path: Path) -> None:
    assert shares(summarise(ledger(tmp_path, DECIDED))) == ()
    assert "Undecided" not in markdown.render(ledger(tmp_path, DECIDED))
    assert "Undecided shares" not in page(tmp_path, environment(), DECIDED, end()).text


def test_so_many_rows_and_no_more(tmp_path: Path) -> None:
    many = [verdict(identity=f"f{n:03}", examples=9, undecided=1) for n in range(ROWS + 5)]
    shown = page(tmp_path, environment(), *many, end()).text
    assert shown.count("gradient of A: 1 of 9, 11%") == ROWS
    assert "And 5 more, in the ledger." in shown
    text = markdown.render(ledger(tmp_path, *many))
    assert text.count("gradient of A: 1 of 9, 11%") == 20
    assert f"| and {ROWS - 15} more |" in text


def test_names_are_text_and_nothing_else(tmp_path: Path) -> None:
    names = ("identity", "backend", "route", "dtype", "law", "wrt")
    bad = verdict(**dict.fromkeys(names, HOSTILE), undecided=3)
    assert "<script>" not in markdown.render(ledger(tmp_path, bad))
    assert "<script>alert(1)</script>" in page(tmp_path, environment(), bad, end()).text
