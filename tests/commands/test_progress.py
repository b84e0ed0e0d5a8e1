"""The line that says how far a run is, and the JUnit file."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import termios
import xml.etree.ElementTree as ET
from contextlib import suppress
from pathlib import Path

from .command_line import BROKEN, command, environment


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
    assert " failing]" in shown
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
