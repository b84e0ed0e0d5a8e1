"""READINGS.md lists what the tests of the documents' loose places show, and nothing else."""

from __future__ import annotations

import re

import pytest

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.tests.identities import test_loose_places
from gradient_conformance.tests.identities.literal_readings import LITERAL_READINGS, Literal
from gradient_conformance.tests.test_documents import CHECKOUT

pytestmark = pytest.mark.skipif(
    not (CHECKOUT / "READINGS.md").exists(), reason="the documents are in a checkout only"
)

RULE = re.compile(r"\b(?:patterns|zoo|attention|layers|rules)-\d+\b")
SHOWN_ELSEWHERE = [
    test.__doc__ or "" for name, test in vars(test_loose_places).items() if name.startswith("test_")
]


def rows() -> list[list[str]]:
    """The cells of each line of the table: rules, words, what holds, identities."""
    text = (CHECKOUT / "READINGS.md").read_text(encoding="utf-8").replace(r"\|", "¦")
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.mark.parametrize("reading", LITERAL_READINGS, ids=str)
def test_every_reading_is_a_line(reading: Literal) -> None:
    (row,) = (row for row in rows() if row[1] == reading.says)
    assert row[0] == reading.rule
    assert f"`{reading.identity}`" in row[3]


def test_every_line_is_shown() -> None:
    readings = {reading.says for reading in LITERAL_READINGS}
    places = {rule for doc in SHOWN_ELSEWHERE for rule in RULE.findall(doc)}
    for rules, says, *_ in rows():
        assert says in readings or set(RULE.findall(rules)) & places, rules
    assert len(rows()) > len(readings)


def test_every_place_is_in_a_line() -> None:
    readings = {reading.says for reading in LITERAL_READINGS}
    others = {rule for row in rows() if row[1] not in readings for rule in RULE.findall(row[0])}
    assert others == {rule for doc in SHOWN_ELSEWHERE for rule in RULE.findall(doc)}


def test_the_notes_of_an_identity_of_the_line_say_so() -> None:
    for rules, _, _, see in rows():
        names = re.findall("`([a-z_0-9]+)`", see)
        assert set(names) <= set(CATALOGUE)
        assert any("document" in CATALOGUE[name].notes for name in names) or rules == "attention-8"
