"""The pictures of margins: the numbers of the ledger, and for whom which."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest

from gradient_conformance.reports.html import render
from gradient_conformance.reports.margin_plot import BINS, EDGES, LIMIT, Panel, margins, panels
from gradient_conformance.reports.summary import summarise

from .pages import page
from .pictures import areas, words
from .synthetic import HOSTILE, end, environment, full_size, ledger, verdict


def drawn(folder: Path, *lines: dict[str, Any]) -> tuple[Panel, ...]:
    return panels(summarise(ledger(folder, *lines)))


def several(margin: object, count: int, **changes: Any) -> list[dict[str, Any]]:
    """Verdicts on as many identities, all with this margin."""
    name = f"{margin} {changes}"
    return [verdict(identity=f"{name} {n}", margin=margin, **changes) for n in range(count)]


def bins_of(folder: Path, margin: object, **changes: Any) -> dict[str, int]:
    """The bins that one verdict with this margin gets into."""
    found = margins(summarise(ledger(folder, verdict(margin=margin, **changes))))
    return {name: n for m in found for name, n in zip(BINS, m.counts, strict=True) if n}


@pytest.mark.parametrize(
    ("margin", "name"),
    [
        (0, "exact"), (1e-300, "≤ 0.0001"), (0.05, "≤ 0.1"), (0.31, "≤ 0.3"), (0.99, "≤ 1"),
        (1, "≤ 1"), (1.001, "≤ 3"), (99, "≤ 100"), (101, "more"), (1e300, "more"),
        ("inf", "more"), ("nan", "more"),
    ],
)  # fmt: skip
def test_each_margin_has_its_bin(tmp_path: Path, margin: object, name: str) -> None:
    assert bins_of(tmp_path, margin) == {name: 1}


@pytest.mark.parametrize(("law", "counted"), [
    ("value", True), ("gradient", True), ("jvp", True), ("hvp_reverse_over_reverse", True),
    ("agreement", False), ("facts", False), ("hvp", False),
])  # fmt: skip
def test_values_and_derivatives_are_counted(tmp_path: Path, law: str, counted: bool) -> None:
    assert bool(bins_of(tmp_path, 0.1, law=law)) == counted


def test_what_was_not_compared_is_not_counted(tmp_path: Path) -> None:
    assert not bins_of(tmp_path, None, verdict="unsupported")
    assert not bins_of(tmp_path, -1.0)


def test_the_limit_is_between_its_bins() -> None:
    assert BINS[LIMIT - 1 : LIMIT + 1] == ("≤ 1", "≤ 3")
    assert EDGES[LIMIT - 2] == 1


def test_the_bars_are_as_high_as_the_counts(tmp_path: Path) -> None:
    lines = [*several(0, 10), *several(0.02, 20), *several(0.2, 5), *several(200.0, 4)]
    (panel,) = drawn(tmp_path, *lines)
    (row,) = panel.rows
    assert {name: n for name, n in zip(BINS, row.counts, strict=True) if n} == {
        "exact": 10, "≤ 0.03": 20, "≤ 0.3": 5, "more": 4,
    }  # fmt: skip
    within, beyond = areas(panel.svg)
    assert within.heights == pytest.approx([0.5, 1.0, 0.25], abs=0.01)
    assert beyond.heights == pytest.approx([0.2], abs=0.01)
    assert (within.colour, beyond.colour) == ("var(--area)", "var(--bad)")
    assert within.foot == beyond.foot
    assert max(x for x, _ in within.outline) < min(x for x, _ in beyond.outline)


def test_one_more_that_is_wrong_changes_the_picture(tmp_path: Path) -> None:
    right = several(0.02, 100)
    (before,) = drawn(tmp_path, *right)
    (after,) = drawn(tmp_path, *right, verdict(verdict="wrong", margin=31.0))
    assert [area.colour for area in areas(before.svg)] == ["var(--area)"]
    assert "all within" in words(before.svg)
    (_, beyond) = areas(after.svg)
    assert beyond.colour == "var(--bad)"
    assert beyond.heights[0] >= 0.04, "one of a hundred is seen"
    assert "1 over" in words(after.svg)
    assert "all within" not in words(after.svg)
    assert "101 answers, 1 over" in after.svg


def test_known_deviations_are_told_from_failures(tmp_path: Path) -> None:
    known = several(30.0, 3, verdict="known")
    (panel,) = drawn(tmp_path, *known)
    assert [area.colour for area in areas(panel.svg)] == ["var(--known)"]
    assert "3 over, all known" in words(panel.svg)
    (panel,) = drawn(tmp_path, *known, *several(30.0, 1, verdict="wrong"))
    stacked = {area.colour: max(y for _, y in area.outline) for area in areas(panel.svg)}
    assert stacked.keys() == {"var(--bad)", "var(--known)"}
    assert stacked["var(--known)"] > stacked["var(--bad)"] > 0
    assert "4 over, 3 of them known" in words(panel.svg)


def test_every_backend_and_route_has_a_panel_and_every_type_a_row(tmp_path: Path) -> None:
    places = [("jax", "native"), ("torch", "composed"), ("torch", "native")]
    lines = [
        line
        for n, (backend, route) in enumerate(places, 1)
        for m, dtype in enumerate(("float64", "float32"))
        for line in several(0.02, n + 3 * m, backend=backend, route=route, dtype=dtype)
    ]
    found = drawn(tmp_path, *lines)
    assert [panel.name for panel in found] == [" ".join(place) for place in places]
    for n, panel in enumerate(found, 1):
        assert [(row.dtype, sum(row.counts)) for row in panel.rows] == [
            ("float64", n), ("float32", n + 3),
        ]  # fmt: skip
        assert [text for text in words(panel.svg) if "float" in text] == ["float64", "float32"]
        assert [area.heights for area in areas(panel.svg)] == [
            pytest.approx([n / (n + 3)], abs=0.01), [1.0],
        ]  # fmt: skip


def test_the_table_has_the_same_numbers(tmp_path: Path) -> None:
    lines = [*several(0, 7), *several(0.02, 1_234), *several("nan", 2, verdict="wrong")]
    text = render(ledger(tmp_path, *lines, *several(0.2, 3, dtype="float64")))
    rows = re.findall(
        r"<tr><th[^>]*>torch native</th><td>(float..)</td>((?:<td>[\d,]+</td>)+)</tr>", text
    )
    assert [dtype for dtype, _ in rows] == ["float64", "float32"]
    numbers = [dict(zip(BINS, re.findall(r"[\d,]+", cells), strict=True)) for _, cells in rows]
    assert [{name: n for name, n in of.items() if n != "0"} for of in numbers] == [
        {"≤ 0.3": "3"}, {"exact": "7", "≤ 0.03": "1,234", "more": "2"},
    ]  # fmt: skip


def test_the_limit_is_drawn_and_said(tmp_path: Path) -> None:
    (panel,) = drawn(tmp_path, *several(0.9, 1), *several(1.1, 1, verdict="wrong"))
    assert "1: the limit" in words(panel.svg)
    below, above = areas(panel.svg)
    edge = max(x for x, _ in below.outline)
    assert edge == min(x for x, _ in above.outline)
    assert f'd="M {edge:g},' in panel.svg.split("stroke-dasharray")[0].rsplit("<path", 1)[1]


def test_without_numbers_there_is_no_picture(tmp_path: Path) -> None:
    assert drawn(tmp_path) == ()
    shown = page(tmp_path, environment(), verdict(margin=None), end())
    assert not list(shown.all("svg"))
    assert {"href": "#margins"} not in list(shown.all("a"))
    assert "Margins" not in shown.text


def test_nothing_hostile_gets_through(tmp_path: Path) -> None:
    lines = [environment(), verdict(backend=HOSTILE, route=HOSTILE, dtype=HOSTILE), end()]
    shown = page(tmp_path, *lines)
    assert not [a for tag, a in shown.tags if any(name.startswith("on") for name in a)]
    plain = page(tmp_path, environment(), verdict(), end())
    assert len([*shown.all("script")]) == len([*plain.all("script")])
    (picture,) = shown.all("svg")
    assert "<script>alert(1)</script>" in str(picture["aria-label"])
    assert str(picture["aria-label"]).isprintable()


def test_the_pictures_of_a_full_run_are_small(tmp_path: Path) -> None:
    lines = [
        line | {"dtype": dtype, "identity": f"{line['identity']} {dtype}"}
        for line in full_size()
        if line["kind"] == "verdict"
        for dtype in ("float64", "float32", "float16", "bfloat16")
    ]
    found = drawn(tmp_path, *lines)
    assert [len(panel.rows) for panel in found] == [4] * 5
    assert sum(len(panel.svg) for panel in found) < 30_000


def test_a_margin_is_on_the_axis_whatever_it_is(tmp_path: Path) -> None:
    for margin in (0, 5e-324, 1.0, math.nextafter(1.0, 2), 1.7e308, "inf", "nan"):
        (panel,) = drawn(tmp_path, *several(margin, 1))
        assert all(0 <= x <= 340 for area in areas(panel.svg) for x, _ in area.outline)
