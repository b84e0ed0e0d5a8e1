"""Citations of the documented rules."""

from __future__ import annotations

import pytest

from gradient_conformance.identities.sources import DOCUMENTS, cite


def test_five_documents() -> None:
    assert set(DOCUMENTS) == {"patterns", "zoo", "attention", "layers", "rules"}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_cite(document: str) -> None:
    assert cite(f"{document}-4") == f"{document}-4: {DOCUMENTS[document]}, rule 4"


@pytest.mark.parametrize("rule", ["", "zoo", "zoo-", "zoo-x", "zoo4", "-4", "garden-4", "zoo-4-a"])
def test_what_is_no_citation(rule: str) -> None:
    with pytest.raises(ValueError, match="not the id of a documented rule; ids look like"):
        cite(rule)
