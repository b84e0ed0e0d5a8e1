"""The paths through PyTorch: each differentiates in its own way, and claims what is its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gradient_conformance.implementations.loading import load
from gradient_conformance.implementations.protocol import NESTINGS, Backend
from gradient_conformance.laws import NEEDS, laws_of

torch = pytest.importorskip("torch")
pytest.importorskip("array_api_compat")

# PyTorch's own modules warn of each other when forward mode is first used.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def cubes(x: Any) -> Any:
    return x * x * x


def hvp(backend: Backend, nesting: str, function: Any, x: Any, v: Any) -> Any:
    """H v of ⟨ȳ, function⟩ for ȳ = (1, −2, 3), as many as x has entries."""
    ybar = torch.tensor([1.0, -2.0, 3.0], dtype=x.dtype)[: len(x)]
    return backend.to_numpy(backend.hvp(nesting, function, {"x": x}, ybar, {"x": v})["x"])


@pytest.mark.parametrize("name", ["torch", "torch_create_graph", "torch_func"])
@pytest.mark.parametrize("nesting", NESTINGS)
def test_every_nesting_gives_the_second_derivative(name: str, nesting: str) -> None:
    backend = load(name)
    if nesting not in backend.nestings:
        pytest.skip(f"{name} does not claim {nesting}")
    x = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64)
    v = torch.tensor([4.0, 1.0, -8.0], dtype=torch.float64)
    assert hvp(backend, nesting, cubes, x.clone(), v).tolist() == [24.0, 24.0, -72.0]
    assert hvp(backend, nesting, lambda x: 3 * x, x.clone(), v).tolist() == [0, 0, 0]
    assert hvp(backend, nesting, cubes, x[:0].clone(), v[:0]).shape == (0,)


def leaves_made(backend: Backend, ask: Any) -> bool:
    """Whether a call turned its argument into a leaf of eager mode, as ``torch.func`` does not."""
    x, one = torch.ones(2), torch.ones(2)
    ask(backend, {"x": x}, one)
    return x.requires_grad


def product(nesting: str) -> Callable[[Backend, Any, Any], Any]:
    return lambda b, x, one: b.hvp(nesting, cubes, x, one, {"x": one})


ASKED: dict[str, Callable[[Backend, Any, Any], Any]] = {
    "vjp": lambda b, x, one: b.vjp(cubes, x, ("x",), one),
    "jvp": lambda b, x, one: b.jvp(cubes, x, {"x": one}),
    "batched_vjp": lambda b, x, one: b.batched_vjp(cubes, x, ("x",), one),
    **{nesting: product(nesting) for nesting in NESTINGS},
}


@pytest.mark.parametrize("ability", ASKED)
def test_torch_func_makes_no_leaves(ability: str) -> None:
    assert not leaves_made(load("torch_func"), ASKED[ability])


@pytest.mark.parametrize("ability", ["vjp", "reverse over reverse"])
def test_eager_mode_does(ability: str) -> None:
    for name in ("torch", "torch_create_graph"):
        assert leaves_made(load(name), ASKED[ability])


def test_torch_func_gives_value_and_slope_and_takes_batches() -> None:
    backend = load("torch_func")
    x = torch.tensor([[1.0, 2.0], [3.0, -1.0]])
    value, along = backend.jvp(cubes, {"x": x[0]}, {"x": torch.tensor([1.0, 10.0])})
    assert (value.tolist(), along.tolist()) == ([1, 8], [3, 120])
    shapes = []

    def summed(x: Any) -> Any:
        shapes.append(tuple(x.shape))
        return cubes(x).sum()

    ybar = torch.tensor([1.0, 2.0])
    values, gradients = backend.batched_vjp(summed, {"x": x}, ("x",), ybar)
    assert shapes == [(2,)]  # once, for a point
    assert values.tolist() == [9, 26]
    assert gradients["x"].tolist() == [[3, 12], [54, 6]]


def test_create_graph_claims_the_product_of_reverse_mode_alone() -> None:
    backend = load("torch_create_graph")
    claimed = {law for law in NEEDS if law in laws_of(backend)}
    assert {law for law in claimed if law.startswith("h")} == {
        "hvp_reverse_over_reverse",
        "hessian_symmetry",
    }
    assert not {"jvp", "batched_equals_looped", "compiled_equals_eager"} & claimed
    x = torch.ones(1)
    for nesting in NESTINGS[1:]:
        with pytest.raises(NotImplementedError, match=nesting):
            hvp(backend, nesting, cubes, x, x)


def test_the_gradient_of_create_graph_can_be_differentiated_again() -> None:
    """That of eager mode cannot."""
    for name, again in (("torch_create_graph", True), ("torch", False)):
        _, gradients = load(name).vjp(cubes, {"x": torch.ones(2)}, ("x",), torch.ones(2))
        assert gradients["x"].requires_grad == again
