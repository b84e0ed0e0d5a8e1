"""Where element-wise functions lose digits: a picture of the axis for each that loses some."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from . import strips, wording
from .accuracy import LEAST
from .cells import most_digits
from .ledger import Ledger
from .lines import Along

MOST = 6
"""Pictures of a type, and rows of a picture: the worst ones."""

NEAR = 1e-4
"""Inputs much smaller than this stand evenly on the axis, larger ones by their logarithm."""

REACH = 1e4
"""Where the axis ends; inputs beyond it are shown there."""

LEGEND = (
    "Functions of one number at a time were also measured along the axis: the same inputs for all, "
    "from −10,000 to 10,000. Under a name, the higher the area, the more decimal digits are lost "
    "for the input below it; a full row would be all digits of the type. Gaps are inputs of which "
    "nothing can be said, as where the exact answer is too large for the type. The axis is "
    "logarithmic on both sides of 0."
)
"""What the pictures are about."""


@dataclass(frozen=True)
class Curve:
    """What a backend and route loses along the axis."""

    name: str
    along: Along

    @property
    def most(self) -> float:
        """The most digits that are lost at any input."""
        return max((lost for lost in self.along.lost if lost is not None), default=0.0)

    @property
    def worst(self) -> str:
        """The most digits lost, and the input nearest to 0 that loses as many."""
        pairs = zip(self.along.at, self.along.lost, strict=True)
        at = min((x for x, lost in pairs if lost == self.most), key=abs)
        return f"{wording.digits(self.most)} lost at {_number(at)}"

    @property
    def where(self) -> str:
        """The stretches in which half a digit or more is lost, in words."""
        pairs = zip(self.along.at, self.along.lost, strict=True)
        runs = groupby(pairs, lambda pair: pair[1] is not None and pair[1] >= LEAST)
        stretches = [[x for x, _ in run] for lossy, run in runs if lossy]
        said = [
            f"from {_number(xs[0])} to {_number(xs[-1])}" if len(xs) > 1 else f"at {_number(xs[0])}"
            for xs in stretches[:4]
        ]
        more = len(stretches) - len(said)
        return wording.listed([*said, *([f"{more} more stretches"] if more else [])])


@dataclass(frozen=True)
class Chart:
    """The picture of one function, or of its derivative, in one type.

    ``rows`` are those drawn, the worst first, ``more`` how many are not; ``others`` names the
    backends and routes that lose less than half a digit everywhere.
    """

    name: str
    case: str
    svg: Markup
    rows: tuple[Curve, ...]
    more: int
    others: str


@dataclass(frozen=True)
class Charts:
    """The pictures of one type, the worst first; ``more`` is how many are left out."""

    dtype: str
    charts: tuple[Chart, ...]
    more: int


def charts(ledger: Ledger) -> tuple[Charts, ...]:
    """The pictures of what loses half a digit or more, the most exact type first."""
    found: dict[str, dict[tuple[str, str, str], list[Curve]]] = {}
    for line in ledger.accuracy:
        if line.along is not None:
            key = line.identity, line.wrt or "", line.along.case
            curve = Curve(f"{line.backend} {line.route}", line.along)
            found.setdefault(line.dtype, {}).setdefault(key, []).append(curve)
    types = sorted(found, key=lambda dtype: (-(most_digits(dtype) or 0.0), dtype))
    return tuple(of for dtype in types if (of := _of_type(dtype, found[dtype])).charts)


def _of_type(dtype: str, found: dict[tuple[str, str, str], list[Curve]]) -> Charts:
    for curves in found.values():
        curves.sort(key=lambda curve: (-curve.most, curve.name))
    lossy = [key for key in found if found[key][0].most >= LEAST]
    lossy.sort(key=lambda key: (-found[key][0].most, key))
    return Charts(
        dtype,
        tuple(_chart(dtype, key, found[key]) for key in lossy[:MOST]),
        max(0, len(lossy) - MOST),
    )


def _chart(dtype: str, key: tuple[str, str, str], curves: Sequence[Curve]) -> Chart:
    identity, wrt, case = key
    name = f"{identity}, {f'gradient for {wrt}' if wrt else 'value'}"
    lossy = [curve for curve in curves if curve.most >= LEAST]
    rows = lossy[:MOST]
    full = most_digits(dtype) or rows[0].most
    says = "; ".join(f"{curve.name}: {curve.worst}" for curve in rows)
    drawn = [strips.Row(curve.name, curve.worst, tuple(_areas(curve, full))) for curve in rows]
    svg = strips.picture(drawn, _AXIS, f"Digits lost along the axis by {name} in {dtype}. {says}")
    others = [curve.name for curve in curves[len(lossy) :]]
    return Chart(
        name, case, svg, tuple(rows), len(lossy) - len(rows),
        wording.listed(others) if others else "",
    )  # fmt: skip


def _areas(curve: Curve, full: float) -> Iterator[strips.Area]:
    """An area for each stretch of inputs without a gap in which anything is lost."""
    pairs = zip(curve.along.at, curve.along.lost, strict=True)
    for told, run in groupby(pairs, lambda pair: pair[1] is not None):
        outline = [(_place(x), min((lost or 0.0) / full, 1.0)) for x, lost in run]
        if told and any(height for _, height in outline):
            yield strips.Area(tuple(_outlined(outline)))


def _outlined(heights: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """From the axis and back to it, without the places between others where nothing is lost."""
    wide = 0.04  # or one place alone would have no breadth
    yield heights[0][0] - wide, 0.0
    for k, (x, height) in enumerate(heights):
        if any(near > 0 for _, near in heights[max(k - 1, 0) : k + 2]):
            yield x, height
    yield heights[-1][0] + wide, 0.0


def _place(x: float) -> float:
    return math.copysign(math.log10(1 + min(abs(x), REACH) / NEAR), x)


def _number(x: float) -> str:
    text = f"{float(f'{x:.3g}'):,}".removesuffix(".0")
    return text.replace("e-0", "e-").replace("-", "−")


_AXIS = strips.Axis(
    title="input",
    low=_place(-REACH) - 1.4,
    high=_place(REACH) + 1.4,
    ticks=tuple(
        (_place(x), f"{x:,}".replace("-", "−")) for x in (-10_000, -10, -0.01, 0, 0.01, 10, 10_000)
    ),
)
