"""The picture itself: small, without anything that acts, and in the colours of the page."""

from __future__ import annotations

import re
from importlib import resources
from xml.etree import ElementTree

import ziaplot

from gradient_conformance.reports.strips import LETTERS, WIDTH, Area, Axis, Row, picture

from .pictures import words
from .synthetic import HOSTILE

BAR = Area(((0, 0), (0, 1), (1, 1), (1, 0)), "var(--bad)")
ROWS = (Row("first", "one", (Area(BAR.outline),)), Row("second", "", (BAR,)))
AXIS = Axis("how far", -1, 3, ((0, "none"), (2, "all")), mark=(1.5, "the limit"))


def test_what_is_written_stays_text() -> None:
    assert words(picture(ROWS, AXIS, "s")) == [
        "none", "all", "how far", "first", "one", "second", "", "the limit",
    ]  # fmt: skip


def test_it_refers_to_nothing_and_has_no_style_of_its_own() -> None:
    svg = picture(ROWS, AXIS, "two rows")
    root = ElementTree.fromstring(svg)
    assert {element.tag for element in root.iter()} == {"svg", "path", "text"}
    names = {name for element in root.iter() for name, _ in element.items()}
    assert not names & {"style", "id", "href", "clip-path", "font-family", "xmlns"}
    assert (root.get("role"), root.get("aria-label")) == ("img", "two rows")
    assert "url(" not in svg


def test_its_colours_are_those_of_the_page() -> None:
    root = ElementTree.fromstring(picture(ROWS, AXIS, "s"))
    used = {element.get(name) for element in root.iter() for name in ("fill", "stroke")}
    variables = {colour[4:-1] for colour in used - {None, "none", "currentColor"} if colour}
    assert {"--area", "--bad", "--line", "--soft"} == variables
    templates = resources.files("gradient_conformance.reports") / "templates"
    css = "".join((templates / name).read_text("utf-8") for name in ("report.css", "plots.css"))
    for variable in variables:
        assert len(re.findall(rf"{variable}: #", css)) == 3, "in light, in the dark and on paper"


def test_every_row_is_inside_and_below_the_one_before() -> None:
    for count in (1, 2, 9):
        root = ElementTree.fromstring(picture(ROWS[:1] * count, AXIS, "s"))
        _, _, width, height = (float(x) for x in (root.get("viewBox") or "").split())
        assert width == WIDTH
        at = [float(text.get("y") or 0) for text in root.iter("text") if text.text == "first"]
        assert at == sorted(set(at))
        assert len(at) == count
        assert 0 < at[0] <= at[-1] < height


def test_any_text_is_only_text() -> None:
    row = Row(HOSTILE, HOSTILE, (BAR,))
    svg = picture([row], AXIS, HOSTILE * 99)
    assert "<script" not in svg
    assert len(svg) < 3_000
    assert all(c.isprintable() for c in svg)
    assert [len(text) for text in words(svg)[3:5]] == [LETTERS, LETTERS]


def test_the_library_is_left_as_it_was() -> None:
    before = ziaplot.config.text, ziaplot.config.precision
    assert before[1] != 1
    picture(ROWS, AXIS, "s")
    assert (ziaplot.config.text, ziaplot.config.precision) == before
