"""PyTorch: eager mode, reverse-mode autograd."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import array_api_compat.torch as array_api
import ml_dtypes
import numpy as np
import torch

from ..protocol import Backend, Function
from . import second_order
from .native import NATIVE


class Torch(Backend):
    """PyTorch, eager mode, reverse-mode autograd."""

    name = "torch"
    dtypes = ("float64", "float32", "float16", "bfloat16")
    native = NATIVE
    nestings = tuple(second_order.BY_NESTING)

    @property
    def namespace(self) -> Any:
        return array_api

    @property
    def version(self) -> str:
        return str(torch.__version__)

    def from_numpy(self, x: np.ndarray) -> torch.Tensor:
        if x.dtype == ml_dtypes.bfloat16:  # NumPy and PyTorch share no bfloat16: pass the bits
            return torch.tensor(x.view(np.int16)).view(torch.bfloat16)
        return torch.tensor(x.copy())  # PyTorch takes no negative strides

    def to_numpy(self, x: torch.Tensor) -> np.ndarray:
        x = x.detach()
        if x.dtype == torch.bfloat16:
            return x.clone().view(torch.int16).numpy().view(ml_dtypes.bfloat16).copy()
        return x.numpy(force=True).copy()  # forward mode makes zeros that have no memory

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
        return torch.func.jvp(lambda at: function(**{**arguments, **at}), (x,), (dict(tangents),))

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
