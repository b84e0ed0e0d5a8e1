"""The shape language."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.identities.shapes import (
    concrete,
    dimensions_of,
    is_many,
    parse_shape,
    sizes_of,
)

NAMES = st.sampled_from(["m", "n", "k", "batch"])
DIMENSIONS = st.lists(NAMES | st.integers(0, 9).map(str), max_size=4)


@pytest.mark.parametrize(
    ("text", "dimensions"),
    [
        ("", ()),
        ("n", ("n",)),
        ("m n", ("m", "n")),
        ("  m   n ", ("m", "n")),
        ("...", ("...",)),
        ("... n", ("...", "n")),
        ("3 n", ("3", "n")),
        ("*a n", ("*a", "n")),
        ("n *b", ("n", "*b")),
    ],
)
def test_parse(text: str, dimensions: tuple[str, ...]) -> None:
    assert parse_shape(text) == dimensions


@pytest.mark.parametrize(
    "text", ["m ...", "... ...", "m-1", "n+1", "2n", "-1", "m,n", ".. n", "*", "**a", "*3"]
)
def test_what_is_no_shape(text: str) -> None:
    with pytest.raises(ValueError, match=r"neither a name, a number, a leading \.\.\. nor"):
        parse_shape(text)


def test_the_message_names_the_dimension_and_the_shape() -> None:
    with pytest.raises(ValueError, match=r"'n\+1' in the shape 'm n\+1'"):
        parse_shape("m n+1")


def test_dimensions_in_order_of_appearance_without_numbers() -> None:
    assert dimensions_of({"A": "... m n", "B": "n 3", "b": "k m"}) == ("...", "m", "n", "k")
    assert dimensions_of({"x": ""}) == ()


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("... n", (2, 3, 4)),
        ("n", (4,)),
        ("", ()),
        ("7 n", (7, 4)),
        ("empty n", (0, 4)),
        ("... 1", (2, 3, 1)),
    ],
)
def test_concrete(text: str, shape: tuple[int, ...]) -> None:
    assert concrete(text, {"...": (2, 3), "n": 4, "empty": 0}) == shape


def test_what_stands_for_many_dimensions() -> None:
    assert [is_many(d) for d in ("...", "*a", "a", "3")] == [True, True, False, False]
    sizes: dict[str, int | tuple[int, ...]] = {"*a": (2, 3), "*b": (), "n": 4}
    assert concrete("*a n *b", sizes) == (2, 3, 4)
    assert dimensions_of({"x": "*a", "y": "*b 2", "z": "*a"}) == ("*a", "*b")


def test_concrete_without_leading_dimensions() -> None:
    assert concrete("... n", {"...": (), "n": 0}) == (0,)


def test_concrete_without_a_size() -> None:
    with pytest.raises(KeyError, match="m"):
        concrete("m n", {"n": 4})


@settings(database=None, deadline=None, max_examples=60)
@given(DIMENSIONS, st.booleans(), st.data())
def test_rank_and_sizes(dimensions: list[str], leading: bool, data: st.DataObject) -> None:
    """A shape has as many sizes as dimensions; equal names get equal sizes."""
    text = " ".join([*(["..."] if leading else []), *dimensions])
    size = st.integers(0, 6)
    sizes = {n: data.draw(size) for n in dimensions_of({"x": text}) if n != "..."}
    front = tuple(data.draw(st.lists(size, max_size=3)))
    shape = concrete(text, {**sizes, "...": front})
    tail = shape[len(front) :] if leading else shape
    assert len(tail) == len(dimensions)
    for dimension, n in zip(dimensions, tail, strict=True):
        assert n == (int(dimension) if dimension.isdigit() else sizes[dimension])


@pytest.mark.parametrize("name", CATALOGUE)
def test_sizes_are_found_again_in_the_shapes_that_they_give(name: str) -> None:
    shapes = CATALOGUE[name].shapes
    for n in (0, 1, 4):
        names = dimensions_of(shapes)
        sizes = {d: (n, 2) if is_many(d) else n + i for i, d in enumerate(names)}
        assert sizes_of(shapes, {a: concrete(text, sizes) for a, text in shapes.items()}) == sizes


@pytest.mark.parametrize(
    ("shapes", "actual", "words"),
    [
        ({"A": "m n"}, {"A": (2,)}, "A has shape (2,); it must have 2 dimensions: m n"),
        ({"A": ""}, {"A": (2,)}, "A has shape (2,); it must have 0 dimensions: a scalar"),
        ({"A": "... n"}, {"A": ()}, "it must have 1 dimensions or more: ... n"),
        ({"A": "n n"}, {"A": (2, 3)}, "n is 3 here, and is 2 in A"),
        ({"A": "m 2"}, {"A": (2, 3)}, "where 2 is 3 here"),
        (
            {"A": "... n", "x": "..."},
            {"A": (2, 3), "x": (3,)},
            "... is (3,) here, and is (2,) in A",
        ),
    ],
)
def test_shapes_that_no_sizes_give_are_said(shapes: dict, actual: dict, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        sizes_of(shapes, actual)
