"""The result in the terminal: a table, the findings, and where the full report is."""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Mapping
from typing import TextIO

from .ledger import Ledger
from .lines import Entry
from .summary import Column, Group, Summary, summarise
from .wording import digits, duration, headline, one_line, plural, said, sentence, symbol, visible

FINDINGS = 8
"""How many findings are written out; the others are in the report."""

COMMAND = 12
"""Lines of a command that are shown, so that a finding is less than a screen of 24 lines."""

_COLOURS = {"bold": "1", "red": "31", "green": "32", "yellow": "33", "dim": "2"}


def wants_colour(stream: TextIO, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether to colour what goes to this stream: a terminal, and nobody said no."""
    if environ.get("NO_COLOR") or environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def table(ledger: Ledger, colour: bool, width: int = 80) -> str:
    """The result in lines of at most ``width`` characters (40 or more), ending in a newline.

    ``colour`` adds ANSI colours, unless the environment variable NO_COLOR is set; they repeat
    what a word says already.
    """
    return _Table(summarise(ledger), colour and not os.environ.get("NO_COLOR"), width).text()


class _Table:
    def __init__(self, summary: Summary, colour: bool, width: int) -> None:
        self.summary = summary
        self.colour = colour
        self.width = max(width, 40)

    def text(self) -> str:
        parts = [
            self.head(),
            self.doubts(),
            self.matrix(),
            *self.findings(),
            self.rest(),
            self.where(),
        ]
        return "\n\n".join(part for part in parts if part) + "\n"

    def paint(self, text: str, *colours: str) -> str:
        codes = ";".join(_COLOURS[name] for name in colours)
        return f"\x1b[{codes}m{text}\x1b[0m" if self.colour else text

    def fill(self, text: str, indent: int = 0, lines: int = 4) -> str:
        """Wrap one paragraph, with everything after some lines left out."""
        return textwrap.fill(
            one_line(text, self.width * lines),
            self.width,
            initial_indent=" " * indent,
            subsequent_indent=" " * indent,
            max_lines=lines,
            placeholder=" …",
        )

    def head(self) -> str:
        ran, end = self.summary.ledger.environment, self.summary.ledger.end
        facts = [f"gradient-conformance {ran.package}".strip()]
        facts += [f"profile {ran.profile}"] if ran.profile else []
        facts += [f"seed {ran.seed}"] if ran.seed is not None else []
        facts += [duration(end.seconds)] if end and end.seconds is not None else []
        verdict = "green" if self.summary.conforms else "red"
        first = one_line(headline(self.summary), self.width)
        return "\n".join(
            [
                self.paint(first, "bold", verdict),
                self.fill(sentence(self.summary), lines=8),
                self.paint(self.fill(", ".join(facts)), "dim"),
            ]
        )

    def doubts(self) -> str:
        doubts = self.summary.doubts
        lines = [f"INCOMPLETE: {doubt}" for doubt in doubts[:3]]
        if len(doubts) > 3:
            lines.append(f"INCOMPLETE: {plural(len(doubts) - 3, 'more problem')} in report.html")
        return "\n".join(self.paint(self.fill(line), "yellow") for line in lines)

    def matrix(self) -> str:
        """Identities that conform, of those tried: a row per backend and route, columns by type."""
        if not self.summary.entries:
            return ""
        most = min(28, self.width - 22)
        names = {c: one_line(f"{c[0]} {c[1]}", most) for c in self.summary.columns}
        heads = {dtype: one_line(dtype, 20) for dtype in self.summary.dtypes}
        label = max(map(len, names.values()))
        columns = {
            dtype: {c: self.cell(c, dtype) for c in self.summary.columns}
            for dtype in self.summary.dtypes
        }
        widths = {
            dtype: max(len(heads[dtype]), *map(len, cells.values()))
            for dtype, cells in columns.items()
        }
        blocks: list[list[str]] = [[]]
        for dtype in columns:
            used = label + sum(2 + widths[other] for other in [*blocks[-1], dtype])
            if blocks[-1] and used > self.width:
                blocks.append([])
            blocks[-1].append(dtype)
        drawn = []
        for block in blocks:
            top = "".join(f"  {heads[dtype]:<{widths[dtype]}}" for dtype in block)
            lines = [self.paint(f"{'':<{label}}{top}".rstrip(), "bold")]
            for column, name in names.items():
                cells = "".join(f"  {columns[d][column]:<{widths[d]}}" for d in block)
                line = f"{name:<{label}}{cells}".rstrip()
                lines.append(self.paint(line, "red") if " fail" in cells else line)
            drawn.append("\n".join(lines))
        legend = self.fill(
            "Identities that conform, of those tried; then the fewest digits right in them:"
        )
        return self.paint(legend, "dim") + "\n" + "\n\n".join(drawn)

    def cell(self, column: Column, dtype: str) -> str:
        tally = self.summary.tally(column, dtype)
        if tally is None:
            return "not tried"
        text = f"{tally.conforming:>2}/{tally.identities}"
        text += f" {digits(tally.digits):>5}" if tally.digits is not None else " " * 6
        text += f"  {tally.failing} fail" if tally.failing else ""
        return text

    def findings(self) -> list[str]:
        findings = self.summary.findings
        parts = [self.finding(group) for group in findings[:FINDINGS]]
        if len(findings) > FINDINGS:
            parts.append(f"… and {len(findings) - FINDINGS} more in report.html")
        return parts

    def finding(self, group: Group) -> str:
        verdict = group.worst.verdict
        place = f"{group.backend} {group.route} {group.identity}"
        title = one_line(f"{symbol(verdict)} {verdict}: {place}", self.width)
        lines = [self.paint(title, "bold", "red"), self.fill(said(group), 2, lines=3)]
        if group.messages:
            lines.append(self.fill(group.messages[0], 2))
        if group.worst.reproduce:
            lines.append(self.again(group.worst))
        return "\n".join(lines)

    def again(self, entry: Entry) -> str:
        """The command that shows a failure again; of one that is too long, where to find it."""
        command = shell_lines(entry.reproduce, self.width)
        if len(command) < COMMAND * self.width and command.count("\n") < COMMAND:
            return self.paint(command, "dim")
        script = f"{entry.script}, beside the report, shows it again" if entry.script else ""
        return self.fill(script or "The command that shows it again is in report.html.", 2)

    def rest(self) -> str:
        """What was not judged, or is on record: one line each, with counts."""
        lines = []
        for verdict in ("known", "unsupported", "undecided"):
            count = self.summary.counts[verdict]
            if count:
                names = sorted({group.identity for group in self.summary.groups(verdict)})
                text = f"{symbol(verdict)} {verdict}: {plural(count, 'verdict')} on "
                text += f"{plural(len(names), 'identity', 'identities')}: {', '.join(names)}"
                lines.append(one_line(text, self.width))
        for name, reason in self.summary.ledger.environment.missing.items():
            lines.append(self.fill(f"Not tried: {name}: {reason}", lines=2))
        return "\n".join(lines)

    def where(self) -> str:
        """The path of the full report, which may be longer than a line: it is to be copied.

        Before it the result once more, where findings have moved it off the screen.
        """
        path = self.summary.ledger.path
        found = f"In all: {headline(self.summary)}"
        lines = [self.paint(one_line(found, self.width), "bold", "red")]
        lines = lines if len(self.summary.findings) > 1 else []
        lines += [f"Report: {_whole(str(path.parent / 'report.html'))}"] if path else []
        return "\n".join(lines)


def shell_lines(command: str, width: int) -> str:
    r"""A shell command over several lines of at most ``width``, that the shell reads as one.

    Breaks between words get a backslash. A quoted word too long for a line is broken into two
    quoted pieces with only a backslash and a newline between, which the shell joins again.
    """
    lines, line = [], "  "
    for word in re.findall(r"(?:'[^']*'|\"[^\"]*\"|\\.|\S)+", _whole(command)):
        if len(line) + len(word) + 2 > width and line.strip():
            lines.append(f"{line.rstrip()} \\")
            line = "      "
        quoted = word[:1] + word[-1:] == "''" and word.count("'") == 2
        while quoted and len(line) + len(word) + 2 > width:
            room = width - len(line) - 2
            lines.append(f"{line}{word[:room]}'\\")
            line, word = "", f"'{word[room:]}"
        line += f"{word} "
    return "\n".join([*lines, line.rstrip()])


def _whole(text: str) -> str:
    """The text on one line, uncut, with nothing in it that would act on a terminal."""
    return visible(text.replace("\n", " ").replace("\t", " "))
