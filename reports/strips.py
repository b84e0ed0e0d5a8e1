"""Rows above one another over one axis, as an SVG picture that stands in a page.

Drawn by ziaplot. Colours are variables of the page's style sheet, so that a dark page has them
dark; no row needs its colour to be told from another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from xml.etree import ElementTree

import ziaplot
from markupsafe import Markup

from . import wording

WIDTH, ROW, AROUND = 340, 46, 37
"""Pixels: the width, the height of a row, and what the axis and its title take."""

TALLEST = 0.62
"""The share of a row's height that an area may take; the row's name stands above it."""

LETTERS = 30
"""Letters of a row's name, and of its note; longer ones are cut."""

STYLE = """
Graph { color: none; edge_color: var(--soft); edge_width: 1; }
Graph.GridX { color: var(--line); stroke: solid; stroke_width: 1; }
Graph.GridY { color: var(--soft); stroke: solid; stroke_width: 1; }
Graph.TickX { color: var(--soft); font_size: 12; height: 0; margin: 5; stroke_width: 1; pad: 0; }
Graph.TickY { font_size: 12; pad: 0; }
Graph.XName { color: var(--soft); font_size: 12; }
Text { color: currentColor; font_size: 12; }
"""


@dataclass(frozen=True)
class Area:
    """A filled area: its outline in pairs of a place on the axis and a height from 0 to 1."""

    outline: tuple[tuple[float, float], ...]
    colour: str = "var(--area)"


@dataclass(frozen=True)
class Row:
    """One row: its name at the left, a note at the right, and areas below them."""

    name: str
    note: str
    areas: tuple[Area, ...]


@dataclass(frozen=True)
class Axis:
    """What the rows have in common: ends, places with a name, and a line that says something."""

    title: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    mark: tuple[float, str] | None = None


def picture(rows: Sequence[Row], axis: Axis, says: str) -> Markup:
    """The rows from top to bottom, as an ``svg`` element; ``says`` is what is read aloud instead.

    Names, notes and ``says`` may be any text, of which nothing acts.
    """
    with _settings():
        return _tidied(_graph(rows, axis).svgxml(), says)


def _graph(rows: Sequence[Row], axis: Axis) -> ziaplot.Graph:
    above = 0.4 if axis.mark else 0.1
    height = len(rows) + above
    graph = ziaplot.Graph().css(STYLE).size(WIDTH, ROW * height + AROUND)
    graph.xrange(axis.low, axis.high).yrange(0, height).axesnames(axis.title)
    graph.xticks(*(list(of) for of in zip(*axis.ticks, strict=True)))
    graph.yticks(range(len(rows))).noyticks()
    for foot, row in zip(reversed(range(len(rows))), rows, strict=True):
        for area in row.areas:
            outline = [(x, foot + TALLEST * y) for x, y in area.outline]
            graph.add(ziaplot.Polygon(outline).color("none").fill(area.colour))
        name, note = (wording.one_line(text, LETTERS) for text in (row.name, row.note))
        graph.add(ziaplot.Text(axis.low, foot + 0.72, name))
        graph.add(ziaplot.Text(axis.high, foot + 0.72, note, halign="right").color("var(--soft)"))
    if axis.mark:
        x, text = axis.mark
        line = ziaplot.PolyLine([x, x], [0, len(rows) + 0.05])
        graph.add(line.color("currentColor").stroke("--").strokewidth(1.5))
        graph.add(ziaplot.Text(x, len(rows) + 0.12, text, halign="center"))
    return graph


def _tidied(svg: ElementTree.Element, says: str) -> Markup:
    """Without what is so anyway, or said by the style sheet, and without ids and references."""
    for element in list(svg):
        if not _seen(element):
            svg.remove(element)
        if element.get("stroke") == "none":
            del element.attrib["stroke"], element.attrib["stroke-width"]
        for name, value in list(element.items()):
            if name in _SAID_BY_THE_PAGE or _DEFAULTS.get(name) == value:
                del element.attrib[name]
    said = {"role": "img", "aria-label": wording.one_line(says, 1000)}
    svg.attrib = {"viewBox": svg.get("viewBox", ""), "class": "strips", "fill": "none", **said}
    return Markup(ElementTree.tostring(svg, encoding="unicode"))


def _seen(element: ElementTree.Element) -> bool:
    """Whether it has a colour (definitions have none), and an extent (an empty tick has none)."""
    colours = {element.get("fill", "none"), element.get("stroke", "none")}
    start, _, end = element.get("d", "").removeprefix("M ").partition(" L ")
    return colours != {"none"} and (element.tag != "path" or start != end)


_SAID_BY_THE_PAGE = ("clip-path", "font-family", "font-size")
_DEFAULTS = {
    "stroke-width": "1", "text-anchor": "start", "dominant-baseline": "auto", "fill": "none",
}  # fmt: skip


@contextmanager
def _settings() -> Iterator[None]:
    """Text stays text, and a tenth of a pixel is enough; for this drawing only."""
    config = ziaplot.config
    before = config.text, config.precision
    config.text, config.precision = "text", 1
    try:
        yield
    finally:
        config.text, config.precision = before
