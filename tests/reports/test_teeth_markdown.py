"""What became of the faults, for a CI step summary."""

from __future__ import annotations

from pathlib import Path

from gradient_conformance.reports.markdown import LIMIT
from gradient_conformance.reports.teeth_markdown import render
from gradient_conformance.tests.reports.hunts import alarm, full_size, hostile, hunt, read, row


def test_it_tells_the_result_then_the_holes_then_the_families(tmp_path: Path) -> None:
    rows = [
        row(examples=4),
        row(identity="relu", examples=9),
        row(fault="transposed", outcome="survived", laws=[], case=""),
        row(fault="doubled", outcome="equivalent", reason="because"),
    ]
    text = render(read(tmp_path, hunt(*rows, controls=[alarm()])))
    order = [
        "# 1 survived and 1 false alarm\n",
        "3 faults over torch in float32, on 2 identities: 8 hunts at 4 places.",
        "## Not killed: 1 survived and 1 false alarm\n",
        "- ✗ survived: **transposed** on softmax: torch native float32; 3 examples tried\n",
        "- ✗ false alarm: **no fault** on softmax: torch native float32; by facts",
        "| Family | Faults | Places | Killed | Not killed | Equivalent | Hidden | Median | Most |",
        "| entries | 2 | 3 | 2 | 0 | 1 | 0 | 4 | 9 |",
        "| axes | 1 | 1 | 0 | ✗ **1** | 0 | 0 |  |  |",
        "| gradient | 2 | 2 | 1 |",
        "| doubled | softmax | because |",
        "- seeds 0 and 1",
        "- took 12 min 34 s",
    ]
    places = [text.find(part) for part in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)
    assert "## Not killed" not in render(read(tmp_path, hunt(row())))


def test_hostile_text_is_shown_as_it_is(tmp_path: Path) -> None:
    text = render(read(tmp_path, hostile()))
    for active in (
        "<script",
        "](javascript",
        "`",
        "\x1b",
        "\u202e",
        "*stars*",
        "@everyone",
        "<!--",
    ):
        assert active not in text
    assert "&#60;script&#62;alert(1)" in text
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert {line.count("|") for line in tables} == {10, 5, 4}


def test_a_full_hunt_fits_a_step_summary(tmp_path: Path) -> None:
    assert len(render(read(tmp_path, full_size())).encode()) < LIMIT
    rows = [row(identity=f"identity_{n}", outcome="survived") for n in range(3000)]
    text = render(read(tmp_path, hunt(*rows)))
    assert "- and 2,800 more, in teeth.html" in text
    assert len(text.encode()) < LIMIT
