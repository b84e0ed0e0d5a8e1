"""The pictures of digits lost along the axis: what is lost where, by whom, the worst first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gradient_conformance.laws.axis import POINTS
from gradient_conformance.reports.axis_plot import MOST, Charts, charts
from gradient_conformance.reports.cells import most_digits

from .pages import Page, page
from .pictures import FULL, areas, words
from .synthetic import HOSTILE, end, environment, ledger, verdict
from .test_accuracy import line

AT = [-1e4, -10.0, -0.01, 0.0, 0.01, 10.0, 1e4]


def along(*lost: float | None, at: list[float] = AT, **changes: Any) -> dict[str, Any]:
    """An accuracy line that loses so many digits at the inputs AT."""
    case = f"...={len(at)} regime=axis seed=0"
    return line(along={"at": at, "lost": list(lost), "case": case}, **changes)


def drawn(folder: Path, *lines: dict[str, Any]) -> tuple[Charts, ...]:
    return charts(ledger(folder, verdict(), *lines))


def shown(folder: Path, *lines: dict[str, Any]) -> Page:
    return page(folder, environment(), verdict(), *lines, end())


def test_the_area_is_as_high_as_what_is_lost_there(tmp_path: Path) -> None:
    ((of,),) = (found.charts for found in drawn(tmp_path, along(0, 0, 0, 0, 2.0, 5.94, 0)))
    digits = most_digits("float32") or 0.0
    (area,) = areas(of.svg)
    assert list(area.outline) == sorted(area.outline), "from left to right"
    heights = {x: y / FULL for x, y in area.outline}
    ticks = dict(zip(AT, places_of(of.svg), strict=True))
    assert heights[ticks[0.01]] == pytest.approx(2.0 / digits, abs=0.01)
    assert heights[ticks[10.0]] == pytest.approx(5.94 / digits, abs=0.01)
    assert max(heights.values()) == heights[ticks[10.0]]
    assert heights[ticks[0.0]] == heights[ticks[1e4]] == 0
    assert ticks[-0.01] not in heights, "nothing is lost around it"
    assert of.name == "sigmoid, gradient for z"
    assert of.case == "...=7 regime=axis seed=0"


def places_of(svg: str) -> list[float]:
    """Where the ticks of the axis are, in pixels."""
    found = []
    for part in svg.split("<text ")[1:]:
        if 'dominant-baseline="hanging">' in part and ">input<" not in part:
            found.append(float(part.split('"')[1]))
    return found


def test_the_axis_is_the_same_on_both_sides_and_logarithmic(tmp_path: Path) -> None:
    ((of,),) = (found.charts for found in drawn(tmp_path, along(1, 1, 1, 1, 1, 1, 1)))
    assert words(of.svg)[:7] == ["−10,000", "−10", "−0.01", "0", "0.01", "10", "10,000"]
    at = places_of(of.svg)
    assert [at[3] - x for x in at[:3]] == pytest.approx([x - at[3] for x in at[:3:-1]], abs=0.2)
    assert at[5] - at[4] == pytest.approx(at[6] - at[5], abs=0.5)


def test_more_lost_is_another_picture(tmp_path: Path) -> None:
    before, after = (
        drawn(tmp_path, along(0, 0, 0, 0, lost, 0, 0))[0].charts[0] for lost in (1.0, 3.0)
    )
    assert max(y for _, y in areas(after.svg)[0].outline) == pytest.approx(
        3 * max(y for _, y in areas(before.svg)[0].outline), abs=0.2
    )
    assert "1.0 lost at 0.01" in words(before.svg)
    assert "3.0 lost at 0.01" in words(after.svg)


def test_where_nothing_can_be_told_there_is_a_gap(tmp_path: Path) -> None:
    found = drawn(tmp_path, along(3, 3, None, 0, None, 4.0, None))
    left, right = sorted(areas(found[0].charts[0].svg), key=lambda area: area.outline[0])
    ticks = dict(zip(AT, places_of(found[0].charts[0].svg), strict=True))
    assert max(x for x, _ in left.outline) < ticks[-0.01]
    assert [y for x, y in right.outline if x == ticks[10.0]] == [
        pytest.approx(4.0 / 7.22 * FULL, abs=0.2)
    ]
    assert 0 < right.outline[-1][0] - right.outline[0][0] < 4, "one input alone is seen, narrowly"


def test_every_backend_and_route_has_a_row(tmp_path: Path) -> None:
    places = [("jax", "composed", 1.0), ("jax", "native", 2.0), ("torch", "native", 3.0)]
    lines = [
        along(0, 0, 0, 0, 0, lost, 0, backend=backend, route=route)
        for backend, route, lost in places
    ]
    ((of,),) = (found.charts for found in drawn(tmp_path, *lines))
    assert [row.name for row in of.rows] == ["torch native", "jax native", "jax composed"]
    assert words(of.svg)[8:] == [
        "torch native", "3.0 lost at 10", "jax native", "2.0 lost at 10", "jax composed",
        "1.0 lost at 10",
    ]  # fmt: skip
    tops = [max(y for _, y in area.outline) for area in areas(of.svg)]
    assert tops == [pytest.approx(lost / 7.22 * FULL, abs=0.2) for lost in (3, 2, 1)]


def test_every_type_has_pictures_of_its_own(tmp_path: Path) -> None:
    lines = [
        along(0, 0, 0, 0, 0, lost, 0, dtype=dtype)
        for dtype, lost in (("float32", 3.0), ("float64", 8.0), ("bfloat16", 2.0))
    ]
    found = drawn(tmp_path, *lines)
    assert [of.dtype for of in found] == ["float64", "float32", "bfloat16"]
    tops = [max(y for _, y in areas(of.charts[0].svg)[0].outline) / FULL for of in found]
    assert tops == pytest.approx([8 / 15.95, 3 / 7.22, 2 / 2.41], abs=0.01)
    text = shown(tmp_path, *lines).text
    assert all(f"Digits lost in {of.dtype}" in text for of in found)


def test_value_and_gradient_are_apart(tmp_path: Path) -> None:
    lines = [along(0, 0, 0, 0, 0, 1, 0, wrt=None), along(0, 0, 0, 0, 0, 2, 0)]
    (of,) = drawn(tmp_path, *lines)
    assert [chart.name for chart in of.charts] == ["sigmoid, gradient for z", "sigmoid, value"]


def test_the_worst_come_first_and_the_rest_is_counted(tmp_path: Path) -> None:
    lines = [
        along(0, 0, 0, 0, 0, 1 + n / 10, 0, identity=f"f{n:02}", backend=f"b{m}")
        for n in range(MOST + 3)
        for m in range(MOST + 2)
    ]
    (of,) = drawn(tmp_path, *lines)
    assert [chart.name[:3] for chart in of.charts] == [
        f"f{n:02}" for n in range(MOST + 2, 2, -1)
    ]  # fmt: skip
    assert of.more == 3
    assert {(len(chart.rows), chart.more) for chart in of.charts} == {(MOST, 2)}
    text = shown(tmp_path, *lines).text
    assert "3 more values and gradients in float32 in the ledger, where less is lost" in text
    assert "2 more rows in the ledger" in text


def test_who_loses_nothing_is_named_and_not_drawn(tmp_path: Path) -> None:
    nothing = along(0, 0, 0, 0, 0, 0.49, None, backend="numpy")
    text = shown(tmp_path, along(0, 0, 0, 0, 0, 1, 0), nothing).text
    assert "Less than half a digit is lost by numpy native." in text
    assert drawn(tmp_path, nothing) == ()


def test_the_same_is_told_in_words(tmp_path: Path) -> None:
    (of,) = drawn(tmp_path, along(3, 2, 0.4, None, 0, 0, 0.5))
    (row,) = of.charts[0].rows
    assert row.worst == "3.0 lost at −10,000"
    assert row.where == "from −10,000 to −10 and at 10,000"
    text = shown(tmp_path, along(3, 2, 0.4, None, 0, 0, 0.5)).text
    assert "torch native3.0 lost at −10,000 from −10,000 to −10 and at 10,000" in text


def test_of_equal_losses_the_input_nearest_to_0_is_named(tmp_path: Path) -> None:
    (of,) = drawn(tmp_path, along(3, 3, 0, 0, 3, 3, 0))
    assert of.charts[0].rows[0].worst == "3.0 lost at 0.01"


@pytest.mark.parametrize("lines", [[], [line()], [along(0, 0, 0, 0, 0, 0, None)]])
def test_without_a_loss_there_is_no_picture(tmp_path: Path, lines: list[dict[str, Any]]) -> None:
    assert drawn(tmp_path, *lines) == ()
    found = shown(tmp_path, *lines)
    assert not [a for a in found.all("svg") if "Digits lost" in str(a["aria-label"])]
    assert "Along the axis" not in found.text


def test_inputs_beyond_the_axis_are_at_its_end(tmp_path: Path) -> None:
    at = [-1e300, 0.0, 1e300]
    (of,) = drawn(tmp_path, along(20, 0, 20, at=at))
    (area,) = areas(of.charts[0].svg)
    assert all(0 <= x <= 340 for x, _ in area.outline)
    assert max(y for _, y in area.outline) == pytest.approx(FULL, abs=0.1), "and no higher than all"


def test_nothing_hostile_gets_through(tmp_path: Path) -> None:
    names = ("identity", "backend", "route", "dtype", "wrt")
    everywhere: dict[str, Any] = dict.fromkeys(names, HOSTILE)
    hostile = along(0, 0, 0, 0, 0, 5, 0, **everywhere)
    hostile["along"]["case"] = HOSTILE
    found = shown(tmp_path, hostile, hostile | {"backend": "b"})
    assert {tag for tag, _ in found.tags} & {"img", "iframe", "object"} == set()
    assert len([*found.all("script")]) == len([*shown(tmp_path).all("script")])
    assert not [a for _, a in found.tags if "style" in a or any(n.startswith("on") for n in a)]
    (of,) = drawn(tmp_path, hostile)
    assert "<script>alert(1)</script> # h…" in words(of.charts[0].svg)[8]
    assert len(of.charts[0].svg) < 4_000


def test_the_pictures_of_a_full_run_are_small(tmp_path: Path) -> None:
    """Five backends and routes that lose some over a third of the axis, in four types."""
    at = [float(f"{x:.6g}") for x in POINTS]
    lost = [round(k % 7 * 0.9, 2) if k % 15 < 5 else 0 for k in range(len(at))]
    lines = [
        along(*lost, at=at, identity=f"f{n}", backend=f"b{m}", dtype=dtype)
        for n in range(30)
        for m in range(5)
        for dtype in ("float64", "float32", "float16", "bfloat16")
    ]
    found = drawn(tmp_path, *lines)
    sizes = [len(chart.svg) for of in found for chart in of.charts]
    assert len(sizes) == 4 * MOST
    assert sum(sizes) < 120_000
