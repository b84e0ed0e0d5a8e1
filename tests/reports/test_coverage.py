"""Coverage: nothing documented is left without anything, and each rule's state is the run's."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import gradient_conformance
from gradient_conformance.identities import CATALOGUE
from gradient_conformance.identities.digest import catalogue_hash
from gradient_conformance.identities.sources import RULES
from gradient_conformance.laws.verdicts import FAILURES, OUTCOMES
from gradient_conformance.reports.coverage import (
    KINDS,
    STATES,
    Encoding,
    Rule,
    caveat,
    coverage,
    line,
    sources_of,
)
from gradient_conformance.reports.lines import Environment
from gradient_conformance.reports.summary import Summary, summarise
from gradient_conformance.tests.reports.synthetic import ledger, verdict

NATIVE = ("torch", "native")


def rule(name: str, **changes: Any) -> Rule:
    """One rule of the coverage."""
    return {found.id: found for found in coverage(**changes)}[name]


def states(folder: Path, name: str, *verdicts: dict[str, Any]) -> dict[str, int]:
    """The states of a rule on torch's native route, in a run with these verdicts."""
    return dict(rule(name).states(run(folder, *verdicts), NATIVE))


def run(folder: Path, *verdicts: dict[str, Any]) -> Summary:
    return summarise(ledger(folder, *verdicts))


def test_every_rule_is_encoded_by_something() -> None:
    assert {found.id for found in coverage() if not found.encodings} == set()
    assert [found.id for found in coverage()] == list(RULES)


def test_a_rule_that_nothing_cites_is_missed() -> None:
    only = coverage(catalogue={"trace": CATALOGUE["trace"]}, laws=())
    assert [r.id for r in only if any(e.kind != "public call" for e in r.encodings)] == ["zoo-5"]
    assert rule("zoo-6", catalogue={"trace": CATALOGUE["trace"]}).encodings == ()


def test_each_kind_of_thing_that_encodes_a_rule_is_found() -> None:
    linear = rule("zoo-1")
    assert [(e.kind, e.name) for e in linear.encodings] == [
        ("identity", "linear_form"), ("component form", "linear_form"), ("fact", "linear_form"),
        ("fact", "linear_form"),
    ]  # fmt: skip
    assert linear.encodings[3].says == "2x₁ + 3x₂ has gradient (2, 3)ᵀ"
    assert Encoding("Jacobian", "linear_layer", "for W") in rule("patterns-3").encodings
    assert rule("rules-1").encodings == (Encoding("law", "shape_and_dtype"),)
    assert linear.document == "A small zoo of common gradient identities (§3.12)"
    assert list(linear.by_kind()) == ["identity", "component form", "fact"]


def test_a_public_call_encodes_what_its_docstring_names(monkeypatch: pytest.MonkeyPatch) -> None:
    def verify() -> None:
        """Verify. Source: attention-8."""

    monkeypatch.setattr(gradient_conformance, "verify", verify, raising=False)
    monkeypatch.setattr(gradient_conformance, "__all__", ["verify", "CATALOGUE", "Backend"])
    assert rule("attention-8").encodings == (Encoding("public call", "verify"),)


def test_only_a_cited_identity_makes_an_encoding() -> None:
    stripped = dataclasses.replace(CATALOGUE["trace"], sources=(), components=[], facts=[])
    assert rule("zoo-5", catalogue={"trace": stripped}).encodings == ()


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("No source.", ()),
        ("A law.\n\n    Source: rules-1.\n    ", ("rules-1",)),
        ("Two. Source: rules-1, zoo-4.", ("rules-1", "zoo-4")),
        ("Two in two lines. Source: rules-1,\n    zoo-4. And more.", ("rules-1", "zoo-4")),
        ("", ()),
    ],
)
def test_the_source_in_a_docstring(text: str, rules: tuple[str, ...]) -> None:
    assert sources_of(documented(text)) == rules


def test_a_docstring_that_names_no_rule_as_its_source() -> None:
    with pytest.raises(ValueError, match="'zoo-99' is not the id of a documented rule; zoo has"):
        sources_of(documented("A law. Source: rules-1, zoo-99."))


def documented(text: str) -> Callable[[], None]:
    """A function with this docstring."""

    def function() -> None:
        pass

    function.__doc__ = text
    return function


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_state_of_a_rule_with_one_identity(tmp_path: Path, outcome: str) -> None:
    expected = "fails" if outcome in FAILURES else STATE[outcome]
    assert states(tmp_path, "zoo-4", verdict(verdict=outcome)) == {expected: 1}


STATE = {
    "pass": "conforms",
    "known": "known deviation",
    "unsupported": "unsupported",
    "undecided": "undecided",
}


def test_the_worst_state_comes_first_with_counts_over_all_types(tmp_path: Path) -> None:
    """zoo-15 is encoded by three identities; one of them is seen to fail in one of two types."""
    found = run(
        tmp_path,
        verdict(identity="softmax"),
        verdict(identity="log_softmax"),
        verdict(identity="log_softmax", dtype="float64", verdict="wrong"),
        verdict(identity="trace", verdict="crash"),
    )
    counted = rule("zoo-15").states(found, NATIVE)
    assert list(counted.items()) == [("fails", 1), ("not tried", 1), ("conforms", 1)]
    assert line(counted) == "✗ fails 1 of 3, not tried 1 of 3, ✓ conforms 1 of 3"
    assert dict(rule("zoo-15").states(found, ("jax", "native"))) == {"not tried": 3}


def test_a_fact_has_the_state_of_its_identity(tmp_path: Path) -> None:
    passes = verdict(identity="log_determinant", verdict="known")
    assert states(tmp_path, "zoo-10", passes) == {"known deviation": 1}


def test_a_law_has_the_state_of_all_that_were_held_to_it(tmp_path: Path) -> None:
    shapes = {"law": "shape_and_dtype"}
    assert states(
        tmp_path, "rules-1",
        verdict(**shapes), verdict(identity="trace", **shapes),
        verdict(identity="trace", verdict="wrong"),  # another law's verdict
        verdict(identity="softmax"),  # not held to this one
        verdict(identity="square", verdict="error", **shapes),
    ) == {"fails": 1, "conforms": 2}  # fmt: skip


def test_what_no_run_can_show_is_not_tried(tmp_path: Path) -> None:
    call = Rule("attention-8", "", (Encoding("public call", "verify"),))
    counted = call.states(run(tmp_path, verdict()), NATIVE)
    assert line(counted) == "not tried"


def test_one_alone_is_not_counted() -> None:
    assert line(Counter({"conforms": 1})) == "✓ conforms"
    assert line(Counter({"conforms": 2})) == "✓ conforms 2 of 2"
    assert line(Counter({"known deviation": 1})) == "◇ known deviation"


def test_another_catalogue_is_said() -> None:
    assert caveat(Environment()) == ""
    assert caveat(Environment(catalogue=catalogue_hash())) == ""
    assert "another version of the catalogue (0123; here" in caveat(Environment(catalogue="0123"))


def test_states_have_verdicts_and_kinds_have_plurals() -> None:
    assert set(STATES.values()) <= {*OUTCOMES, ""}
    assert {e.kind for found in coverage() for e in found.encodings} <= set(KINDS)
