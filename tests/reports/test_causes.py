"""Findings by framework and cause, and their page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from gradient_conformance.reports.causes import ROWS, causes, headline, render
from gradient_conformance.reports.html import render as render_report
from gradient_conformance.reports.ledger import Ledger, read_ledger
from gradient_conformance.reports.summary import summarise
from gradient_conformance.reports.views import write_views

from .pages import Page
from .synthetic import HOSTILE, end, environment, failure, full_size, ledger, verdict, write

REASON = "exp of float64 is computed in float32"
ISSUE = "https://example.org/issues/1"


def known(**changes: Any) -> dict[str, Any]:
    return verdict(
        **{
            "verdict": "known", "message": REASON, "issue": ISSUE, "digits": 5.5,
            "case": "n=2 seed=0", "reproduce": "gradient-conformance run --case 'n=2 seed=0'",
            **changes,
        }
    )  # fmt: skip


def raised(**changes: Any) -> dict[str, Any]:
    error = "TypeError: no kernel\n  in sums.py"
    return failure(verdict="error", message=error, digits=None, shown=None, **changes)


def told(found: Ledger) -> dict[str, list[tuple[str, str, list[str]]]]:
    return {
        name: [(c.verdict, c.says, [g.identity for g in c.groups]) for c in each]
        for name, each in causes(summarise(found)).items()
    }


def test_one_reason_is_one_cause_and_failures_come_first(tmp_path: Path) -> None:
    found = ledger(
        tmp_path,
        verdict(identity="trace"),
        known(identity="softmax"),
        known(identity="gelu", backend="torch_func"),  # a path of the same framework
        known(identity="gelu", backend="torch_func", law="value", wrt=None, message="another"),
        raised(identity="matmul"),
        raised(identity="outer"),
        failure(),
        failure(wrt="x"),
        known(identity="softmax", backend="jax"),
        exit=1,
    )
    assert told(found) == {
        "jax": [("known", REASON, ["softmax"])],
        "torch": [
            ("error", "TypeError: no kernel", ["matmul", "outer"]),
            ("wrong", "least_squares is wrong", ["least_squares"]),
            ("known", REASON, ["softmax", "gelu"]),
            ("known", "another", ["gelu"]),
        ],
    }
    assert headline(summarise(found)) == "4 failing and 4 known verdicts, of 5 causes"


def test_an_adapter_from_outside_is_a_framework_of_its_own(tmp_path: Path) -> None:
    found = ledger(tmp_path, failure(backend="torch_like"), failure(backend="torch"), exit=1)
    assert set(told(found)) == {"torch", "torch_like"}


def test_the_page_tells_where_it_shows_and_how_to_see_it_again(tmp_path: Path) -> None:
    page = Page(render(ledger(tmp_path, failure(), known(identity="gelu"), exit=1)))
    assert "PyTorch 2.13.0+cpu" in page.text
    wrong, recorded = page.text.split("gelu torch native")
    assert "✗ wrong: 1 verdict" in wrong
    assert "gradient of A 0.3 -20, -10 at [0, 1] m=2 n=3 regime=special seed=7" in wrong
    assert failure()["reproduce"] in wrong
    assert f"{REASON} ◇ known: 1 verdict Discussed at {ISSUE}" in wrong
    assert "gradient of A 5.5 n=2 seed=0" in recorded
    assert "gradient-conformance run --case 'n=2 seed=0'" in recorded
    (link,) = [a for a in page.all("a") if a["href"] == ISSUE]
    assert link["rel"] == "noreferrer"


@pytest.mark.parametrize(
    ("worst", "says"),
    [
        ({"at": [1, 0], "expected": 0.25, "got": 0.5}, "5.5 0.25, 0.5 at [1, 0] n=2"),
        ({"at": [], "expected": 2.0, "got": "nan"}, "5.5 2, nan n=2"),
        ({"at": [3], "expected": [-1.0, 1.0], "got": 2.0}, "5.5 -1 to 1, 2 at [3] n=2"),
        ({}, "gradient of A 5.5 n=2"),
    ],
)
def test_expected_and_got_of_the_worst_entry(worst: dict, says: str, tmp_path: Path) -> None:
    assert says in Page(render(ledger(tmp_path, known(worst=worst)))).text


def test_columns_that_would_be_empty_are_left_out(tmp_path: Path) -> None:
    bare = Page(render(ledger(tmp_path, raised(), exit=1))).text
    assert "What Case" in bare
    assert "What Digits right Expected, got Case" in Page(render(ledger(tmp_path, failure()))).text


def test_it_links_to_each_finding_of_the_report(tmp_path: Path) -> None:
    write(tmp_path / "ledger.jsonl", full_size())
    write_views(tmp_path)
    page = Page((tmp_path / "findings.html").read_text(encoding="utf-8"))
    report = Page((tmp_path / "report.html").read_text(encoding="utf-8"))
    linked = {str(a["href"]) for a in page.all("a")}
    anchors = {f"report.html#{a['id']}" for a in report.all("article")}
    assert {href for href in linked if "#finding" in href} == anchors
    assert len(anchors) > 2
    assert "findings.html" in {a["href"] for a in report.all("a")}


def test_without_the_page_the_report_has_no_link_to_it(tmp_path: Path) -> None:
    assert "findings.html" not in render_report(ledger(tmp_path, failure()))


@pytest.mark.parametrize("lines", [[], [environment(), verdict(), end()]], ids=["empty", "passes"])
def test_where_nothing_failed(lines: list[Any], tmp_path: Path) -> None:
    page = Page(render(read_ledger(write(tmp_path / "ledger.jsonl", lines))))
    assert "Nothing failed, and nothing is known to" in page.text
    assert ("Incomplete:" in page.text) == (not lines)
    assert not list(page.all("article"))


def test_many_of_one_cause_are_counted(tmp_path: Path) -> None:
    many = [known(identity=f"f{n:02}") for n in range(ROWS + 2)]
    page = Page(render(ledger(tmp_path, *many)))
    assert len(list(page.all("tr"))) == 1 + ROWS
    assert "And 2 more, in the ledger." in page.text


def test_what_the_ledger_says_is_text_and_nothing_else(tmp_path: Path) -> None:
    names = dict.fromkeys(
        ("identity", "backend", "route", "dtype", "law", "wrt", "message", "case", "reproduce"),
        HOSTILE,
    )
    odd = {"at": HOSTILE, "expected": [HOSTILE], "got": {HOSTILE: HOSTILE}}
    recorded = known(**{**names, "route": "native", "issue": "javascript:x", "worst": odd})
    text = render(ledger(tmp_path, failure(**names), recorded))
    page = Page(text)
    assert "<script>alert" not in text
    assert "<script>alert(1)</script>" in page.text
    assert not [c for c in page.text if not c.isprintable()]
    assert not [a for a in page.all("a") if str(a["href"]).startswith("javascript")]
    assert not re.findall(r"src=|url\(|@import|<link|<img", text)
    assert text.count("<table") == text.count("<caption") == 2
