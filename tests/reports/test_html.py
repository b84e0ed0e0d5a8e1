"""The HTML page: it parses, stands alone, lets no text act, and says what it must."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

from gradient_conformance.laws.verdicts import OUTCOMES
from gradient_conformance.reports import arrays
from gradient_conformance.reports.html import render
from gradient_conformance.reports.ledger import read_ledger
from gradient_conformance.reports.wording import LAWS, ROUTE_MEANINGS
from gradient_conformance.tests.reports.pages import VOID, Page, page
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

ALLOWED = {
    "a", "article", "b", "body", "button", "caption", "code", "dd", "details", "dialog", "div",
    "dl", "dt", "em", "footer", "form", "h1", "h2", "h3", "head", "header", "html", "label", "li",
    "main", "nav", "ol", "option", "p", "pre", "script", "section", "select", "span", "style",
    "summary", "table", "tbody", "td", "th", "thead", "time", "title", "tr", "ul", *VOID,
    "figure", "figcaption", "svg", "path", "text",
}  # fmt: skip


def hostile_lines() -> list[Any]:
    everywhere = dict.fromkeys(FIELDS, HOSTILE)
    shown = {
        "arguments": {HOSTILE: [HOSTILE, [1]], "A": {"not": "an array"}},
        "ybar": HOSTILE,
        "expected": [[1.0], [2.0, 3.0]],
        "observed": "nan",
        HOSTILE: HOSTILE,
    }
    return [
        environment(
            versions={HOSTILE: HOSTILE}, missing={HOSTILE: HOSTILE}, command=HOSTILE,
            profile=HOSTILE, started=HOSTILE, platform=HOSTILE, package=HOSTILE,
        ),
        failure(message=HOSTILE * 60, case=HOSTILE, reproduce=HOSTILE, script=HOSTILE),
        failure(**everywhere, message=HOSTILE, shown=shown),
        verdict(**everywhere | {"law": "x"}, verdict="undecided", message=HOSTILE),
        verdict(**everywhere | {"law": "y", "dtype": "float64"}, verdict="unsupported"),
        verdict(**everywhere | {"backend": "z"}, verdict="known", issue=HOSTILE),
        verdict(law="y", verdict="known", issue="https://example.org/" + HOSTILE),
        HOSTILE,
        end(exit=1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [environment()],
        [environment(), verdict(), end()],
        [verdict(), failure()],
        full_size(),
        hostile_lines(),
    ],
    ids=["nothing", "empty", "small", "no environment", "full", "hostile"],
)
def test_it_is_a_well_formed_page_that_stands_alone(tmp_path: Path, lines: list[Any]) -> None:
    found = page(tmp_path, *lines)
    assert {tag for tag, _ in found.tags} <= ALLOWED
    for tag, attributes in found.tags:
        assert not attributes.keys() & {"src", "srcset", "action", "data", "style"}, tag
        assert not [name for name in attributes if name.startswith("on")], tag
        href = attributes.get("href") or "#"
        assert href.startswith("#") or attributes.get("rel") == "noreferrer", tag
    anchors = [a["id"] for _, a in found.tags if "id" in a]
    assert len(anchors) == len(set(anchors))
    targets = {a["href"] for a in found.all("a") if "rel" not in a}
    assert targets <= {f"#{anchor}" for anchor in anchors}
    named = [a["aria-labelledby"] for _, a in found.tags if "aria-labelledby" in a]
    made_when_opened = {"cell-title"}
    assert set(named) - made_when_opened <= set(anchors)
    assert sum(1 for _ in found.all("main")) == sum(1 for _ in found.all("h1")) == 1
    assert sum(1 for _ in found.all("style")) == 1
    kinds = [a.get("type") for a in found.all("script")]
    assert kinds in ([None], ["text/plain", None])


def test_it_fetches_nothing(tmp_path: Path) -> None:
    text = render(read_ledger(write(tmp_path / "ledger.jsonl", full_size())))
    page_itself, script = text[: text.rindex("<script>")], text[text.rindex("<script>") :]
    page_itself = re.sub(r'id="verdicts">[A-Za-z0-9+/=]+<', "", page_itself)
    assert not re.findall(r"http|//\w|src=|url\(|@import|<link|<iframe|<img", page_itself)
    assert not re.findall(r"fetch|XMLHttp|WebSocket|sendBeacon|import\b|innerHTML|src\b", script)


def test_hostile_text_is_shown_as_it_is(tmp_path: Path) -> None:
    found = page(tmp_path, *hostile_lines())
    assert "<script>alert(1)</script> # heading | cell `code`" in found.text
    assert "{{ 7 * 7 }} &lt; $(reboot)" in found.text
    assert "\\x1b[31mred\\x07 \\u202ereversed" in found.text
    assert not [c for c in found.text if not c.isprintable()]


def test_tables_can_be_read_aloud(tmp_path: Path) -> None:
    text = render(read_ledger(write(tmp_path / "ledger.jsonl", full_size())))
    found = Page(text)
    assert text.count("<table") == text.count("<caption") > 3
    assert all(attributes.get("scope") for attributes in found.all("th"))
    assert next(found.all("html"))["lang"] == "en"
    scrolled = [a for a in found.all("div") if a.get("class") == "scroll"]
    assert scrolled
    assert all(a.get("tabindex") == "0" and a.get("aria-label") for a in scrolled)


def test_the_first_words_are_the_result(tmp_path: Path) -> None:
    text = page(tmp_path, environment(), verdict(wrt="x"), failure(), end(exit=1)).text
    order = [
        "1 finding in torch",
        "1 identity was tried on torch in float64 and float32. Of 2 verdicts: 1 pass, 1 wrong.",
        "torch 2.13.0+cpu",
        "profile smoke, seed 0; started 20 November 2026, 10:50 UTC; took 41 s",
        "tensorflow: backend 'tensorflow' needs tensorflow, which is not installed",
        "✗ wrong: gradient of A in float32, 0.3 of 7.2 digits right",
        "The worst verdict on each identity",
        "Identities that conform",
        "To see it again",
        "How many decimal digits",
    ]
    places = [text.find(part) for part in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)


def test_a_failure_is_told_in_full(tmp_path: Path) -> None:
    told = failure()
    text = page(tmp_path, environment(), told, end(exit=1)).text
    for part in (told["case"], told["message"], told["reproduce"], told["script"]):
        assert re.sub(r"\s+", " ", part) in text
    assert "the largest error is 1.9e+06 times the tolerance" in text
    assert "[0, 1] -20-102.6e-06 3.8e+06✗ off" in text
    assert "[1, 1] 1e-07nan1e-13 not finite✗ off" in text
    assert "[0, 0] -199.5-199.52.6e-06 0✓ within" in text
    assert "x 3 [ 10 0.5 -0]" in text
    assert "ȳ (the cotangent) scalar -0.25" in text


def test_without_script_the_worst_type_is_shown(tmp_path: Path) -> None:
    lines = [environment(), verdict(), verdict(dtype="float64", digits=3.0), end()]
    found = page(tmp_path, *lines)
    assert "✓ pass 3.0 of 15.9" in found.text
    assert "6.8 of 7.2" not in found.text
    assert [a for a in found.all("form") if "hidden" in a], "what needs a script is not offered"


def test_each_state_has_a_word(tmp_path: Path) -> None:
    words = [outcome for outcome in OUTCOMES if outcome != "pass"]
    lines = [verdict(identity=word, verdict=word, digits=None) for word in words]
    text = page(tmp_path, environment(), verdict(), *lines, end(exit=1)).text
    matrix = text[text.index("The worst verdict on each") : text.index("Details of the findings")]
    for word in words:
        assert len(re.findall(rf"\b{word}\b", matrix)) >= 2, f"the row of {word}, and its cell"


def test_unsupported_in_one_type_hides_no_answer_in_another(tmp_path: Path) -> None:
    lines = [verdict(), verdict(dtype="float64", verdict="unsupported", digits=None)]
    text = page(tmp_path, environment(), *lines, end()).text
    assert re.search(r"✓ pass 6\.8 of 7\.2 – unsupported in float64", text)


def test_a_failure_in_one_type_names_it(tmp_path: Path) -> None:
    lines = [environment(), verdict(dtype="float64", digits=15.0), failure(), end(exit=1)]
    assert "✗ wrong 0.3 of 7.2 in float32" in page(tmp_path, *lines).text


def test_what_is_missing_as_a_whole_is_not_spelled_out(tmp_path: Path) -> None:
    gone = [verdict(wrt=wrt, verdict="unsupported", message="none") for wrt in "Ab"]
    assert "float32everything none" in page(tmp_path, environment(), *gone, end()).text
    text = page(tmp_path, environment(), *gone, verdict(wrt="x"), end()).text
    assert "float32gradient of A and b none" in text


@pytest.mark.parametrize(
    ("ending", "said"),
    [([], "The run did not finish"), ([end(interrupted=True, exit=2)], "was interrupted")],
)
def test_an_unfinished_run_says_so_at_the_top(tmp_path: Path, ending: list[Any], said: str) -> None:
    text = page(tmp_path, environment(), verdict(), *ending).text
    assert -1 < text.index(said) < text.index("Versions")


def test_every_word_is_explained(tmp_path: Path) -> None:
    found = page(tmp_path, environment(), verdict(), verdict(law="brand_new"), end())
    glossary = found.text[found.text.rindex("How to read this") :]
    meanings = [*OUTCOMES.values(), *ROUTE_MEANINGS.values(), *(law[1] for law in LAWS.values())]
    for meaning in (*meanings, "Digits", "Tolerance and margin", "Gradient of A", "brand new"):
        assert meaning in glossary


def test_a_full_report_is_quick(tmp_path: Path) -> None:
    found = read_ledger(write(tmp_path / "ledger.jsonl", full_size()))
    started = time.perf_counter()
    text = render(found)
    assert time.perf_counter() - started < 2
    assert len(text) < 1_000_000


def test_where_everything_fails_each_finding_has_its_numbers_once(tmp_path: Path) -> None:
    names = [f"identity_{n}" for n in range(130)]
    many = [failure(identity=name, wrt=wrt) for name in names for wrt in ("A", "b", "x")]
    text = render(ledger(tmp_path, *many, exit=1))
    assert text.count("Expected and computed, entry by entry") == len(names)
    assert text.count("And 2 more failures of the same library") == len(names)


def test_many_failures_stay_readable(tmp_path: Path) -> None:
    big = [[0.5] * 100] * 100
    shown = {"arguments": {"A": big}, "expected": big, "observed": big, "tolerance": big}
    many = [failure(wrt=f"a{n}", shown=shown) for n in range(30)]
    text = render(ledger(tmp_path, *many, exit=1))
    assert len(text) < 300_000
    assert "And 18 more failures of the same library" in text
    assert "and 9,960 more entries,\n0 of them off" in text


def test_entries_that_are_off_are_never_the_ones_left_out() -> None:
    expected, observed = [0.0] * 100, [0.0] * 97 + ["nan", "inf", 1.0]
    rows = arrays.compare(
        {"expected": expected, "observed": observed, "tolerance": [0.5] * 100}, "float32", 5
    )
    assert rows is not None
    assert [row.position for row in rows.rows] == ["[0]", "[1]", "[97]", "[98]", "[99]"]
    assert [row.error for row in rows.rows] == ["0", "0", "not finite", "not finite", "2"]
    assert (rows.hidden, rows.hidden_outside) == (95, 0)


@pytest.mark.parametrize(
    ("array", "text"),
    [
        (1.5, "1.5"),
        ([], "[]"),
        ([1.0, "nan"], "[1.0  nan]"),
        ([[1.0, -10.0]], "[[  1.0  -10.0]]"),
        ([[[1.0], [2.0]], [[3.0], [4.0]]], "[[[1.0]\n  [2.0]]\n\n [[3.0]\n  [4.0]]]"),
        ([[1.0], [2.0, 3.0]], "[[1.0], [2.0, 3.0]]"),
        ([0.0] * 500, f"[{', '.join(['0.0'] * 400)}, … 100 more entries]"),
    ],
)
def test_arrays_in_columns(array: Any, text: str) -> None:
    assert arrays.text(array) == text
