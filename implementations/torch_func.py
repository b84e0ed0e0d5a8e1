"""PyTorch by its function transformations, ``torch.func``."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from .protocol import Function
from .torch.functional import Functional, functional_vjp
from .torch.second_order import FORWARD_MODE, reverse_over_reverse_by_func


class TorchFunc(Functional):
    """PyTorch, every derivative by ``torch.func``."""

    name = "torch_func"
    products = {"reverse over reverse": reverse_over_reverse_by_func, **FORWARD_MODE}  # noqa: RUF012
    nestings = tuple(products)

    def vjp(
        self,
        function: Function,
        arguments: Mapping[str, torch.Tensor],
        wrt: tuple[str, ...],
        ybar: torch.Tensor,
    ) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        return functional_vjp(function, arguments, wrt, ybar)
