"""The documents that the rules come from; an identity cites a rule as ``"zoo-4"``."""

DOCUMENTS: dict[str, str] = {
    "patterns": "Systematic simplification of component-wise gradients",
    "zoo": "A small zoo of common gradient identities (§3.12)",
    "attention": "Gradient derivations (attention in index notation)",
    "layers": "Layer gradients: linear, convolution, attention",
    "rules": "Computing gradients for the sake of it (7 December 2025)",
}


def cite(rule: str) -> str:
    """Spell out a rule's id: ``"zoo-4"`` is rule 4 of the document that ``zoo`` stands for.

    Raises ValueError where the id names no document.
    """
    document, _, number = rule.rpartition("-")
    if document not in DOCUMENTS or not number.isdigit():
        known = ", ".join(f"{name}-N" for name in DOCUMENTS)
        raise ValueError(f"{rule!r} is not the id of a documented rule; ids look like {known}")
    return f"{rule}: {DOCUMENTS[document]}, rule {number}"
