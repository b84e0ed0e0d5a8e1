"""PyTorch's eager reverse mode, which several paths have: of a function, or of what it became."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from ..protocol import Function


def eager_vjp(
    function: Function,
    arguments: Mapping[str, torch.Tensor],
    wrt: tuple[str, ...],
    ybar: torch.Tensor,
    create_graph: bool = False,
) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """Value and gradients by ``torch.autograd.grad``; the arguments become leaves."""
    leaves = [arguments[name].requires_grad_() for name in wrt]
    y = function(**arguments)
    gradients = torch.autograd.grad(y, leaves, ybar, create_graph=create_graph)
    return y, dict(zip(wrt, gradients, strict=True))
