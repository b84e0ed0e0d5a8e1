"""The catalogue as a page: every identity with its formulas as typeset mathematics."""

from __future__ import annotations

import re
from html import escape

from latex2mathml.converter import convert
from markupsafe import Markup

from ..identities import CATALOGUE
from ..identities.declaration import Identity
from ..identities.shapes import is_many, parse_shape
from ..identities.sources import cite
from .page import templates

FILE = "catalogue.html"


def render() -> str:
    """One page that needs nothing beside it; each identity has its name as anchor."""
    families: dict[str, list[Identity]] = {}
    for identity in CATALOGUE.values():
        families.setdefault(identity.family.replace("_", " "), []).append(identity)
    return _TEMPLATES.get_template("catalogue.html.jinja").render(families=families)


def mathematics(tex: str, display: bool = True) -> Markup:
    """A formula of an identity as MathML, with its TeX for copying and for older readers."""
    safe = _WORDS.sub(
        lambda m: m[1] + escape(m[2]) + "}", tex
    )  # the library takes them as they are
    made = convert(safe, display="block" if display else "inline")
    head, _, rest = made.partition(">")
    spoken = Markup(' class="formula" title="{}"').format(tex)
    return Markup(head) + spoken + Markup(f">{rest}")


def shape(text: str) -> str:
    """The shape of an argument in words: ``any × n``, ``a scalar``."""
    names = ["any" if is_many(d) else d for d in parse_shape(text)] if text else []
    return " × ".join(names) or "a scalar"


_WORDS = re.compile(r"(\\(?:text|mathrm|operatorname)\{)([^{}]*)\}")

_TEMPLATES = templates(mathematics=mathematics, shape=shape, cite=cite)
