"""The table of accuracy: lines of the ledger, and how the reports show them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gradient_conformance.reports import markdown
from gradient_conformance.reports.accuracy import count, rows_of
from gradient_conformance.reports.ledger import Ledger, LedgerWriter, read_ledger
from gradient_conformance.reports.summary import summarise
from gradient_conformance.tests.reports.pages import page
from gradient_conformance.tests.reports.synthetic import HOSTILE, end, environment, ledger, verdict


def line(**changes: Any) -> dict[str, Any]:
    """A line of a slope that lost all its digits, but for the changes."""
    return {
        "kind": "accuracy",
        "identity": "sigmoid",
        "route": "native",
        "backend": "torch",
        "dtype": "float32",
        "wrt": "z",
        "lost": 5.94,
        "of": 5.94,
        "at": [1, 0],
        "expected": 8.25e-10,
        "got": 0.0,
        "case": "...=2x2 regime=wide seed=5",
        "reproduce": "gradient-conformance run --accuracy 1",
        **changes,
    }


def read(folder: Path, *lines: dict[str, Any]) -> Ledger:
    return ledger(folder, verdict(), *lines)


def test_the_largest_loss_comes_first_and_small_ones_are_not_shown(tmp_path: Path) -> None:
    found = read(tmp_path, line(lost=0.49), line(lost=0.5, wrt=None, at=[]), line(), line(lost=0.0))
    first, second = rows_of(found)
    case = "...=2x2 regime=wide seed=5"
    place = ("torch native", "float32")
    assert first == (
        "sigmoid", "gradient for z", *place, "5.9 of 5.9", "8.25e-10 at [1, 0]", "0", case,
    )  # fmt: skip
    assert second == ("sigmoid", "value", *place, "0.5 of 5.9", "8.25e-10", "0", case)
    assert count(found) == "2 of 4 values and gradients lose half a digit or more"


def test_the_reports_show_it(tmp_path: Path) -> None:
    text = markdown.render(read(tmp_path, line(), line(lost=0.0)))
    row = "| sigmoid | gradient for z | torch native | float32 | 5.9 of 5.9 | 8.25e-10 at &#91;1, 0"
    assert row in text
    assert "1 of 2 values and gradients loses half a digit or more" in text
    shown = page(tmp_path, environment(), verdict(), line(), end())
    assert "8.25e-10 at [1, 0]" in shown.text
    assert "no verdict depends on it" in shown.text
    assert {"href": "#accuracy"} in list(shown.all("a"))


def test_markdown_shows_twenty_and_says_how_many_more(tmp_path: Path) -> None:
    text = markdown.render(read(tmp_path, *(line(identity=f"f{n:02}") for n in range(23))))
    assert text.count("| gradient for z |") == 20
    assert "| f19 |" in text
    assert "| and 3 more |" in text


def test_where_nothing_is_lost_no_row_is_shown(tmp_path: Path) -> None:
    found = read(tmp_path, line(lost=0.0))
    assert "0 of 1 value or gradient lose half a digit" in markdown.render(found)
    assert "Digits lost" not in markdown.render(found)


def test_an_old_ledger_without_it_has_no_table(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert not found.problems
    assert "Accuracy" not in markdown.render(found)
    assert "Accuracy" not in page(tmp_path, environment(), verdict(), end()).text


def test_it_is_written_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    along = {"at": [-1.5, 0.0, 20.0], "lost": [0, None, 5.94], "case": "...=3 regime=axis seed=0"}
    with LedgerWriter(path, {}) as writer:
        writer.accuracy({**line(along=along), "got": 1e-12})
        writer.end(exit=0)
        with pytest.raises(ValueError, match="has no backend"):
            writer.accuracy(line(backend=""))
    (found,) = read_ledger(path).accuracy
    assert (found.identity, found.wrt, found.at) == ("sigmoid", "z", (1, 0))
    assert (found.lost, found.of, found.got) == (5.94, 5.94, 1e-12)
    assert (found.case, found.reproduce) == (line()["case"], line()["reproduce"])
    assert found.along is not None
    assert found.along.at == (-1.5, 0.0, 20.0)
    assert found.along.lost == (0.0, None, 5.94)
    assert found.along.case == "...=3 regime=axis seed=0"
    assert read(tmp_path, line()).accuracy[0].along is None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"lost": None}, "lost is None"),
        ({"lost": "nan"}, "lost is 'nan'"),
        ({"lost": "many"}, "lost is 'many'"),
        ({"of": "some"}, "of is 'some'"),
        ({"identity": 7}, "identity is 7"),
        ({"at": 3}, "at is 3"),
        ({"expected": []}, "expected is []"),
        ({"route": None}, "has no route"),
        ({"along": 3}, "along is int, not an object"),
        ({"along": {"at": [1.0, 2.0], "lost": [0]}}, "not one number of digits lost for each"),
        ({"along": {"at": ["inf"], "lost": [0]}}, "not one number of digits lost for each"),
        ({"along": {"at": [None], "lost": [0]}}, "not one number of digits lost for each"),
        ({"along": {"at": [1.0], "lost": [-1]}}, "not one number of digits lost for each"),
        ({"along": {"at": [1.0], "lost": ["nan"]}}, "not one number of digits lost for each"),
        ({"along": {"at": [1.0], "lost": ["some"]}}, "lost is 'some', not a number"),
        ({"along": {"at": [1.0], "lost": 7}}, "lost is 7, not a list"),
        ({"along": {"at": [1.0, 1.0], "lost": [0, 0]}}, "the inputs of along are not in order"),
    ],
)
def test_a_line_that_cannot_be_read_is_told(
    tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    found = read(tmp_path, line(**changes), line())
    assert len(found.accuracy) == 1
    assert len(found.problems) == 1
    assert says in found.problems[0]


def test_it_weighs_on_no_verdict(tmp_path: Path) -> None:
    with_it, without = summarise(read(tmp_path, line(lost=15.0))), summarise(read(tmp_path))
    assert with_it.conforms == without.conforms
    assert with_it.counts == without.counts
    assert with_it.findings == without.findings == ()


def test_nothing_hostile_gets_through(tmp_path: Path) -> None:
    names = ("identity", "backend", "route", "dtype", "wrt", "case", "reproduce")
    hostile = line(**dict.fromkeys(names, HOSTILE), at=[HOSTILE, {"a": [HOSTILE]}], expected="inf")
    assert "<script>alert" not in markdown.render(read(tmp_path, hostile))
    shown = page(tmp_path, environment(), verdict(), hostile, end())
    assert not [tag for tag in shown.all("a") if "javascript" in str(tag["href"])]
    assert shown.text.count("<script>alert(1)</script>") >= 7
