"""PyTorch's function transformations: what the paths have that differentiate by ``torch.func``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import torch

from ..protocol import Function
from .arrays import TorchArrays
from .second_order import Product, weighted


class Functional(TorchArrays):
    """PyTorch with forward mode, batches and second derivatives; a path adds its ``vjp``.

    ``products`` has the Hessian-vector product by nesting.
    """

    products: ClassVar[Mapping[str, Product]] = {}

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
        loss = weighted(function, arguments, ybar)
        x = {name: arguments[name] for name in tangents}
        return self.products[nesting](loss, x, tangents)

    def batched_vjp(
        self,
        function: Function,
        arguments: Mapping[str, torch.Tensor],
        wrt: tuple[str, ...],
        ybar: torch.Tensor,
    ) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        batched = torch.func.vmap(lambda x, y: functional_vjp(function, x, wrt, y))
        return batched(dict(arguments), ybar)


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
