"""What becomes of verdicts over several runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from gradient_conformance.reports.comparison_views import MOST
from gradient_conformance.reports.ledger import Ledger, read_ledger
from gradient_conformance.reports.trend import (
    BACK,
    FAILING,
    FEWER,
    KNOWN,
    LOST,
    MENDED,
    MORE,
    PASSING,
    UNJUDGED,
    Trend,
)
from gradient_conformance.reports.trend_views import as_html, as_markdown, as_text, lines_of

from .pages import Page
from .synthetic import HOSTILE, end, environment, failure, verdict, write

VIEWS = (as_text, as_markdown, as_html)


def releases(*versions: str, **changes: Any) -> list[dict[str, Any]]:
    """The first line of a run on each version of torch, all else alike."""
    return [
        environment(
            backends=[{"name": "torch", "version": v}], started=f"2026-0{k}-15T10:00:00Z", **changes
        )
        for k, v in enumerate(versions, 1)
    ]


def run_of(path: Path, *lines: dict[str, Any], ended: bool = True) -> Ledger:
    return read_ledger(write(path, [*lines, *([end()] if ended else [])]))


def trend_of(folder: Path, *states: list[dict[str, Any]]) -> Trend:
    """Runs on torch 2.1.0, 2.2.0 and so on, with these verdicts, and another that stays."""
    first = releases(*(f"2.{k}.0" for k in range(1, len(states) + 1)))
    stays = verdict(identity="untouched")
    return Trend(
        tuple(
            run_of(folder / f"run{k}.jsonl", first[k], stays, *lines)
            for k, lines in enumerate(states)
        )
    )


PASS, WRONG, RECORDED = verdict(), failure(), verdict(verdict="known")
OPEN, ABSENT = verdict(verdict="undecided", digits=None), verdict(verdict="unsupported")


@pytest.mark.parametrize(
    ("states", "kind", "course", "worse"),
    [
        ([PASS, WRONG, PASS], MENDED, "pass → wrong in 2.2.0 → pass in 2.3.0", False),
        ([PASS, PASS, WRONG], FAILING, "pass → wrong in 2.3.0", True),
        ([PASS, WRONG, WRONG], FAILING, "pass → wrong in 2.2.0", True),
        ([WRONG, PASS, WRONG], FAILING, "wrong → pass in 2.2.0 → wrong in 2.3.0", True),
        ([None, None, WRONG], FAILING, "not tried → wrong in 2.3.0", True),
        ([WRONG, WRONG, PASS], PASSING, "wrong → pass in 2.3.0", False),
        ([RECORDED, RECORDED, PASS], PASSING, "known → pass in 2.3.0", False),
        ([PASS, PASS, None], LOST, "pass → not tried in 2.3.0", True),
        ([PASS, OPEN, OPEN], LOST, "pass → undecided in 2.2.0", True),
        ([PASS, None, PASS], BACK, "pass → not tried in 2.2.0 → pass in 2.3.0", False),
        ([PASS, RECORDED, RECORDED], KNOWN, "pass → known in 2.2.0", False),
        ([ABSENT, WRONG, RECORDED], UNJUDGED, "unsupported → wrong in 2.2.0 → known in 2.3.0",
         False),
        ([WRONG, WRONG, WRONG], None, "", False),
        ([None, PASS, PASS], None, "", False),
        ([OPEN, PASS, PASS], None, "", False),
    ],
)  # fmt: skip
def test_each_course(
    states: list[dict | None], kind: str | None, course: str, worse: bool, tmp_path: Path
) -> None:
    trend = trend_of(tmp_path, *([state] if state else [] for state in states))
    assert trend.doubts == ()
    assert trend.worse == worse
    if kind is None:
        assert trend.sections == ()
        assert all("othing changed" in view(trend) for view in VIEWS)
        return
    ((found, courses),) = trend.sections
    assert found == kind
    (line,) = lines_of(trend, courses)
    assert str(line) == f"torch native least_squares: gradient of A in float32: {course}"
    for text in (as_text(trend), as_markdown(trend), Page(as_html(trend)).text):
        assert kind in text
    assert course in " ".join(as_text(trend).split())


def digits(*numbers: float) -> list[list[dict[str, Any]]]:
    return [[verdict(digits=number, margin=10 ** (4 - number))] for number in numbers]


@pytest.mark.parametrize(
    ("numbers", "kind", "course"),
    [
        ((6.5, 4.5, 4.4), FEWER, "pass with 6.5 digits → pass with 4.5 digits in 2.2.0"),
        ((4.5, 4.9, 6.5), MORE, "pass with 4.5 digits → pass with 6.5 digits in 2.3.0"),
        ((6.5, 4.5, 6.5), BACK, ("pass with 6.5 digits → pass with 4.5 digits in 2.2.0 → "
         "pass with 6.5 digits in 2.3.0")),
        ((6.5, 5.75, 6.5), None, ""),  # by chance
    ],
)  # fmt: skip
def test_digits(numbers: tuple[float, ...], kind: str | None, course: str, tmp_path: Path) -> None:
    trend = trend_of(tmp_path, *digits(*numbers))
    assert not trend.worse
    told = [(k, str(line).partition("float32: ")[2]) for k, found in trend.sections
            for line in lines_of(trend, found)]  # fmt: skip
    assert told == ([(kind, course)] if kind else [])


def test_a_line_for_each_run_and_backend(tmp_path: Path) -> None:
    trend = trend_of(
        tmp_path,
        [verdict(digits=5.5), WRONG | {"wrt": "x"}],
        [
            verdict(digits=5.5),
            verdict(wrt="b", digits=15.0, dtype="float64"),
            RECORDED | {"wrt": "x"},
        ],
    )
    text = as_text(trend)
    assert "1   2.1.0   2026-01-15    2    1     0         0           0   85 %" in text
    assert "2   2.2.0   2026-02-15    3    0     1         0           0   94 %" in text
    assert "| torch | 1 | 2.1.0 | 2026-01-15 | 2 | 1 | 0 | 0 | 0 | 85 % |" in as_markdown(trend)
    assert re.search(r"torch 1 2\.1\.0 2026-01-15 2 ✗ 1 0 0 0 85 %", Page(as_html(trend)).text)
    assert max(map(len, text.splitlines())) <= max(80, len(f"run 1: {tmp_path}/run0.jsonl"))


def test_what_took_the_same_course_is_one_line(tmp_path: Path) -> None:
    both = [
        [state | {"wrt": wrt, "dtype": dtype} for wrt in "Ab" for dtype in ("float32", "float64")]
        for state in (PASS, WRONG)
    ]
    trend = trend_of(tmp_path, *both)
    ((_, courses),) = trend.sections
    assert len(courses) == 4
    (line,) = lines_of(trend, courses)
    assert "gradient of A and b in float64 and float32: pass → wrong in 2.2.0" in str(line)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"catalogue": "other"}, ("the catalogue of identities: 8d1fc0a2b7e4 in runs 1 and 3 and "
         "other in run 2")),
        ({"profile": "ci"}, "the profile: smoke in runs 1 and 3 and ci in run 2"),
        ({"seed": 7}, "the seed: 0 in runs 1 and 3 and 7 in run 2"),
        ({"package": ""}, ("the version of gradient-conformance: 0.1.0 in runs 1 and 3 and not "
         "known in run 2")),
    ],
)  # fmt: skip
def test_what_is_not_alike_is_said_first(change: dict, says: str, tmp_path: Path) -> None:
    one, two, three = releases("2.1.0", "2.2.0", "2.3.0")
    runs = ((one, PASS), (two | change, WRONG), (three, PASS))
    trend = Trend(tuple(run_of(tmp_path / f"{k}.jsonl", *run) for k, run in enumerate(runs)))
    assert trend.doubts == (says,)
    for text in (as_text(trend), as_markdown(trend), Page(as_html(trend)).text):
        assert text.lower().index("not alike") < text.index(MENDED)


def test_runs_are_taken_as_they_are_named_and_a_lower_version_is_told(tmp_path: Path) -> None:
    first = releases("2.9.0", "2.10.0", "2.9.1", "of today")
    runs = zip(first, [PASS, WRONG, PASS, PASS], strict=True)
    trend = Trend(tuple(run_of(tmp_path / f"{k}.jsonl", *run) for k, run in enumerate(runs)))
    (doubt,) = trend.doubts
    assert doubt.startswith("the order: torch 2.9.1 (run 3) comes after 2.10.0 (run 2)")
    assert [row.version for row in trend.rows] == ["2.9.0", "2.10.0", "2.9.1", "of today"]


def test_two_runs_of_one_version_are_told_apart_by_their_number(tmp_path: Path) -> None:
    runs = zip(releases("2.1.0", "2.1.0", "2.2.0"), [PASS, WRONG, PASS], strict=True)
    trend = Trend(tuple(run_of(tmp_path / f"{k}.jsonl", *run) for k, run in enumerate(runs)))
    assert "pass → wrong in run 2 (2.1.0) → pass in 2.2.0" in " ".join(as_text(trend).split())


def test_a_backend_that_a_run_did_not_try_lost_nothing_there(tmp_path: Path) -> None:
    first, _, last = releases("2.1.0", "2.2.0", "2.3.0")
    jax = environment(backends=[{"name": "jax", "version": "0.10.2"}])
    runs = ((first, PASS), (jax, verdict(backend="jax")), (last, WRONG))
    trend = Trend(tuple(run_of(tmp_path / f"{k}.jsonl", *run) for k, run in enumerate(runs)))
    assert trend.doubts == ("jax was tried in run 2 only", "torch was tried in runs 1 and 3 only")
    assert [(row.backend, row.run) for row in trend.rows] == [
        ("jax", 2),
        ("torch", 1),
        ("torch", 3),
    ]
    ((kind, (course,)),) = trend.sections
    assert (kind, [number for number, _ in course.states]) == (FAILING, [1, 3])


def test_a_run_that_was_killed_is_told_of(tmp_path: Path) -> None:
    first, second = releases("2.1.0", "2.2.0")
    cut = tmp_path / "cut.jsonl"
    run_of(cut, second, PASS, ended=False)
    cut.write_text(f'{cut.read_text(encoding="utf-8")}{{"kind": "ver', encoding="utf-8")
    whole = run_of(tmp_path / "whole.jsonl", first, PASS, PASS | {"wrt": "x"})
    trend = Trend((whole, read_ledger(cut)))
    assert any(doubt.startswith("run 2: The run did not finish") for doubt in trend.doubts)
    assert any("stops in the middle" in doubt for doubt in trend.doubts)
    assert trend.worse  # a line that is lost is never a pass


def test_names_are_text_and_nothing_else(tmp_path: Path) -> None:
    bad = {"identity": HOSTILE, "backend": HOSTILE, "dtype": HOSTILE, "wrt": HOSTILE}
    one, two = (
        environment(backends=[{"name": HOSTILE, "version": f"{HOSTILE}{k}"}], started=HOSTILE,
                    profile=f"{HOSTILE}{k}")
        for k in (1, 2)
    )  # fmt: skip
    trend = Trend((
        run_of(tmp_path / "1.jsonl", one, verdict(**bad)),
        run_of(tmp_path / "2.jsonl", two, failure(**bad)),
    ))  # fmt: skip
    page = as_html(trend)
    assert "<script>alert" not in page
    assert "<script>alert" in Page(page).text
    assert "<script>" not in as_markdown(trend)
    assert not [c for c in as_text(trend) if not c.isprintable() and c != "\n"]


def test_many_lines_are_counted(tmp_path: Path) -> None:
    names = [f"identity_{k:02}" for k in range(MOST + 3)]
    states = [[s | {"identity": name} for name in names] for s in (PASS, WRONG)]
    trend = trend_of(tmp_path, *states)
    assert "and 3 more" in as_text(trend)
    assert "- and 3 more" in as_markdown(trend)
    assert sum(name.replace("_", "_<wbr>") in as_html(trend) for name in names) == MOST + 3


def test_the_page_stands_alone_and_can_be_read_aloud(tmp_path: Path) -> None:
    text = as_html(trend_of(tmp_path, [PASS], [WRONG], [PASS]))
    page = Page(text)
    assert not re.findall(r"src=|url\(|@import|<link|<img|http", text)
    assert text.count("<table") == text.count("<caption") == 2
    assert all(attributes.get("scope") for attributes in page.all("th"))
    anchors = {a["id"] for _, a in page.tags if "id" in a}
    assert {str(a["href"])[1:] for a in page.all("a")} <= anchors
    assert next(page.all("html"))["lang"] == "en"


def test_of_half_of_the_gradients_so_many_digits_are_right(tmp_path: Path) -> None:
    run = [
        verdict(digits=3.0), verdict(wrt="x", digits=6.0), verdict(wrt="b", digits=6.5),
        verdict(law="value", wrt=None, digits=0.1), verdict(wrt="c", digits=0.1, verdict="known"),
    ]  # fmt: skip
    (row,) = trend_of(tmp_path, run).rows
    assert row.share == pytest.approx(6.25 / 7.22, abs=1e-3)
    assert "87 %" in as_text(trend_of(tmp_path, run))
