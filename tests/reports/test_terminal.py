"""The terminal table: width, colours, what is shown and what is only counted."""

from __future__ import annotations

import io
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from gradient_conformance.reports.ledger import read_ledger
from gradient_conformance.reports.terminal import FINDINGS, shell_lines, table, wants_colour
from gradient_conformance.tests.reports.synthetic import (
    HOSTILE,
    end,
    environment,
    failure,
    full_size,
    ledger,
    verdict,
    write,
)

ESCAPE = re.compile("\x1b\\[[0-9;]*m")


@pytest.fixture(autouse=True)
def _no_colour_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)


def tried_on_many_types() -> list[dict[str, Any]]:
    types = ["float64", "float32", "float16", "bfloat16"]
    return [failure(dtype=dtype, backend=f"backend{n}") for dtype in types for n in range(3)]


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize(
    "lines",
    [
        [environment(), verdict(), end()],
        full_size(),
        [environment(), *tried_on_many_types(), end(exit=1)],
        [
            environment(profile=HOSTILE, missing={HOSTILE: HOSTILE * 9}),
            failure(backend=HOSTILE, identity=HOSTILE, dtype=HOSTILE, message=HOSTILE * 30),
        ],
        [environment(), failure(identity="x" * 300, message="y" * 10_000, reproduce="")],
    ],
    ids=["small", "full", "types", "hostile", "long"],
)
def test_no_line_is_wider(tmp_path: Path, lines: list[dict[str, Any]], width: int) -> None:
    path = write(tmp_path / "ledger.jsonl", lines)
    text = ESCAPE.sub("", table(read_ledger(path), colour=True, width=width))
    rows = [row for row in text.splitlines() if not row.startswith("Report: ")]
    assert max(map(len, rows)) <= width
    assert len(rows) > 3


def test_what_it_says_of_a_finding(tmp_path: Path) -> None:
    text = table(ledger(tmp_path, verdict(wrt="x"), failure(), exit=1), colour=False)
    assert text.startswith("1 finding in torch\n")
    assert "✗ wrong: torch native least_squares" in text
    assert "gradient of A in float32, 0.3 of 7.2 digits right" in text
    assert "at [0, 1] expected -20, got -10" in text
    assert f"Report: {tmp_path / 'report.html'}" in text
    [row] = [row for row in text.splitlines() if row.startswith("torch native ")]
    assert row.split() == ["torch", "native", "not", "tried", "0/1", "1", "fail"]


def test_the_reproduce_line_can_be_pasted(tmp_path: Path) -> None:
    text = table(ledger(tmp_path, failure(), exit=1), colour=False)
    pasted = text[text.index("gradient-conformance run --backend") :].split("\n\n")[0]
    assert shlex.split(pasted.replace("\\\n", "")) == shlex.split(failure()["reproduce"])


@pytest.mark.parametrize("words", [1, 9, 40])
def test_a_quoted_word_is_broken_so_that_the_shell_joins_it(words: int) -> None:
    case = " ".join(f"x[{n}]=-0.5" for n in range(words))
    command = f"gradient-conformance run --case '{case}' --dtype float32"
    text = shell_lines(command, 60)
    assert max(map(len, text.splitlines())) <= 60
    assert shlex.split(text.replace("\\\n", "")) == shlex.split(command)


def test_a_finding_is_never_more_than_a_screen(tmp_path: Path) -> None:
    case = " ".join(f"x[{n}]=-0.5" for n in range(300))
    long = {"message": "y " * 3000, "reproduce": f"gradient-conformance run --case '{case}'"}
    many = [failure(identity="a", **long), failure(identity="b" * 90, **long, script="")]
    text = table(ledger(tmp_path, *many, exit=1), colour=False)
    blocks = [block for block in text.split("\n\n") if block.startswith("✗ ")]
    assert [block.count("\n") < 23 for block in blocks] == [True, True]
    script = "reproduce/torch-native-least_squares-float32-gradient-A.py"
    told = [" ".join(block.split()) for block in blocks]
    assert told[0].endswith(f"{script}, beside the report, shows it again")
    assert told[1].endswith("The command that shows it again is in report.html.")


def test_a_command_of_one_endless_word_is_not_written_out(tmp_path: Path) -> None:
    line = failure(reproduce="run " + "z" * 5000, script="")
    text = table(ledger(tmp_path, line, exit=1), colour=False)
    assert "The command that shows it again is in report.html." in text
    assert "zzz" not in text


def test_the_result_is_said_once_more_after_many_findings(tmp_path: Path) -> None:
    found = table(ledger(tmp_path, failure(), failure(identity="gelu"), exit=1), colour=False)
    assert found.splitlines()[-2] == "In all: 2 findings in torch"
    assert "In all" not in table(ledger(tmp_path, failure(), exit=1), colour=False)


def test_only_so_many_findings_are_written_out(tmp_path: Path) -> None:
    many = [failure(identity=f"identity_{n:02}") for n in range(FINDINGS + 3)]
    text = table(ledger(tmp_path, *many, exit=1), colour=False)
    assert text.count("✗ wrong:") == FINDINGS
    assert "… and 3 more in report.html" in text


def test_what_was_not_judged_is_one_line_each(tmp_path: Path) -> None:
    rows = table(
        ledger(
            tmp_path,
            verdict(),
            verdict(identity="gelu", verdict="unsupported", digits=None),
            verdict(identity="gelu", wrt="x", verdict="unsupported", digits=None),
            verdict(identity="trace", verdict="undecided", digits=None),
        ),
        colour=False,
    ).splitlines()
    assert "– unsupported: 2 verdicts on 1 identity: gelu" in rows
    assert "? undecided: 1 verdict on 1 identity: trace" in rows
    assert any(row.startswith("Not tried: tensorflow: backend 'tensorflow' needs") for row in rows)


def test_a_killed_run_says_so_at_the_top(tmp_path: Path) -> None:
    path = write(tmp_path / "ledger.jsonl", [environment(), verdict()])
    top = table(read_ledger(path), colour=False).split("\n\n")[:2]
    assert top[0].startswith("No failure found so far, and the record is incomplete")
    assert top[1] == "INCOMPLETE: The run did not finish: it was killed, or it still goes on."


def test_an_empty_ledger(tmp_path: Path) -> None:
    text = table(ledger(tmp_path), colour=False)
    assert text.startswith("Nothing was judged\nThe ledger holds no verdict.\n")


def test_colours_repeat_what_the_words_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = ledger(tmp_path, verdict(wrt="x"), failure(), exit=1)
    plain, painted = table(found, colour=False), table(found, colour=True)
    assert "\x1b[" in painted
    assert "\x1b" not in plain
    assert ESCAPE.sub("", painted) == plain
    monkeypatch.setenv("NO_COLOR", "1")
    assert table(found, colour=True) == plain


def test_a_message_cannot_drive_the_terminal(tmp_path: Path) -> None:
    text = table(
        ledger(
            tmp_path,
            failure(
                message=HOSTILE, identity=HOSTILE, reproduce=f"run {HOSTILE}", backend="\x1b[2J\x9b"
            ),
            exit=1,
        ),
        colour=False,
    )
    assert "<script>" in text
    assert not [c for c in text if not c.isprintable() and c != "\n"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_when_to_colour() -> None:
    assert wants_colour(Terminal(), {})
    assert not wants_colour(Terminal(), {"NO_COLOR": "1"})
    assert wants_colour(Terminal(), {"NO_COLOR": ""}), "an empty NO_COLOR is none"
    assert not wants_colour(Terminal(), {"TERM": "dumb"})
    assert not wants_colour(io.StringIO(), {})
