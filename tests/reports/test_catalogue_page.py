"""The catalogue's page: every identity, with formulas that a browser can typeset."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.reports.catalogue_page import mathematics, render, shape


@pytest.fixture(scope="module")
def page() -> str:
    return render()


def formulas(name: str) -> list[str]:
    i = CATALOGUE[name]
    stated = [*(j.tex for j in i.jacobians), *(c.tex for c in i.components)]
    return [i.tex, *i.gradients.values(), *stated]


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_formula_becomes_mathematics(name: str) -> None:
    for tex in formulas(name):
        made = mathematics(tex)
        root = ET.fromstring(str(made))
        assert root.tag.endswith("math")
        assert root.attrib["title"] == tex  # to be copied
        shown = "".join(root.itertext())
        assert not re.search(r"\\[a-z]+", shown), f"not understood in {tex}: {shown}"


def test_every_identity_has_an_anchor_and_what_is_declared(page: str) -> None:
    for name, identity in CATALOGUE.items():
        start = page.index(f'<article id="{name}">')
        own = page[start : page.index("</article>", start)]
        assert own.count("<math ") == len(formulas(name))
        assert own.count("<li>") == len(identity.facts)
        assert all(f"<code>{argument}</code>" in own for argument in identity.shapes)


def test_nothing_comes_from_outside(page: str) -> None:
    asked: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            given = dict(attrs)
            asked.extend(v for k, v in given.items() if k in ("src", "href") and v[:1] != "#")

    Reader().feed(page)
    assert asked == []
    assert len(page) < 500_000


def test_a_formula_is_text_and_no_markup() -> None:
    made = str(mathematics(r"a < b \text{<script>} \& c"))
    assert "<script>" not in made
    assert 'title="a &lt; b' in made


def test_shapes_in_words() -> None:
    assert (shape(""), shape("n m"), shape("... n")) == ("a scalar", "n × m", "any × n")
