"""Declaring an identity, and the messages where a declaration contradicts itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradient_conformance.identities import CATALOGUE, declaration
from gradient_conformance.identities.conditions import positive
from gradient_conformance.identities.declaration import Identity, identity


@pytest.fixture(autouse=True)
def empty_catalogue(monkeypatch: pytest.MonkeyPatch) -> dict[str, Identity]:
    """What a test declares is seen by nobody else."""
    catalogue: dict[str, Identity] = {}
    monkeypatch.setattr(declaration, "CATALOGUE", catalogue)
    return catalogue


def scaled(xp: Any, x: Any, s: Any, *, power: int) -> Any:
    """A vector times a power of a number.

    More about it.
    """
    return x * s**power


GOOD: dict[str, Any] = {
    "tex": r"y = s^p x",
    "shapes": {"x": "... n", "s": ""},
    "gradients": {"x": r"s^p \bar y"},
    "source": "zoo-1",
    "parameters": {"power": (1, 2)},
}


def declare(function: Callable[..., Any] = scaled, **changed: Any) -> Identity:
    """Declare ``scaled``, with some parts of the declaration changed."""
    return identity(**{**GOOD, **changed})(function)


def declare_other(**changed: Any) -> Identity:
    """A second identity beside the first."""

    def other(xp: Any, x: Any, s: Any, *, power: int) -> Any:
        return x

    return declare(other, **changed)


def test_what_a_declaration_holds(empty_catalogue: dict[str, Identity]) -> None:
    declared = declare(
        domain=[positive("s")],
        sizes={"n": 1},
        kinks={"x": (0.0,)},
        normwise=["x"],
        blocks=["n"],
        notes="""Two lines
        of text.""",
    )
    assert empty_catalogue == {"scaled": declared}
    assert "scaled" not in CATALOGUE
    assert declared.name == "scaled"
    assert declared.family == "test_declaration"
    assert declared.sources == ("zoo-1",)
    assert declared.description == "A vector times a power of a number."
    assert declared.notes == "Two lines of text."
    assert declared.sizes == {"n": 1}
    assert declared.kinks == {"x": (0.0,)}
    assert declared.normwise == ("x",)
    assert declared.blocks == ("n",)
    assert [c.says for c in declared.domain] == ["s > 0"]
    assert declared.pullback is None


def test_sizes_that_fit() -> None:
    assert declare().fit is None
    fit = declare_other(fit=lambda sizes, *, power: {**sizes, "n": power}).fit
    assert fit is not None
    assert fit({"n": 9, "...": ()}, power=2) == {"n": 2, "...": ()}


def test_several_sources() -> None:
    assert declare(source=["zoo-1", "rules-2"]).sources == ("zoo-1", "rules-2")


def test_an_identity_can_be_called_like_its_forward_function() -> None:
    got = declare()(np, np.array([1.0, 2.0]), np.array(3.0), power=2)
    assert got.tolist() == [9.0, 18.0]


def test_description_without_a_docstring() -> None:
    def silent(xp: Any, x: Any, s: Any, *, power: int) -> Any:
        return x

    assert declare(silent).description == ""


def test_parts_are_registered_and_the_functions_stay_usable() -> None:
    declared = declare()

    @declared.vjp
    def pullback(xp: Any, ybar: Any, x: Any, s: Any, *, power: int) -> Any:
        return {"x": ybar * s**power}

    @declared.jacobian("x", "s^p I", source="zoo-2", shapes={"x": "n"})
    def jacobian(xp: Any, x: Any, s: Any, *, power: int) -> Any:
        return s**power * xp.eye(x.shape[0])

    @declared.component("y_i = s^p x_i", source="zoo-3")
    def component(xp: Any, x: Any, s: Any, *, power: int) -> Any:
        return x * s**power

    @declared.fact("it is zero at s = 0", source="zoo-4", at=lambda xp, x, s: {"x": x, "s": 0 * s})
    def vanishes(xp: Any, answer: Any, x: Any, s: Any, *, power: int) -> Any:
        return "=", answer.value, 0 * x

    assert declared.pullback is pullback
    (j,), (c,), (f,) = declared.jacobians, declared.components, declared.facts
    assert (j.argument, j.source, j.shapes, j.function) == (
        "x",
        "zoo-2",
        {"x": "n", "s": ""},
        jacobian,
    )
    assert (c.source, c.shapes, c.function) == ("zoo-3", {"x": "... n", "s": ""}, component)
    assert (f.name, f.says, f.source) == ("vanishes", "it is zero at s = 0", "zoo-4")
    assert f.function is vanishes
    assert f.at is not None


def test_parts_of_one_identity_are_not_those_of_another() -> None:
    first, second = declare(), declare_other()
    first.fact("something", source="zoo-1")(lambda xp, answer, x, s: ("=", x, x))
    assert second.facts == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"shapes": {"x": "n"}}, r"takes \['x', 's'\], shapes names \['x'\]"),
        ({"shapes": {"s": "", "x": "n"}}, "the same, in the same order"),
        ({"parameters": {}}, r"keyword-only parameters are \['power'\]"),
        ({"parameters": {"p": (1,)}}, r"values for \['p'\]"),
        ({"gradients": {"y": "?"}}, r"gradients names \['y'\]"),
        ({"blocks": ["q"]}, r"blocks names \['q'\]"),
        ({"blocks": ["..."]}, r"blocks names \['...'\]"),
        ({"gradients": {}}, "no argument has a gradient"),
        ({"kinks": {"s": (0.0,)}}, r"kinks names \['s'\], which is none of \['x'\]"),
        ({"normwise": ["X"]}, r"normwise names \['X'\]"),
        ({"domain": [positive("z")]}, r"domain names \['z'\]"),
        ({"sizes": {"m": 1}}, r"sizes names \['m'\]"),
        ({"shapes": {"x": "n ...", "s": ""}}, "a leading"),
        ({"source": "zoo"}, "not the id of a documented rule"),
        ({"source": ["zoo-1", "sea-2"]}, "'sea-2' is not the id"),
    ],
)
def test_contradictions(
    changed: dict[str, Any], message: str, empty_catalogue: dict[str, Identity]
) -> None:
    with pytest.raises(ValueError, match=message):
        declare(**changed)
    assert empty_catalogue == {}


@pytest.mark.parametrize("changed", [{"shapes": {}}, {"parameters": {}}, {"gradients": {}}])
def test_a_message_says_where(changed: dict[str, Any]) -> None:
    where = r"identity 'scaled' \(identities/test_declaration.py\): "
    with pytest.raises(ValueError, match=where):
        declare(**changed)


def test_declared_twice() -> None:
    declare()
    with pytest.raises(ValueError, match="'scaled' is declared twice: in identities/test_decl"):
        declare()


@pytest.mark.parametrize("part", ["jacobian", "component", "fact"])
def test_a_part_must_cite_a_rule(part: str) -> None:
    declared = declare()
    register: dict[str, Callable[[], Any]] = {
        "jacobian": lambda: declared.jacobian("x", "?", source="here"),
        "component": lambda: declared.component("?", source="here"),
        "fact": lambda: declared.fact("?", source="here"),
    }
    with pytest.raises(ValueError, match="'here' is not the id"):
        register[part]()
