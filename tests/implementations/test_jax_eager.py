"""JAX without jit: its functions run each time, and give what the compiled ones give."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradient_conformance.implementations.loading import load
from gradient_conformance.implementations.protocol import NESTINGS, Backend

pytest.importorskip("jax")

X = np.array([[1.0, -2.0], [3.0, 0.5]])
V = np.array([4.0, 1.0])
YBAR = np.array([1.0, -2.0])

Ask = Callable[[Backend, Any], Any]


def asked(method: str) -> Ask:
    """A call of an ability, on the arrays above; of a nesting, of its product."""

    def ask(backend: Backend, function: Any) -> Any:
        x, v, ybar = (backend.from_numpy(a) for a in (X[0], V, YBAR))
        if method == "jvp":
            return backend.jvp(function, {"x": x}, {"x": v})[1]
        if method == "vjp":
            return backend.vjp(function, {"x": x}, ("x",), ybar)[1]["x"]
        if method in NESTINGS:
            return backend.hvp(method, function, {"x": x}, ybar, {"x": v})["x"]
        points = backend.from_numpy(X), backend.from_numpy(np.stack([YBAR, V]))
        asked_of = getattr(backend, method)
        return asked_of(function, {"x": points[0]}, ("x",), points[1])[1]["x"]

    return ask


WANTED: dict[str, Any] = {
    "vjp": [3, -24],
    "jvp": [12, 12],
    "batched_vjp": [[3, -24], [108, 0.75]],
    **{nesting: [24, 24] for nesting in NESTINGS},
}


@pytest.mark.parametrize("method", WANTED)
def test_its_derivatives_are_right(method: str) -> None:
    backend = load("jax_eager")
    found = backend.to_numpy(asked(method)(backend, lambda x: x * x * x))
    assert found.dtype == np.float64
    assert found.tolist() == WANTED[method]


@pytest.mark.parametrize("method", WANTED)
def test_a_function_runs_at_every_call(method: str) -> None:
    """Under jit it is traced at the first."""
    runs: dict[str, list[int]] = {}
    for name in ("jax_eager", "jax"):
        backend, calls = load(name), [0]

        def counted(x: Any, calls: list[int] = calls) -> Any:
            calls[0] += 1
            return x * x * x

        runs[name] = []
        for _ in range(2):
            asked(method)(backend, counted)
            runs[name].append(calls[0])
    once, twice = runs["jax_eager"]
    assert twice == 2 * once > 0
    once, twice = runs["jax"]
    assert twice == once > 0


@pytest.mark.parametrize("method", [m for m in WANTED if m != "batched_vjp"])
def test_a_function_may_look_at_its_numbers(method: str) -> None:
    """As under jit it may not."""

    def looks(x: Any) -> Any:
        return x * x * x if x.sum() < 0 else x

    backend = load("jax_eager")
    assert backend.to_numpy(asked(method)(backend, looks)).tolist() == WANTED[method]
    with pytest.raises(Exception, match="concrete"):
        asked(method)(load("jax"), looks)


@pytest.mark.parametrize("name", ["jax", "jax_eager"])
@pytest.mark.parametrize("nesting", NESTINGS)
def test_arguments_of_several_sizes_have_their_own_products(name: str, nesting: str) -> None:
    """Of Σ x² Σ y, and an empty z: H v is 2 (v Σ y + x Σ w) for x and 2 x·v for y."""
    backend = load(name)
    x, v = np.array([[1.0, 2.0]]), np.array([[3.0, -1.0]])
    y, w = np.array([1.0, 0.5, -4.0]), np.array([2.0, 0.0, 1.0])
    arguments, tangents = (
        {n: backend.from_numpy(a) for n, a in zip("xyz", (*arrays, np.zeros(0)), strict=True)}
        for arrays in ((x, y), (v, w))
    )

    def function(x: Any, y: Any, z: Any) -> Any:
        return (x * x).sum() * y.sum() + z.sum()

    products = backend.hvp(nesting, function, arguments, backend.from_numpy(np.ones(())), tangents)
    assert {n: backend.to_numpy(product).tolist() for n, product in products.items()} == {
        "x": [[-9.0, 17.0]],
        "y": [2.0, 2.0, 2.0],
        "z": [],
    }
