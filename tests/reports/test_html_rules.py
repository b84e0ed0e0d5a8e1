"""In the HTML page: the rules, and what is said beside a known deviation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.identities.digest import catalogue_hash
from gradient_conformance.identities.sources import RULES
from gradient_conformance.reports.coverage import Rule
from gradient_conformance.tests.reports.pages import Page, page
from gradient_conformance.tests.reports.synthetic import end, environment, verdict


def known(folder: Path, **changes: Any) -> Page:
    """The page of a run with one known deviation of the determinant."""
    line = {"identity": "determinant", "verdict": "known", "message": "It is zero there."}
    return page(folder, environment(), verdict(**line, **changes), end())


def test_a_known_deviation_links_to_its_thread_and_has_the_notes(tmp_path: Path) -> None:
    found = known(tmp_path, issue="https://example.org/issues/7")
    assert [a for a in found.all("a") if "rel" in a] == [
        {"href": "https://example.org/issues/7", "rel": "noreferrer"}
    ]
    notes = CATALOGUE["determinant"].notes
    assert notes
    assert f"It is zero there. https://example.org/issues/7 On the identity: {notes}" in found.text


@pytest.mark.parametrize("address", ["javascript:alert(1)", "http://example.org", "data:,x", "#x"])
def test_an_address_that_is_none_is_only_text(tmp_path: Path, address: str) -> None:
    found = known(tmp_path, issue=address)
    assert address not in {a["href"] for a in found.all("a")}
    assert f"It is zero there. {address} On the identity" in found.text


def test_every_rule_has_a_row_with_links_and_states(tmp_path: Path) -> None:
    found = page(tmp_path, environment(), verdict(), verdict(backend="jax", dtype="float64",
                 verdict="unsupported"), end())  # fmt: skip
    rules = found.text[found.text.index("The identities come from 5 documents") :]
    order = [*RULES, "Not judged, or already known"]
    places = [rules.find(f" {name} ") for name in order]
    assert -1 not in places
    assert places == sorted(places)
    assert {a["id"] for a in found.all("th") if "id" in a} >= set(RULES)
    row = rules[places[order.index("zoo-4")] : places[order.index("zoo-5")]]
    assert row.split("(normal equations) ")[1].split() == ["–", "unsupported", "✓", "conforms"]
    assert row.startswith(
        " zoo-4 Least squares ‖Ax − b‖²: 2Aᵀ(Ax − b), which is zero at the solution. "
        "identity least_squares fact of least_squares: "
    )
    assert "fact of least_squares: at the least-squares solution" in row
    links = [a["href"] for a in found.all("a")]
    assert links.count("#identity-1") >= 2, "the identity, and its fact"
    assert "#law-shape_and_dtype" in links
    trace = rules[places[order.index("zoo-5")] : places[order.index("zoo-6")]]
    assert trace.split()[-4:] == ["not", "tried", "not", "tried"]


def test_a_rule_that_nothing_encodes_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = (Rule("zoo-5", "Trace.", ()),)
    monkeypatch.setattr("gradient_conformance.reports.html.coverage", lambda: bare)
    text = page(tmp_path, environment(), verdict(), end()).text
    assert "zoo-5 Trace. ✗ nothing encodes it not tried" in text


def test_another_catalogue_is_said(tmp_path: Path) -> None:
    said = "made with another version of the catalogue"
    assert said in page(tmp_path, environment(), verdict(), end()).text
    assert said not in page(tmp_path, environment(catalogue=catalogue_hash()), verdict()).text
