"""PyTorch as it answers when a further derivative is asked for: ``create_graph=True``."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from .protocol import Function
from .torch.arrays import TorchArrays
from .torch.eager import eager_vjp
from .torch.second_order import reverse_over_reverse, weighted


class TorchCreateGraph(TorchArrays):
    """PyTorch, eager mode, with a graph of the gradient itself, which other kernels may compute."""

    name = "torch_create_graph"
    nestings = ("reverse over reverse",)

    def vjp(
        self,
        function: Function,
        arguments: Mapping[str, torch.Tensor],
        wrt: tuple[str, ...],
        ybar: torch.Tensor,
    ) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        return eager_vjp(function, arguments, wrt, ybar, create_graph=True)

    def hvp(
        self,
        nesting: str,
        function: Function,
        arguments: Mapping[str, torch.Tensor],
        ybar: torch.Tensor,
        tangents: Mapping[str, torch.Tensor],
    ) -> dict[str, torch.Tensor]:
        if nesting not in self.nestings:
            raise NotImplementedError(f"create_graph=True is reverse mode only, not {nesting}")
        x = {name: arguments[name] for name in tangents}
        return reverse_over_reverse(weighted(function, arguments, ybar), x, tangents)
