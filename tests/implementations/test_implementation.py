"""One identity on one backend: what it passes on, and which answers it does not take."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.implementation import (
    ROUTES,
    BadAnswer,
    Implementation,
    Observed,
    implementations_of,
)
from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.implementations.protocol import Backend
from gradient_conformance.tests.implementations import broken
from gradient_conformance.tests.implementations.broken import spoiled

ARGUMENTS = {"a": np.array([1.0, 2.0]), "x": np.array([3.0, 4.0])}
YBAR = np.array(10.0)
WRT = ("a", "x")


def implementation(adapter: type[Backend], identity: str = "linear_form") -> Implementation:
    return Implementation(adapter(), "native", identity, CATALOGUE[identity].forward)


def answer(adapter: type[Backend], arguments: Mapping[str, np.ndarray] = ARGUMENTS) -> Observed:
    """The answer for a·x with ȳ = 10."""
    return implementation(adapter).vjp(arguments, WRT, YBAR, {})


def test_value_and_gradients_come_as_arrays() -> None:
    found = answer(NumPy)
    assert isinstance(found.value, np.ndarray)
    assert found.value == 11
    assert {name: g.tolist() for name, g in found.gradients.items()} == {
        "a": [30.0, 40.0],
        "x": [10.0, 20.0],
    }


def test_gradients_come_in_the_order_that_was_asked_for_and_no_others() -> None:
    found = implementation(NumPy).vjp(ARGUMENTS, ("x",), YBAR, {})
    assert list(found.gradients) == ["x"]
    assert list(answer(NumPy).gradients) == ["a", "x"]


def pair(change: Any) -> type[Backend]:
    """An adapter with another answer than it should have."""
    return spoiled("changed", change)


class ListedAnswers(NumPy):
    """Converts to something else than NumPy arrays."""

    name = "listed_answers"

    def to_numpy(self, x):
        return x.tolist()


class Wrapped(np.ndarray):
    """An array type of a backend's own."""


class OwnArrays(NumPy):
    """Has arrays of its own, and forgets to return them."""

    name = "own_arrays"

    def from_numpy(self, x):
        return np.array(x).view(Wrapped)

    def vjp(self, function, arguments, wrt, ybar):
        value, gradients = super().vjp(function, arguments, wrt, ybar)
        return np.asarray(value), {name: np.asarray(g) for name, g in gradients.items()}


@pytest.mark.parametrize(
    ("adapter", "words"),
    [
        (pair(lambda y, g, args: y), "vjp returned float64; it must return a pair: the value, and"),
        (pair(lambda y, g, args: None), "vjp returned NoneType; it must return a pair"),
        (pair(lambda y, g, args: (y, list(g.values()))), "vjp returned tuple; it must return"),
        (pair(lambda y, g, args: (y, g, g)), "vjp returned tuple; it must return a pair"),
        (pair(lambda y, g, args: [y, g]), "vjp returned list; it must return a pair"),
        (
            pair(lambda y, g, args: (y, {"a": g["a"]})),
            "vjp returned no gradient for x; it returned ['a']. A gradient that is zero is",
        ),
        (
            pair(lambda y, g, args: (y, {**g, "a": None})),
            "vjp returned no gradient for a; it returned ['a', 'x']",
        ),
        (
            pair(lambda y, g, args: (y, {})),
            "vjp returned no gradient for a, x; it returned none",
        ),
        (
            pair(lambda y, g, args: (y, {**g, "x": g["x"].tolist()})),
            "the gradient for x is a builtins.list; the backend's own arrays are numpy.ndarray",
        ),
        (pair(lambda y, g, args: (float(y), g)), "the value is a builtins.float; the backend's"),
        (OwnArrays, "the value is a numpy.ndarray; the backend's own arrays are"),
        (ListedAnswers, "to_numpy returned float for the value, not a numpy.ndarray"),
    ],
)
def test_a_bad_answer_says_what_it_is(adapter: type[Backend], words: str) -> None:
    with pytest.raises(BadAnswer) as said:
        answer(adapter)
    assert words in str(said.value)


def test_a_gradient_too_many_is_no_harm() -> None:
    extra = pair(lambda y, g, args: (y, {**g, "bias": np.zeros(2)}))
    assert list(answer(extra).gradients) == ["a", "x"]


def test_a_scalar_of_numpy_is_an_array_of_no_dimensions() -> None:
    scalar = pair(lambda y, g, args: (np.float64(y), g))
    assert answer(scalar).value.shape == ()


def test_what_the_backend_raises_is_passed_on() -> None:
    with pytest.raises(RuntimeError, match="no kernel for this shape"):
        answer(broken.Raising)


def test_a_backend_that_writes_to_its_arguments_writes_to_copies() -> None:
    arguments = {name: x.copy() for name, x in ARGUMENTS.items()}
    found = answer(broken.Mutating, arguments)
    assert all(np.array_equal(arguments[name], x) for name, x in ARGUMENTS.items())
    # The laws are shown what the call has left.
    assert found.inputs_after["a"].tolist() == [2.0, 3.0]
    assert found.inputs_after["ybar"] == 10
    assert set(found.inputs_after) == {"a", "x", "ybar"}
    assert answer(NumPy).inputs_after["a"].tolist() == [1.0, 2.0]


def test_the_function_is_one_object_for_each_set_of_parameters() -> None:
    error = implementation(NumPy, "mean_squared_error")
    mean, total = ({"reduction": name} for name in ("mean", "sum"))
    assert error.function(mean) is error.function(dict(mean))
    assert error.function(mean) is not error.function(total)
    x, y = np.ones((2, 2)), np.zeros((2, 2))
    assert [error.function(p)(x=x, y=y)[0] for p in (mean, total)] == [1.0, 4.0]


def test_without_parameters_the_function_is_the_backends_own() -> None:
    form = implementation(NumPy)
    assert form.function({}) is NumPy.native["linear_form"]


class Composed(NumPy):
    """NumPy with a namespace: the composed route, forward only."""

    name = "composed"

    @property
    def namespace(self):
        return np


def test_the_composed_function_is_the_identity_over_the_backends_namespace() -> None:
    seen: list[Any] = []

    def forward(xp, x, *, factor):
        seen.append(xp)
        return factor * xp.sum(x)

    composed = Implementation(Composed(), "composed", "sum", forward)
    function = composed.function({"factor": 3.0})
    assert function is composed.function({"factor": 3.0})
    assert function(x=np.array([1.0, 2.0])) == 9
    assert seen == [np]


def test_the_routes_are_those_that_the_backend_has() -> None:
    forward = CATALOGUE["square"].forward
    assert [i.route for i in implementations_of(NumPy(), "square", forward)] == ["native"]
    assert [i.route for i in implementations_of(Composed(), "square", forward)] == list(ROUTES)


@pytest.mark.parametrize(
    ("adapter", "route", "identity", "supported"),
    [
        (NumPy, "native", "square", True),
        (NumPy, "native", "cube", False),
        (NumPy, "composed", "square", False),
        (Composed, "composed", "square", True),
        (Composed, "composed", "cube", True),
    ],
)
def test_support_is_a_matter_of_route_and_name(
    adapter: type[Backend], route: str, identity: str, supported: bool
) -> None:
    forward = CATALOGUE["square"].forward
    assert Implementation(adapter(), route, identity, forward).supported == supported
