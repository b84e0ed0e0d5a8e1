"""The line that says how far a run is, and the JUnit file."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
import termios
import xml.etree.ElementTree as ET
from contextlib import suppress
from pathlib import Path

import pytest

from gradient_conformance.reports.terminal import FINDINGS

from .command_line import BROKEN, command, environment

ESCAPE = re.compile("\x1b\\[[0-9;]*[A-Za-z]")


def on_a_terminal(words: list[str], folder: Path) -> str:
    """What a command shows on a terminal of 80 columns."""
    ours, its = pty.openpty()
    termios.tcsetwinsize(its, (24, 80))
    running = subprocess.Popen(
        [sys.executable, "-m", "gradient_conformance", *words],
        cwd=folder, env=environment(), stdin=its, stdout=its, stderr=its,
    )  # fmt: skip
    os.close(its)
    shown = b""
    with suppress(OSError):  # Linux: the other side is closed
        while piece := os.read(ours, 4096):
            shown += piece
    os.close(ours)
    running.wait()
    return shown.decode()


WORDS = ["run", "--identity", "s*", "--dtype", "float64", "--law", "gradient", "--out", "out"]


def test_on_a_terminal_there_is_a_line_with_rate_and_time_left(tmp_path: Path) -> None:
    shown = on_a_terminal([*WORDS, "--backend", f"{BROKEN}:Negated"], tmp_path)
    assert "/34 [" in shown
    assert " tests/s" in shown
    assert re.search(r"\[\d\d:\d\d left, *[\d.]+ tests/s, \d+ failing\]", shown)
    assert "FFFF" not in shown


def test_elsewhere_there_is_none(tmp_path: Path) -> None:
    done = command(*WORDS, "--backend", f"{BROKEN}:Negated", cwd=tmp_path)
    assert "tests/s" not in done.stdout + done.stderr
    assert "FFFF" in done.stdout


def test_junit(tmp_path: Path) -> None:
    command(*WORDS, "--backend", f"{BROKEN}:Negated", "--junit", "junit.xml", cwd=tmp_path)
    suite = ET.parse(tmp_path / "junit.xml").getroot()[0]
    assert (suite.attrib["tests"], suite.attrib["errors"]) == ("34", "0")
    assert int(suite.attrib["failures"]) == 17
    case = next(c for c in suite if "square-negated" in c.attrib["name"])
    assert "gradient for X is wrong" in ET.tostring(case, encoding="unicode")
    assert not suite.findall(".//property")


def on_screen(shown: str) -> list[str]:
    """The lines as they stand on a terminal in the end: what a return wrote over is gone."""
    return [line.rpartition("\r")[2] for line in shown.replace("\r\n", "\n").splitlines()]


def test_everything_fits_80_columns_and_a_failure_a_screen(tmp_path: Path) -> None:
    shown = on_a_terminal([*WORDS, "--backend", f"{BROKEN}:Negated"], tmp_path)
    lines = on_screen(ESCAPE.sub("", shown))
    assert max(len(line) for line in lines if not line.startswith("Report: ")) <= 80
    blocks = "\n".join(lines).split("\n\n")
    failures = [block for block in blocks if block.startswith("✗ ")]
    assert len(failures) == FINDINGS
    for block in failures:
        assert block.count("\n") < 23
        assert re.search(r"expected \S+, got \S+", " ".join(block.split()))
        assert "gradient-conformance run --identity" in block
    assert lines[-3:-1] == [
        "In all: 17 findings in negated",
        f"Report: {tmp_path / 'out' / 'report.html'}",
    ]


def test_colours_are_for_a_terminal_and_for_those_who_want_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["run", "--backend", f"{BROKEN}:Negated", "--identity", "square", "--law", "gradient"]
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    painted = on_a_terminal(words, tmp_path)
    assert "\x1b[1;31m1 finding in negated\x1b[0m" in painted
    assert "\x1b" not in command(*words, cwd=tmp_path).stdout
    monkeypatch.setenv("NO_COLOR", "1")
    plain = on_a_terminal(words, tmp_path)
    assert "\x1b" not in plain
    assert "1 finding in negated" in plain
