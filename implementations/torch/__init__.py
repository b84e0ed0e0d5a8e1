"""PyTorch: eager mode, reverse-mode autograd."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from ..protocol import Function
from . import second_order
from .arrays import TorchArrays
from .compiled import compiled


class Torch(TorchArrays):
    """PyTorch, eager mode, reverse-mode autograd."""

    name = "torch"
    nestings = tuple(second_order.BY_NESTING)

    def vjp(
        self,
        function: Function,
        arguments: Mapping[str, torch.Tensor],
        wrt: tuple[str, ...],
        ybar: torch.Tensor,
    ) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        leaves = [arguments[name].requires_grad_() for name in wrt]
        y = function(**arguments)
        gradients = torch.autograd.grad(y, leaves, ybar)
        return y, dict(zip(wrt, gradients, strict=True))

    def jvp(
        self,
        function: Function,
        arguments: Mapping[str, torch.Tensor],
        tangents: Mapping[str, torch.Tensor],
    ) -> tuple[torch.Tensor, torch.Tensor]:
        x = {name: arguments[name] for name in tangents}
        answer = torch.func.jvp(lambda at: function(**{**arguments, **at}), (x,), (dict(tangents),))
        return answer[0], answer[1]

    def hvp(
        self,
        nesting: str,
        function: Function,
        arguments: Mapping[str, torch.Tensor],
        ybar: torch.Tensor,
        tangents: Mapping[str, torch.Tensor],
    ) -> dict[str, torch.Tensor]:
        loss = second_order.weighted(function, arguments, ybar)
        x = {name: arguments[name] for name in tangents}
        return second_order.BY_NESTING[nesting](loss, x, tangents)

    def batched_vjp(
        self,
        function: Function,
        arguments: Mapping[str, torch.Tensor],
        wrt: tuple[str, ...],
        ybar: torch.Tensor,
    ) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        batched = torch.func.vmap(lambda x, y: functional_vjp(function, x, wrt, y))
        return batched(dict(arguments), ybar)

    def compiled_vjp(
        self,
        function: Function,
        arguments: Mapping[str, torch.Tensor],
        wrt: tuple[str, ...],
        ybar: torch.Tensor,
    ) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        return self.vjp(compiled(function, arguments), arguments, wrt, ybar)

    def accumulated_vjp(
        self,
        function: Function,
        arguments: Mapping[str, torch.Tensor],
        wrt: tuple[str, ...],
        ybar: torch.Tensor,
    ) -> tuple[torch.Tensor, dict[str, torch.Tensor | None]]:
        leaves = {name: arguments[name].requires_grad_() for name in wrt}
        for cotangent in ybar:
            y = function(**arguments)
            y.backward(cotangent)
        return y, {name: leaf.grad for name, leaf in leaves.items()}


def functional_vjp(
    function: Function,
    arguments: Mapping[str, torch.Tensor],
    wrt: tuple[str, ...],
    ybar: torch.Tensor,
) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """Value and gradients by ``torch.func.vjp``, which other transformations may wrap."""
    x = {name: arguments[name] for name in wrt}
    answer = torch.func.vjp(lambda at: function(**{**arguments, **at}), x)
    return answer[0], answer[1](ybar)[0]
