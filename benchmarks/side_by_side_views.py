"""The results of ``side_by_side`` as a Markdown table and as a picture (SVG)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment

Results = Mapping[str, Any]

WIDTH, LEFT, BAR = 760, 250, 22
"""Of the picture: its width, where the bars begin, and the height of a line."""


def table(results: Results) -> str:
    """One row for each checker, one column for each subject: caught, time, evaluations.

    The heads say how many faults there are, and how many gross ones; the cells how many of them
    were caught, the milliseconds of a check and how many times those of the first row they are, and
    the forward and the backward evaluations.
    """
    subjects = results["subjects"]
    first = next(iter(results["titles"]))
    heads = []
    for title, subject in subjects.items():
        row = subject["checkers"][first]
        heads.append(f"{title}: {row['faults']} ({row['gross']})")
    lines = [
        "| | " + " | ".join([*heads, "false alarms"]) + " |",
        "|---|" + "---|" * (len(heads) + 1),
    ]
    for name, title in results["titles"].items():
        rows = [subject["checkers"][name] for subject in subjects.values()]
        base = [subject["checkers"][first] for subject in subjects.values()]
        cells = [_cell(row, other) for row, other in zip(rows, base, strict=True)]
        alarms = sum(len(row["alarms"]) for row in rows)
        points = sum(row["points"] for row in rows)
        lines.append("| " + " | ".join([title, *cells, f"{alarms} of {points}"]) + " |")
    return "\n".join(lines) + "\n"


def _cell(row: Mapping[str, Any], base: Mapping[str, Any]) -> str:
    ratio = row["milliseconds"] / base["milliseconds"]
    return (
        f"{row['caught']} ({row['caught_gross']}), {_short(row['milliseconds'])} ms, ×{ratio:.2f}, "
        f"{row['forward']} + {row['backward']}"
    )


def _short(number: float) -> str:
    """A number in three digits or so."""
    return f"{number:.0f}" if number >= 100 else f"{number:.1f}"


PICTURE = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{ width }} {{ height }}" role="img"
 font-family="system-ui, sans-serif" font-size="13">
<title>{{ title }}</title>
<style>
text { fill: #1f2328 } .quiet { fill: #59636e } .page { fill: #ffffff } .line { stroke: #d1d9e0 }
.all { fill: #8fb8e8 } .gross { fill: #1f6fca }
.dot { fill: #1f6fca; fill-opacity: .75 }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc } .quiet { fill: #9198a1 } .page { fill: #0d1117 } .line { stroke: #3d444d }
.all { fill: #1c3f68 } .gross { fill: #4c9aff } .dot { fill: #4c9aff }
}
</style>
<rect class="page" width="100%" height="100%"/>
{% for panel in panels %}
<text x="12" y="{{ panel.y }}" font-weight="600">{{ panel.title }}</text>
{% for mark in panel.marks -%}
<line class="line" x1="{{ mark.x }}" x2="{{ mark.x }}" y1="{{ panel.y + 12 }}"
 y2="{{ panel.bottom }}"/>
<text class="quiet" x="{{ mark.x }}" y="{{ panel.bottom + 15 }}" text-anchor="middle"
 font-size="11">{{ mark.text }}</text>
{% endfor %}
{% for line in panel.lines -%}
<text x="12" y="{{ line.y + 5 }}">{{ line.text }}</text>
{% for bar in line.bars -%}
<rect class="{{ bar.kind }}" x="{{ left }}" y="{{ bar.y }}" width="{{ bar.width }}" height="7"/>
{% endfor -%}
{% for dot in line.dots -%}
<circle class="dot" cx="{{ dot.x }}" cy="{{ line.y }}" r="4.5"><title>{{ dot.text }}</title>
</circle>
{% endfor -%}
<text class="quiet" x="{{ line.after }}" y="{{ line.y + 4 }}" font-size="11">{{ line.note }}</text>
{% endfor %}
{% endfor %}
</svg>
"""


def picture(results: Results) -> str:
    """The share of faults that each checker catches, and the time of a check, as an SVG."""
    names = list(results["titles"])
    caught: dict[str, Any] = {
        "title": "Faults caught, of all five functions: gross ones (dark), all (light)",
        "y": 24,
        "bottom": 24 + 16 + BAR * len(names),
        "marks": [
            {"x": LEFT + share * _span() // 100, "text": f"{share} %"} for share in (0, 50, 100)
        ],
        "lines": [_share(results, name, 48 + BAR * k) for k, name in enumerate(names)],
    }
    y = caught["bottom"] + 52
    places = _Scale(results)
    times: dict[str, Any] = {
        "title": "Milliseconds for one check of each of the five functions",
        "y": y,
        "bottom": y + 16 + BAR * len(names),
        "marks": [{"x": places.x(t), "text": f"{t:g}"} for t in places.marks],
        "lines": [_times(results, name, y + 24 + BAR * k, places) for k, name in enumerate(names)],
    }
    template = Environment(autoescape=True, trim_blocks=True).from_string(PICTURE)
    title = "Gradient checkers side by side: faults caught, and milliseconds per check"
    height = times["bottom"] + 28
    return (
        template.render(
            title=title, width=WIDTH, height=height, left=LEFT, panels=[caught, times]
        ).strip()
        + "\n"
    )


def _span() -> int:
    return WIDTH - LEFT - 90


def _share(results: Results, name: str, y: int) -> dict[str, Any]:
    rows = [subject["checkers"][name] for subject in results["subjects"].values()]
    total = {key: sum(row[key] for row in rows) for key in ("faults", "gross", "caught")}
    gross = sum(row["caught_gross"] for row in rows)
    shares = {"gross": gross / max(1, total["gross"]), "all": total["caught"] / total["faults"]}
    bars = [
        {"kind": kind, "y": y - 8 + 8 * k, "width": round(share * _span())}
        for k, (kind, share) in enumerate(shares.items())
    ]
    note = f"{total['caught']} of {total['faults']}"
    after = LEFT + _span() + 12
    return {
        "text": _plain(results, name), "y": y, "bars": bars, "dots": [], "note": note,
        "after": after,
    }  # fmt: skip


class _Scale:
    """Where a time stands, by its logarithm."""

    def __init__(self, results: Results) -> None:
        rows = [r for s in results["subjects"].values() for r in s["checkers"].values()]
        times = [row["milliseconds"] for row in rows]
        self.low, self.high = math.floor(math.log10(min(times))), math.ceil(math.log10(max(times)))
        self.high = max(self.high, self.low + 1)
        self.marks = [10.0**k for k in range(self.low, self.high + 1)]

    def x(self, time: float) -> int:
        part = (math.log10(time) - self.low) / (self.high - self.low)
        return LEFT + round(part * _span())


def _times(results: Results, name: str, y: int, places: _Scale) -> dict[str, Any]:
    dots = []
    for title, subject in results["subjects"].items():
        time = subject["checkers"][name]["milliseconds"]
        dots.append({"x": places.x(time), "text": f"{title}: {_short(time)} ms"})
    return {
        "text": _plain(results, name), "y": y, "bars": [], "dots": dots, "note": "",
        "after": 0,
    }  # fmt: skip


def _plain(results: Results, name: str) -> str:
    """A title without Markdown."""
    return str(results["titles"][name]).replace("*", "")
