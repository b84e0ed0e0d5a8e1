"""A picture of rows, taken apart for the tests: where its areas are, and what is written."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from xml.etree import ElementTree

from gradient_conformance.reports.strips import ROW, TALLEST

FULL = ROW * TALLEST
"""The height in pixels of an area that is as high as can be."""


@dataclass(frozen=True)
class Drawn:
    """A filled area: its colour and its outline in pixels, from its foot, y upwards."""

    colour: str
    foot: float
    outline: tuple[tuple[float, float], ...]

    @property
    def heights(self) -> list[float]:
        """The heights of its steps, as shares of the full height, left to right."""
        heights = [y / FULL for _, y in self.outline]
        steps = itertools.pairwise(heights)
        return [round(left, 2) for left, right in steps if left == right > 0]


def areas(svg: str) -> list[Drawn]:
    """The filled areas of a picture, row by row from the top."""
    root = ElementTree.fromstring(svg)
    found = []
    for path in root.iter("path"):
        fill = path.get("fill", "none")
        if fill != "none":
            pairs = re.findall(r"(-?[\d.]+),(-?[\d.]+)", path.get("d", ""))
            points = [(float(x), float(y)) for x, y in pairs]
            foot = max(y for _, y in points)
            found.append(Drawn(fill, foot, tuple((x, round(foot - y, 1)) for x, y in points)))
    return sorted(found, key=lambda drawn: drawn.foot)


def words(svg: str) -> list[str]:
    """What is written in a picture, as it is drawn."""
    return [text.text or "" for text in ElementTree.fromstring(svg).iter("text")]
