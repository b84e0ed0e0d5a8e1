"""PyTorch: eager mode, reverse-mode autograd."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from ..protocol import Function
from .compiled import CAPTURED, compiled
from .eager import eager_vjp
from .functional import Functional
from .second_order import FORWARD_MODE, reverse_over_reverse


class Torch(Functional):
    """PyTorch, eager mode, reverse-mode autograd."""

    name = "torch"
    products = {"reverse over reverse": reverse_over_reverse, **FORWARD_MODE}  # noqa: RUF012
    nestings = tuple(products)

    def vjp(
        self,
        function: Function,
        arguments: Mapping[str, torch.Tensor],
        wrt: tuple[str, ...],
        ybar: torch.Tensor,
    ) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        return eager_vjp(function, arguments, wrt, ybar)

    def compiled_vjp(
        self,
        function: Function,
        arguments: Mapping[str, torch.Tensor],
        wrt: tuple[str, ...],
        ybar: torch.Tensor,
    ) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        return eager_vjp(compiled(function, arguments, CAPTURED), arguments, wrt, ybar)

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
