"""PyTorch as it answers when a further derivative is asked for: ``create_graph=True``."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from .protocol import Function
from .torch.arrays import TorchArrays


class TorchCreateGraph(TorchArrays):
    """PyTorch, eager mode, with a graph of the gradient itself, which other kernels may compute."""

    name = "torch_create_graph"

    def vjp(
        self,
        function: Function,
        arguments: Mapping[str, torch.Tensor],
        wrt: tuple[str, ...],
        ybar: torch.Tensor,
    ) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        leaves = [arguments[name].requires_grad_() for name in wrt]
        y = function(**arguments)
        gradients = torch.autograd.grad(y, leaves, ybar, create_graph=True)
        return y, dict(zip(wrt, gradients, strict=True))
