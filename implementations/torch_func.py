"""PyTorch by its function transformations, ``torch.func``."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from .protocol import Function
from .torch import functional_vjp
from .torch.arrays import TorchArrays


class TorchFunc(TorchArrays):
    """PyTorch, reverse mode by ``torch.func.vjp``."""

    name = "torch_func"

    def vjp(
        self,
        function: Function,
        arguments: Mapping[str, torch.Tensor],
        wrt: tuple[str, ...],
        ybar: torch.Tensor,
    ) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        return functional_vjp(function, arguments, wrt, ybar)
