"""Cells of the matrix: which verdict stands for all, and what is said beside it."""

from __future__ import annotations

from typing import Any

import pytest

from gradient_conformance.laws.verdicts import OUTCOMES
from gradient_conformance.reports.cells import STANDING, Cell, Part, parts_of
from gradient_conformance.reports.lines import Entry

from .synthetic import verdict


def cell(*changes: dict[str, Any]) -> Cell:
    return Cell.of(Entry.parse(verdict(**each)) for each in changes)


def told(**cells: Cell) -> list[tuple[str, tuple[str, ...]]]:
    return [(part.word, part.types) for part in parts_of(cells)]


PASS = cell({})
WRONG = cell({"verdict": "wrong"}, {"wrt": "x"})
KNOWN = cell({"verdict": "known"}, {"wrt": "x"}, {"verdict": "undecided", "law": "jvp"})
GONE = cell({"verdict": "unsupported", "digits": None})
UNDECIDED = cell({"verdict": "undecided", "digits": None})


def test_every_verdict_has_its_place() -> None:
    assert sorted(STANDING) == sorted(OUTCOMES)


@pytest.mark.parametrize(
    ("found", "stands"), [(PASS, "pass"), (WRONG, "wrong"), (KNOWN, "known"), (GONE, "unsupported")]
)
def test_what_stands_for_all(found: Cell, stands: str) -> None:
    assert found.verdict == found.worst.verdict == stands
    assert found.conforms == (stands == "pass")


def test_a_law_that_nobody_offers_does_not_hide_what_passes() -> None:
    found = cell({}, {"law": "compiled_equals_eager", "verdict": "unsupported", "digits": None})
    assert (found.verdict, found.doubtful) == ("pass", False)


def test_an_undecided_gradient_beside_what_passes_is_said() -> None:
    found = cell({"law": "value", "wrt": None}, {"verdict": "undecided", "digits": None})
    assert found.conforms
    assert found.doubtful
    assert told(float32=found) == [("pass", ()), ("partly undecided", ())]
    assert told(float64=PASS, float32=found)[1:] == [("partly undecided", ("float32",))]


@pytest.mark.parametrize(
    ("cells", "lines"),
    [
        ({}, []),
        ({"float64": PASS, "float32": PASS}, [("pass", ())]),
        ({"float64": PASS, "float32": WRONG}, [("wrong", ("float32",))]),
        ({"float64": WRONG, "float32": WRONG}, [("wrong", ())]),
        ({"float64": PASS, "float16": GONE}, [("pass", ()), ("unsupported", ("float16",))]),
        (
            {"float64": KNOWN, "float32": PASS, "float16": GONE},
            [("known", ("float64",)), ("unsupported", ("float16",))],
        ),
        (
            {"float64": UNDECIDED, "float16": GONE},
            [("undecided", ("float64",)), ("unsupported", ("float16",))],
        ),
        ({"float64": GONE, "float16": GONE}, [("unsupported", ())]),
    ],
)
def test_the_types_are_named_where_they_differ(
    cells: dict[str, Cell], lines: list[tuple[str, tuple[str, ...]]]
) -> None:
    assert told(**cells) == lines


def test_the_fewest_digits_are_of_the_types_that_are_shown() -> None:
    wrong = cell({"verdict": "wrong", "digits": 2.0}, {"wrt": "x", "digits": 1.0})
    (part,) = parts_of({"float64": cell({"dtype": "float64", "digits": 0.5}), "float32": wrong})
    assert isinstance(part, Part)
    assert part.measured is not None
    assert part.measured.digits == 2.0
