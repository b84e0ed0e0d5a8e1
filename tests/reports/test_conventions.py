"""The table of conventions: lines of the ledger, and how the report shows them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gradient_conformance.reports import markdown
from gradient_conformance.reports.conventions import columns_of, rows_of
from gradient_conformance.reports.ledger import Ledger, LedgerWriter, read_ledger
from gradient_conformance.tests.reports.pages import page
from gradient_conformance.tests.reports.synthetic import HOSTILE, end, environment, ledger, verdict


def convention(**changes: Any) -> dict[str, Any]:
    """A line of the slope of |x| at 0, but for the changes."""
    return {
        "kind": "convention",
        "identity": "absolute_value",
        "route": "native",
        "backend": "torch",
        "dtype": "float32",
        "wrt": "x",
        "at": "x = 0",
        "value": 0.0,
        "interval": [-1.0, 1.0],
        "case": "...=- regime=literal seed=0 x[0]=0.0",
        **changes,
    }


def read(folder: Path, *lines: dict[str, Any]) -> Ledger:
    return ledger(folder, verdict(), *lines)


def test_libraries_side_by_side(tmp_path: Path) -> None:
    found = read(tmp_path, convention(), convention(backend="jax", value=1.0))
    assert columns_of(found) == (("jax", "native"), ("torch", "native"))
    (row,) = rows_of(found)
    assert (row.identity, row.at, row.wrt, row.interval) == (
        "absolute_value",
        "x = 0",
        "x",
        "−1 to 1",
    )
    assert row.cells == ("1", "0")
    assert row.differ


@pytest.mark.parametrize(
    ("value", "text"),
    [(-0.0, "0"), ("nan", "NaN"), ("-inf", "−∞"), ([0.5, 0.0], "(0.5, 0)"), (None, "no answer")],
)
def test_how_a_value_is_written(tmp_path: Path, value: Any, text: str) -> None:
    (row,) = rows_of(read(tmp_path, convention(value=value)))
    assert row.cells == (text,)
    assert not row.differ


def test_types_that_differ_are_told(tmp_path: Path) -> None:
    (row,) = rows_of(read(tmp_path, convention(), convention(dtype="float16", value="nan")))
    assert row.cells == ("0 in float32; NaN in float16",)


def test_no_interval_is_none(tmp_path: Path) -> None:
    (row,) = rows_of(read(tmp_path, convention(interval=None)))
    assert row.interval == "none"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"at": None}, "has no at"),
        ({"identity": 7}, "identity is 7"),
        ({"interval": [1]}, "not a pair"),
        ({"interval": 3}, "not a list"),
    ],
)
def test_a_line_that_cannot_be_read_is_told(
    tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    found = read(tmp_path, convention(**changes), convention())
    assert len(found.conventions) == 1
    assert len(found.problems) == 1
    assert says in found.problems[0]


def test_it_is_written_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    with LedgerWriter(path, {}) as writer:
        writer.convention({**convention(), "value": float("nan"), "interval": (0.0, float("inf"))})
        writer.end(exit=0)
        with pytest.raises(ValueError, match="has no wrt"):
            writer.convention({**convention(), "wrt": None})
    (line,) = read_ledger(path).conventions
    assert (line.value, line.interval) == ("nan", (0.0, "inf"))


def test_the_reports_show_it_and_say_how_many_differ(tmp_path: Path) -> None:
    lines = [convention(), convention(backend="jax", value=1.0)]
    text = markdown.render(read(tmp_path, *lines))
    assert "| absolute_value | x = 0 | x | &#8722;1 to 1 | 1 | 0 |" in text
    assert "They differ in 1 place." in text
    shown = page(tmp_path, environment(), verdict(), *lines, end())
    assert "−1 to 1" in shown.text
    assert "They differ in 1 place" in shown.text


def test_without_any_there_is_no_table(tmp_path: Path) -> None:
    assert "Conventions" not in markdown.render(read(tmp_path))
    assert "Conventions" not in page(tmp_path, environment(), verdict(), end()).text


def test_nothing_hostile_gets_through(tmp_path: Path) -> None:
    line = convention(at=HOSTILE, wrt=HOSTILE, value=[HOSTILE], interval=[HOSTILE, 0])
    assert "<script>alert" not in markdown.render(read(tmp_path, line))
    shown = page(tmp_path, environment(), verdict(), line, end())
    assert not [tag for tag in shown.all("a") if "javascript" in str(tag["href"])]
    assert "<script>alert(1)</script>" in shown.text


def test_inputs_that_are_not_finite_have_a_table_of_their_own(tmp_path: Path) -> None:
    lines = [
        convention(backend=backend, wrt=wrt, at="x = ∞", value=value, interval=None, finite=False)
        for backend, wrt, value in (
            ("torch", "value", "inf"),
            ("torch", "x", 1.0),
            ("jax", "value", "inf"),
            ("jax", "x", "nan"),
        )
    ]
    found = read(tmp_path, convention(), *lines)
    assert [row.at for row in rows_of(found)] == ["x = 0"]
    value, slope = rows_of(found, finite=False)
    assert (value.wrt, value.cells, value.differ) == ("value", ("∞", "∞"), False)
    assert (slope.wrt, slope.cells, slope.differ) == ("x", ("NaN", "1"), True)
    text = markdown.render(found)
    assert "Inputs that are not finite: 2 answers" in text
    assert "Conventions: 1 answer where" in text
    shown = page(tmp_path, environment(), verdict(), convention(), *lines, end())
    assert "Inputs that are not finite" in shown.text
    assert "not judged" in shown.text


def test_without_such_inputs_there_is_no_such_table(tmp_path: Path) -> None:
    found = read(tmp_path, convention())
    assert "not finite" not in markdown.render(found)
    assert "not finite" not in page(tmp_path, environment(), verdict(), convention(), end()).text
