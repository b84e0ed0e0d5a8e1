"""Faults say what they are, and where they are none."""

from __future__ import annotations

import pytest

from gradient_conformance.faults import FAULTS, fault
from gradient_conformance.identities import CATALOGUE
from gradient_conformance.tests.faults.faulty_backends import ALL, places


def test_there_are_at_least_fifty() -> None:
    assert len(FAULTS) >= 50
    assert len({f.says for f in FAULTS.values()}) == len(FAULTS)


@pytest.mark.parametrize("name", ALL)
def test_each_can_be_made_somewhere_and_says_what_it_is(name: str) -> None:
    declared = FAULTS[name]
    assert places(declared)
    assert 10 < len(declared.says) < 90
    assert not declared.says.endswith(".")


@pytest.mark.parametrize("name", ALL)
def test_reasons_are_about_places_where_it_could_be_made(name: str) -> None:
    for place, reason in FAULTS[name].equivalent.items():
        identity, _, argument = place.partition(":")
        subjects = FAULTS[name].subjects(CATALOGUE[identity])
        assert (argument or None) in subjects or (not argument and subjects), place
        assert len(reason) > 20


def test_a_name_can_be_taken_once() -> None:
    def sign(call):
        return call.right()

    with pytest.raises(ValueError, match="'sign' is declared twice"):
        fault("once more")(sign)


def test_a_reason_may_be_about_one_argument() -> None:
    declared = FAULTS["wrong_for_size_1"]
    assert "normalised" in declared.reason("layer_normalisation", "scale")
    assert declared.reason("layer_normalisation", "x") == ""
