"""The pictures of the report, and what is said about them."""

from __future__ import annotations

from dataclasses import dataclass

from . import axis_plot, margin_plot
from .summary import Summary


@dataclass(frozen=True)
class Plots:
    """Pictures of margins and of digits lost along the axis; empty where there are no numbers."""

    margins: tuple[margin_plot.Panel, ...]
    along: tuple[axis_plot.Charts, ...]
    margins_legend: str = margin_plot.LEGEND
    margins_head: tuple[str, ...] = margin_plot.BINS
    along_legend: str = axis_plot.LEGEND


def of(summary: Summary) -> Plots:
    """The pictures of a ledger."""
    return Plots(margin_plot.panels(summary), axis_plot.charts(summary.ledger))
