"""Citations of the documented rules."""

from __future__ import annotations

import pytest

from gradient_conformance.identities.sources import DOCUMENTS, RULES, cite


def test_five_documents() -> None:
    assert set(DOCUMENTS) == {"patterns", "zoo", "attention", "layers", "rules"}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_cite(document: str) -> None:
    assert cite(f"{document}-4") == f"{document}-4: {DOCUMENTS[document]}, rule 4"


@pytest.mark.parametrize("rule", ["", "zoo", "zoo-", "zoo-x", "zoo4", "-4", "garden-4", "zoo-4-a"])
def test_what_is_no_citation(rule: str) -> None:
    with pytest.raises(ValueError, match="not the id of a documented rule; ids look like"):
        cite(rule)


@pytest.mark.parametrize(
    ("rule", "last"), [("zoo-99", 28), ("zoo-0", 28), ("layers-6", 5), ("rules-01", 8)]
)
def test_a_rule_that_its_document_does_not_have(rule: str, last: int) -> None:
    document = rule.partition("-")[0]
    with pytest.raises(
        ValueError, match=f"^'{rule}' is not .*; {document} has {document}-1 to {document}-{last}$"
    ):
        cite(rule)


def test_the_rules_of_each_document_are_numbered_without_a_gap() -> None:
    counts = {"patterns": 11, "zoo": 28, "attention": 8, "layers": 5, "rules": 8}
    assert list(RULES) == [f"{name}-{n}" for name in DOCUMENTS for n in range(1, counts[name] + 1)]


def test_each_rule_is_one_short_sentence() -> None:
    assert all(says.endswith(".") and len(says) <= 90 for says in RULES.values())
    assert len(set(RULES.values())) == len(RULES)
