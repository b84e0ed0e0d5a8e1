"""The Markdown report: order, escaping, and its size."""

from __future__ import annotations

import html
import re
from pathlib import Path

from gradient_conformance.identities.sources import RULES
from gradient_conformance.reports.ledger import read_ledger
from gradient_conformance.reports.markdown import LIMIT, render
from gradient_conformance.reports.markdown_text import fenced, inline
from gradient_conformance.tests.reports.synthetic import (
    FIELDS,
    HOSTILE,
    end,
    environment,
    failure,
    full_size,
    ledger,
    verdict,
    write,
)


def outside_fences(text: str) -> str:
    """The text without its fenced blocks, in which nothing is markup."""
    kept, fence = [], ""
    for row in text.split("\n"):
        opening = re.match(r"`{3,}", row)
        if fence:
            fence = "" if row == fence else fence
        elif opening:
            fence = opening[0]
        else:
            kept.append(row)
    assert not fence, "a fence is never closed"
    return "\n".join(kept)


def test_the_important_comes_first(tmp_path: Path) -> None:
    text = render(ledger(tmp_path, verdict(wrt="x"), failure(), exit=1))
    order = [
        "# 1 finding in torch",
        "Of 2 verdicts: 1 pass, 1 wrong.",
        "- ✗ wrong: **torch native least_squares**, gradient of A in float32",
        "| torch native | not tried | 0 of 1, ✗ **1 failing** |",
        "<summary>Every identity in float32: digits right</summary>",
        "| least_squares | ✗ wrong 0.3 |",
        "<summary>✗ wrong: torch native least_squares</summary>",
        "--case 'm=2 n=3 regime=special seed=7'",
        "reproduce/torch-native-least_squares-float32-gradient-A.py",
        "observed =\n[[-199.5     -10       0]",
        "- torch 2.13.0+cpu",
        "not tried: tensorflow: backend 'tensorflow' needs",
    ]
    places = [text.find(part) for part in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)


def test_every_fold_is_closed(tmp_path: Path) -> None:
    path = write(tmp_path / "ledger.jsonl", full_size())
    text = outside_fences(render(read_ledger(path)))
    assert text.count("<details>") == text.count("</details>") > 5


def test_inline_text_is_only_text() -> None:
    shown = inline(HOSTILE)
    assert not re.search(r"[<>`*\[\]|\\\n\x1b\u202e@~!\"]", shown)
    assert "_" not in re.sub(r"\w_\w", "", shown), "an underscore at a word's edge is emphasis"
    assert not re.search(r"#(?!\d+;)", shown)
    assert html.unescape(shown).startswith("<script>alert(1)</script> # heading | cell `code`")


def test_a_fence_is_longer_than_any_inside() -> None:
    assert fenced("a ```` b").startswith("`````\n")
    assert fenced("plain").startswith("```\n")


def test_hostile_text_stays_within_its_place(tmp_path: Path) -> None:
    everywhere = dict.fromkeys(FIELDS, HOSTILE)
    path = write(
        tmp_path / "ledger.jsonl",
        [
            environment(
                versions={HOSTILE: HOSTILE}, missing={HOSTILE: HOSTILE}, command=HOSTILE,
                profile=HOSTILE, started=HOSTILE,
            ),
            failure(
                **everywhere, message=HOSTILE, case=HOSTILE, reproduce=HOSTILE, script=HOSTILE,
                shown={"arguments": {HOSTILE: [HOSTILE]}, HOSTILE: HOSTILE},
            ),
            verdict(**everywhere | {"law": "value"}, verdict="undecided", message=HOSTILE),
            verdict(**everywhere | {"law": "y"}, verdict="known", issue=HOSTILE),
            "not an object",
            end(exit=1),
        ],
    )  # fmt: skip
    text = render(read_ledger(path))
    assert "\x1b" not in text
    assert "\u202e" not in text
    markup = outside_fences(text)
    tags = set(re.findall(r"</?\w+", markup))
    assert tags == {
        f"{slash}{tag}" for slash in ("<", "</") for tag in ("details", "summary", "code")
    }
    tables = [row for row in markup.split("\n") if row.startswith("|")]
    assert {row.count("|") for row in tables} <= {row.count("|") for row in tables if "---" in row}
    assert "Incomplete" in text


def test_every_rule_has_a_row(tmp_path: Path) -> None:
    text = render(ledger(tmp_path, verdict(), verdict(backend="jax", verdict="known")))
    rows = [row.strip("| ").split(" | ") for row in text.split("\n") if row.startswith("|")]
    assert [row[0] for row in rows if row[0] in RULES] == list(RULES)
    assert next(row for row in rows if row[0] == "zoo-4")[2:] == [
        "identity: least_squares; facts: least_squares", "◇ known deviation", "✓ conforms",
    ]  # fmt: skip
    assert "Every documented rule: 60 rules" in text
    assert "another version of the catalogue" in text


def test_a_known_deviation_says_where_it_is_discussed(tmp_path: Path) -> None:
    address = "https://example.org/issues/7"
    changes = {"identity": "elu", "verdict": "known", "message": "It cancels.", "issue": address}
    text = render(ledger(tmp_path, verdict(**changes)))
    note = "(On the identity: For α = 1 the slope at 0 is 1 from both sides.)"
    assert f"| It cancels. {address} {note} |" in text
    text = render(ledger(tmp_path, verdict(**changes | {"verdict": "undecided"})))
    assert "On the identity" not in text


def test_a_run_that_was_killed_says_so_at_the_top(tmp_path: Path) -> None:
    path = write(tmp_path / "ledger.jsonl", [environment(), verdict()])
    text = render(read_ledger(path))
    assert text.index("**Incomplete:** The run did not finish") < text.index("## By backend")


def test_an_empty_ledger(tmp_path: Path) -> None:
    text = render(ledger(tmp_path))
    assert text.startswith("# Nothing was judged\n")
    assert "|" not in text


def test_it_stays_small_enough_for_a_step_summary(tmp_path: Path) -> None:
    many = [
        failure(identity=f"identity_{n}", wrt=f"a{k}", message=f"ȳ {n} {k} " * 900)
        for n in range(300)
        for k in range(3)
    ]
    text = render(ledger(tmp_path, *many, exit=1))
    assert LIMIT * 0.9 < len(text.encode()) <= LIMIT
    assert re.search(r"\*\*Cut here:\*\* \d+ more sections did not fit", text)
    assert text.count("<details>") == text.count("</details>")
    assert "- and 100 more" in text
