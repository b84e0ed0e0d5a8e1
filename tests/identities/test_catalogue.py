"""The catalogue as a whole: what it imports, what it cites, and that nothing is left out."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import itertools
import sys
from pathlib import Path

import numpy as np
import pytest

from gradient_conformance import identities
from gradient_conformance.identities import CATALOGUE, Identity
from gradient_conformance.identities.declaration import Component, Fact, Jacobian
from gradient_conformance.identities.sources import cite
from gradient_conformance.laws.cases import Case
from gradient_conformance.laws.shape_pool import shapes_of
from gradient_conformance.laws.strategies import static_choices
from gradient_conformance.oracles.expected import Expected
from gradient_conformance.oracles.machine import MACHINES, is_discrete

FOLDER = Path(identities.__file__).parent
FILES = sorted(FOLDER.rglob("*.py"))


def foreign_imports(source: str) -> list[str]:
    """Imports from outside the standard library and the folder itself."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level != 1:
            found.append("." * node.level + (node.module or ""))
    return [name for name in found if name.partition(".")[0] not in sys.stdlib_module_names]


def citations(identity: Identity) -> set[str]:
    """Every rule that an identity, or anything documented beside it, cites."""
    parts: list[Jacobian | Component | Fact] = [
        *identity.jacobians,
        *identity.components,
        *identity.facts,
    ]
    return {*identity.sources, *(part.source for part in parts)}


def mixes_entries(identity: Identity) -> bool:
    """Whether the value or the gradient of an entry changes with the others."""
    ((name, _),) = identity.shapes.items()
    static = dict(static_choices(identity.name)[0])
    numbers, ybar = np.array([-4.0, -0.5, 0.25, 2.0, 7.0]), np.array([1.0, -2.0, 3.0, 0.5, -1.0])

    def answers(x: np.ndarray, g: np.ndarray) -> np.ndarray:
        held = Expected(identity, {name: x}, g, static, MACHINES["float64"])
        return np.stack([held.plain(wrt).exact for wrt in (None, name)])

    try:
        together = answers(numbers, ybar)
    except ValueError:  # the output has another shape
        return True
    alone = [answers(numbers[i : i + 1], ybar[i : i + 1]) for i in range(5)]
    # The root of a negative number is no number in either.
    return not np.array_equal(together, np.concatenate(alone, axis=1), equal_nan=True)


def test_a_function_that_mixes_entries_is_seen() -> None:
    """Softmax, declared as if it had no axis of its own."""
    assert not CATALOGUE["softmax"].elementwise
    wrongly = dataclasses.replace(CATALOGUE["softmax"], shapes={"z": "..."})
    assert wrongly.elementwise
    assert mixes_entries(wrongly)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_imports_nothing_but_the_standard_library(file: Path) -> None:
    assert foreign_imports(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        "import numpy",
        "import numpy as np",
        "from numpy import linalg",
        "import os, torch.nn",
        "from ..oracles import balls",
        "from .. import oracles",
        "def f():\n    import jax",
        "from gradient_conformance.identities import CATALOGUE",
    ],
)
def test_a_foreign_import_is_seen(source: str) -> None:
    assert len(foreign_imports(source)) == 1


def test_every_file_that_declares_is_a_family() -> None:
    families = {identity.family for identity in CATALOGUE.values()}
    assert families <= {file.stem for file in FILES}
    declaring = {f.stem for f in FILES if "@identity(\n" in f.read_text(encoding="utf-8")}
    assert declaring == families


@pytest.mark.parametrize("identity", CATALOGUE.values(), ids=lambda identity: identity.name)
class TestEachIdentity:
    """What every declaration has, whatever it is about."""

    def test_every_differentiable_argument_has_a_gradient(self, identity: Identity) -> None:
        sizes = shapes_of(identity.name, 1, 0)[0]
        arguments = Case(
            identity.name, "float64", sizes, static_choices(identity.name)[0]
        ).arguments()
        discrete = {name for name, x in arguments.items() if is_discrete(x)}
        assert set(identity.gradients) == set(identity.shapes) - discrete

    def test_it_has_a_pullback_and_says_what_it_is(self, identity: Identity) -> None:
        assert identity.pullback is not None
        assert identity.description.endswith(".")
        assert identity.tex
        assert all(identity.gradients.values())

    def test_its_docstring_has_shapes_formulas_conditions_and_sources(
        self, identity: Identity
    ) -> None:
        text = inspect.getdoc(identity) or ""
        assert text.startswith(identity.description)
        assert identity.tex in text
        assert all(f"{name}: shape ({shape})" in text for name, shape in identity.shapes.items())
        assert all(f"for {name}: {tex}" in text for name, tex in identity.gradients.items())
        assert all(condition.says in text for condition in identity.domain)
        assert all(f"Source: {rule}:" in text for rule in identity.sources)

    def test_it_is_found_by_its_name(self, identity: Identity) -> None:
        assert CATALOGUE[identity.name] is identity
        assert identity.forward.__name__ == identity.name

    def test_its_citations_can_be_spelt_out(self, identity: Identity) -> None:
        assert citations(identity)
        for rule in citations(identity):
            assert cite(rule).startswith(rule)

    def test_sizes_that_were_fitted_fit(self, identity: Identity) -> None:
        fit = identity.fit or (lambda sizes, **static: sizes)
        for sizes, static in itertools.product(
            shapes_of(identity.name, 8, 0), static_choices(identity.name)
        ):
            fitted = fit(dict(sizes), **dict(static))
            assert fit(fitted, **dict(static)) == fitted
            assert list(fitted) == [name for name, _ in sizes]

    def test_what_is_called_element_wise_mixes_no_entries(self, identity: Identity) -> None:
        if not identity.elementwise:
            assert set(identity.shapes.values()) != {"..."} or len(identity.shapes) > 1
            return
        assert not mixes_entries(identity)

    def test_parts_name_its_arguments(self, identity: Identity) -> None:
        assert all(j.argument in identity.gradients for j in identity.jacobians)
        shaped: list[Jacobian | Component] = [*identity.jacobians, *identity.components]
        for part in shaped:
            assert list(part.shapes) == list(identity.shapes)
            assert part.tex
        assert all(fact.says for fact in identity.facts)
        assert len({fact.name for fact in identity.facts}) == len(identity.facts)
