"""What changed from one run to another."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gradient_conformance.reports.comparison import Comparison, told
from gradient_conformance.reports.comparison_views import MOST, as_html, as_markdown, as_text
from gradient_conformance.reports.ledger import Ledger, read_ledger

from .pages import Page
from .synthetic import HOSTILE, end, environment, failure, verdict, write


def run_of(folder: Path, *lines: dict, of: dict | None = None, ended: bool = True) -> Ledger:
    folder.mkdir()
    closing = [end(exit=0)] if ended else []
    return read_ledger(write(folder / "ledger.jsonl", [of or environment(), *lines, *closing]))


MANY, FEW = verdict(digits=14.25, margin=0.02), verdict(digits=7.5, margin=0.9)


@pytest.mark.parametrize(
    ("before", "after", "title", "says", "worse"),
    [
        (verdict(), failure(), "Newly failing", ": pass → ", True),
        (verdict(verdict="unsupported"), failure(), "Newly failing", ": unsupported → ", True),
        (failure(), verdict(), "Newly passing", " → pass", False),
        (verdict(verdict="known"), verdict(), "Newly passing", ": known → pass", False),
        (None, failure(), "Failing, and not tried before", "", True),
        (verdict(), None, "Passed before, not tried now", "", True),
        (verdict(), verdict(verdict="undecided"), "Passed before, not decided now", "", True),
        (verdict(), verdict(verdict="known"), "Passed before, a known deviation now", "", False),
        (MANY, FEW, "Fewer digits", ": 14.2 → 7.5 digits", False),
        (FEW, MANY, "More digits", ": 7.5 → 14.2 digits", False),
        (MANY | {"margin": None}, FEW, "Fewer digits", ": 14.2 → 7.5 digits", False),
        (MANY, FEW | {"margin": 0.11}, None, "", False),  # a harder case, whose tolerance is wider
        (MANY, FEW | {"margin": 0.001}, None, "", False),
        (MANY | {"margin": 1e-9}, FEW | {"margin": 0.02}, None, "", False),  # next to nothing
        (MANY, MANY | {"margin": 0.9}, None, "", False),
        (verdict(digits="nan"), verdict(digits="inf"), None, "", False),
        (verdict(digits=14.0), verdict(digits=13.5), None, "", False),  # by chance
        (failure(), failure(), None, "", False),
        (failure(), None, None, "", False),
        (None, verdict(), None, "", False),
    ],
)  # fmt: skip
def test_each_kind_of_change(
    before: dict | None, after: dict | None, title: str | None, says: str, worse: bool,
    tmp_path: Path,
) -> None:  # fmt: skip
    other = verdict(identity="untouched")
    old = run_of(tmp_path / "old", other, *([before] if before else []))
    new = run_of(tmp_path / "new", other, *([after] if after else []))
    found = Comparison(old, new)
    assert found.doubts == ()
    assert found.worse == worse
    if title is None:
        assert found.sections == ()
        assert as_text(found) == "Nothing changed.\n"
        return
    ((shown, (change,)),) = found.sections
    assert shown == title
    assert says in told(change)
    for text in (as_text(found), as_markdown(found), as_html(found)):
        assert title in text


ON_A_DEVICE = {
    "name": "torch", "version": "2.13.0", "dtypes": ["float32"], "routes": ["native"],
    "device": "cpu",
}  # fmt: skip


@pytest.mark.parametrize("change", [{}, {"device": ""}, {"name": "torch@cpu"}])
def test_devices_that_are_not_said_or_of_other_backends_are_alike(
    change: dict, tmp_path: Path
) -> None:
    old, new = (
        run_of(tmp_path / name, verdict(), of=environment(backends=[ON_A_DEVICE | each]))
        for name, each in (("old", {}), ("new", change))
    )
    assert not Comparison(old, new).doubts


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"catalogue": "other"}, "the catalogue of identities: "),
        ({"profile": "ci"}, "the profile: smoke in the old run, ci in the new"),
        ({"seed": 7}, "the seed: "),
        ({"package": "0.2.0"}, "the version of gradient-conformance: "),
        (
            {"backends": [ON_A_DEVICE | {"device": "cuda:0"}]},
            "the device of torch: cpu in the old run, cuda:0 in the new",
        ),
        (
            {"backends": [ON_A_DEVICE | {"product_bits": {"float32": {"composed": 11}}}]},
            (
                "what torch keeps in matrix products: all bits in the old run, "
                "factors in float32 matrix products: 11 bits in the new"
            ),
        ),
    ],
)
def test_what_is_not_alike_is_said_first(change: dict, says: str, tmp_path: Path) -> None:
    before = environment(backends=[ON_A_DEVICE])
    old = run_of(tmp_path / "old", verdict(), of=before)
    new = run_of(tmp_path / "new", failure(), of={**before, **change})
    found = Comparison(old, new)
    (doubt,) = found.doubts
    assert doubt.startswith(says)
    for text in (as_text(found), as_markdown(found), as_html(found)):
        assert text.lower().index("not alike") < text.index("Newly failing")


def test_a_run_that_was_killed_is_told_of(tmp_path: Path) -> None:
    old = run_of(tmp_path / "old", verdict())
    found = Comparison(old, run_of(tmp_path / "new", ended=False))
    assert any("new run: The run did not finish" in doubt for doubt in found.doubts)
    assert found.worse  # a line that is lost is never a pass


def test_versions_of_frameworks(tmp_path: Path) -> None:
    newer = environment()
    newer["backends"][0]["version"] = "0.11.0"
    old, new = run_of(tmp_path / "old", verdict()), run_of(tmp_path / "new", verdict(), of=newer)
    assert Comparison(old, new).versions == ("jax 0.10.2 → 0.11.0",)


def test_names_are_text_and_nothing_else(tmp_path: Path) -> None:
    bad = {"identity": HOSTILE, "backend": HOSTILE}
    old, new = run_of(tmp_path / "old"), run_of(tmp_path / "new", failure(**bad))
    found = Comparison(old, new)
    assert "<script>" not in as_html(found)
    assert "<script>" not in as_markdown(found)
    assert "\x1b" not in as_text(found)


def test_many_lines_are_counted(tmp_path: Path) -> None:
    lines = [failure(identity=f"identity_{k}") for k in range(MOST + 3)]
    found = Comparison(run_of(tmp_path / "old"), run_of(tmp_path / "new", *lines))
    assert "and 3 more" in as_text(found)
    assert "- and 3 more" in as_markdown(found)
    assert len(list(Page(as_html(found)).all("tr"))) == 1 + MOST + 3


def test_the_page_has_a_row_for_each_change_with_both_verdicts(tmp_path: Path) -> None:
    old = run_of(tmp_path / "old", verdict(), verdict(wrt="x", digits=6.5, margin=0.02))
    new = run_of(
        tmp_path / "new", failure(), verdict(wrt="x", digits=4.5, margin=0.9), failure(wrt="b")
    )
    page = Page(as_html(Comparison(old, new)))
    head = "Identity Library, route What Type Before After"
    assert page.text.count(head) == 3
    row = "least_squares torch native gradient of {} float32 {} {}"
    for wrt, before, after in (
        ("A", "✓ pass 6.8 digits", "✗ wrong 0.3 digits"),
        ("x", "✓ pass 6.5 digits", "✓ pass 4.5 digits"),
        ("b", "not tried", "✗ wrong 0.3 digits"),
    ):
        assert row.format(wrt, before, after) in page.text
    assert all(attributes.get("scope") for attributes in page.all("th"))
    assert not re.findall(r"src=|url\(|@import|<link|http", as_html(Comparison(old, new)))
