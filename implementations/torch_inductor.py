"""PyTorch through the default backend of ``torch.compile``, which makes machine code."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping

import torch

from .protocol import Function
from .torch.arrays import TorchArrays
from .torch.compiled import MACHINE_CODE, compiled
from .torch.eager import eager_vjp


class TorchInductor(TorchArrays):
    """PyTorch, compiled by Inductor to machine code; some seconds for each function and shape."""

    name = "torch_inductor"
    only_for = "compiled_vjp"

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
        return eager_vjp(compiled(function, arguments, MACHINE_CODE), arguments, wrt, ybar)

    def missing(self, ability: str) -> str:
        if ability == "compiled_vjp" and shutil.which(cxx()) is None:
            return f"torch.compile makes machine code by a C++ compiler, and there is no {cxx()!r}"
        return ""


def cxx() -> str:
    """The C++ compiler that Inductor calls: that of the environment, or the platform's own."""
    usual = {"darwin": "clang++", "win32": "cl"}.get(sys.platform, "g++")
    return os.environ.get("CXX", usual)
