"""The hand-written pairs: shapes, types, and arrays that are nobody else's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.declared import declared
from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.implementations.numpy.pairs import Pair
from gradient_conformance.laws.cases import Case
from gradient_conformance.laws.strategies import PROFILES, fixed_cases

EVERY_PAIR = pytest.mark.parametrize("identity", NumPy.native)
EVERY_TYPE = pytest.mark.parametrize("dtype", NumPy.dtypes)
Spoil = Callable[[Any, dict[str, Any], dict[str, np.ndarray], np.ndarray], Any]


def some(identity: str, dtype: str = "float64") -> list[Case]:
    """Cases of every shape and parameter, unless the type is recorded as unsupported."""
    if declared("numpy").unsupported_reason(identity, "native", dtype):
        return []
    return fixed_cases(identity, dtype, PROFILES["ci"], 0)


def test_every_pair_is_of_an_identity() -> None:
    assert set(NumPy.native) <= set(CATALOGUE)


def faults(identity: str, dtype: str, pair: Callable[..., Any]) -> Iterator[str]:
    """What is wrong with a pair, numbers apart."""
    wrt = CATALOGUE[identity].gradients
    for case in some(identity, dtype):
        arguments = {name: np.array(x) for name, x in case.arguments().items()}
        ybar = np.array(case.cotangent())
        untouched = {**{name: x.copy() for name, x in arguments.items()}, "ȳ": ybar.copy()}
        with np.errstate(over="ignore", invalid="ignore"):
            value, pullback = pair(**arguments, **case.parameters)
            gradients = pullback(ybar)
            again = pullback(ybar)
            other = pullback(-ybar)
        if (np.shape(value), value.dtype) != (ybar.shape, ybar.dtype):
            yield "value"
        if set(gradients) != set(wrt):
            yield "names"
        for name in wrt:
            g, x = gradients[name], arguments[name]
            if (g.shape, g.dtype) != (x.shape, x.dtype):
                yield f"{name}: shape or type"
            if g.tobytes() != again[name].tobytes():
                yield f"{name}: another answer the second time"
            if any(np.shares_memory(g, theirs) for theirs in (*arguments.values(), ybar)):
                yield f"{name}: the caller's array"
            if any(np.shares_memory(g, other[b]) for b in wrt):
                yield f"{name}: an array of an earlier call"
            if any(np.shares_memory(g, gradients[b]) for b in wrt if b != name):
                yield f"{name}: the same array twice"
        for name, x in {**arguments, "ȳ": ybar}.items():
            if x.tobytes() != untouched[name].tobytes():
                yield f"{name}: written to"


@EVERY_TYPE
@EVERY_PAIR
def test_a_pair_keeps_to_shapes_types_and_its_own_arrays(identity: str, dtype: str) -> None:
    assert not set(faults(identity, dtype, NumPy.native[identity]))


def like_residual(backward: Callable[[np.ndarray, Any], dict[str, Any]]) -> Pair:
    """X + Z, with another backward function; it caches both."""
    return Pair(lambda X, Z: (X + Z, (X, Z)), backward)


def writes(ybar: np.ndarray, cache: Any) -> dict[str, Any]:
    g = {"X": ybar.copy(), "Z": ybar.copy()}
    cache[1][...] = 0
    return g


def keeps(kept: list[np.ndarray]) -> Pair:
    """One that returns a buffer of its own again and again."""

    def backward(ybar: np.ndarray, cache: Any) -> dict[str, Any]:
        if not kept or kept[0].shape != ybar.shape:
            kept[:] = [np.empty_like(ybar)]
        kept[0][...] = ybar
        return {"X": kept[0], "Z": ybar.copy()}

    return like_residual(backward)


@pytest.mark.parametrize(
    ("pair", "fault"),
    [
        (like_residual(lambda y, c: {"X": y, "Z": y.copy()}), "X: the caller's array"),
        (like_residual(lambda y, c: {"X": c[0], "Z": y.copy()}), "X: the caller's array"),
        (like_residual(lambda y, c: dict.fromkeys("XZ", y.copy())), "Z: the same array twice"),
        (keeps([]), "X: an array of an earlier call"),
        (like_residual(lambda y, c: {"X": y.copy()[None], "Z": y.copy()}), "X: shape or type"),
        (like_residual(lambda y, c: {"X": y.copy(), "Z": y.astype("f2")}), "Z: shape or type"),
        (like_residual(lambda y, c: dict.fromkeys("XZB", y.copy())), "names"),
        (like_residual(writes), "Z: written to"),
        (
            Pair(lambda X, Z: ((X + Z)[None], None), lambda y, c: {"X": y.copy(), "Z": y.copy()}),
            "value",
        ),
    ],
)
def test_each_of_these_faults_would_be_noticed(pair: Pair, fault: str) -> None:
    assert fault in set(faults("residual", "float64", pair))


def test_the_backend_copies_both_ways() -> None:
    x = np.arange(6.0).reshape(2, 3)
    backend = NumPy()
    for converted in (backend.from_numpy(x.T), backend.to_numpy(x)):
        assert not np.shares_memory(converted, x)
    assert np.array_equal(backend.from_numpy(x[:, ::-2]), [[2, 0], [5, 3]])
    scalar: Any = np.float32(2)
    assert isinstance(backend.to_numpy(scalar), np.ndarray)
    assert backend.to_numpy(scalar).dtype == np.float32


def test_overflow_is_an_answer_and_no_warning() -> None:
    backend = NumPy()
    x, ybar = np.array([1e200]), np.array([1.0])
    value, gradients = backend.vjp(NumPy.native["square"], {"X": x}, ("X",), ybar)
    assert np.isinf(value)
    assert gradients["X"] == 2e200
    with pytest.warns(RuntimeWarning, match="overflow"):
        NumPy.native["square"](X=x)


def test_a_gradient_that_is_not_asked_for_is_left_out() -> None:
    backend, x = NumPy(), np.array([1.0])
    _, gradients = backend.vjp(NumPy.native["residual"], {"X": x, "Z": x}, ("Z",), x)
    assert list(gradients) == ["Z"]
