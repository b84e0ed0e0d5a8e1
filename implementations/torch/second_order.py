"""PyTorch: Hessian-vector products by each nesting of forward and reverse mode."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch

from ..protocol import Function

Tensors = Mapping[str, torch.Tensor]
Loss = Callable[[dict[str, torch.Tensor]], torch.Tensor]
Product = Callable[[Loss, Tensors, Tensors], dict[str, torch.Tensor]]


def weighted(function: Function, arguments: Tensors, ybar: torch.Tensor) -> Loss:
    """⟨ȳ, f⟩ as a function of the arguments that are differentiated."""
    return lambda x: torch.sum(ybar * function(**{**arguments, **x}))


def reverse_over_reverse(loss: Loss, x: Tensors, v: Tensors) -> dict[str, torch.Tensor]:
    """Eager backward twice, the first with ``create_graph``."""
    leaves = {name: t.requires_grad_() for name, t in x.items()}
    first = torch.autograd.grad(
        loss(leaves), list(leaves.values()), create_graph=True, materialize_grads=True
    )
    along = sum(torch.sum(g * v[name]) for name, g in zip(leaves, first, strict=True))
    if not (isinstance(along, torch.Tensor) and along.requires_grad):  # linear: no second gradient
        return {name: torch.zeros_like(t) for name, t in x.items()}
    second = torch.autograd.grad(along, list(leaves.values()), materialize_grads=True)
    return dict(zip(leaves, second, strict=True))


def reverse_over_reverse_by_func(loss: Loss, x: Tensors, v: Tensors) -> dict[str, torch.Tensor]:
    """``torch.func.grad`` of ⟨∇, v⟩, with ∇ by ``torch.func.grad``."""

    def along(at: dict[str, torch.Tensor]) -> torch.Tensor:
        first = torch.func.grad(loss)(at)
        return sum(torch.sum(first[name] * v[name]) for name in v)

    return torch.func.grad(along)(dict(x))


def forward_over_reverse(loss: Loss, x: Tensors, v: Tensors) -> dict[str, torch.Tensor]:
    return torch.func.jvp(torch.func.grad(loss), (dict(x),), (dict(v),))[1]


def reverse_over_forward(loss: Loss, x: Tensors, v: Tensors) -> dict[str, torch.Tensor]:
    return torch.func.grad(lambda at: torch.func.jvp(loss, (at,), (dict(v),))[1])(dict(x))


def forward_over_forward(loss: Loss, x: Tensors, v: Tensors) -> dict[str, torch.Tensor]:
    """Entry by entry: forward mode along v of forward mode along each basis direction."""
    products = {}
    for name, t in x.items():
        entries = []
        for position in range(t.numel()):
            basis = {other: torch.zeros_like(u) for other, u in x.items()}
            basis[name].view(-1)[position] = 1

            def slope(at: Tensors, e: Tensors = basis) -> torch.Tensor:
                return torch.func.jvp(loss, (at,), (e,))[1]

            entries.append(torch.func.jvp(slope, (dict(x),), (dict(v),))[1])
        products[name] = torch.stack(entries).reshape(t.shape) if entries else torch.zeros_like(t)
    return products


FORWARD_MODE: dict[str, Product] = {
    "forward over reverse": forward_over_reverse,
    "reverse over forward": reverse_over_forward,
    "forward over forward": forward_over_forward,
}
"""The nestings that have forward mode in them, which is that of ``torch.func`` on every path."""
