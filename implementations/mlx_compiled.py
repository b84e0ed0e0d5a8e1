"""MLX by ``mx.compile``, which joins operations into kernels that g++ makes on the CPU."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable, Mapping
from typing import Any

import mlx.core as mx

from .mlx import MLX, computed, value_and_gradients
from .protocol import Function


class MLXCompiled(MLX):
    """MLX, value and gradients compiled together.

    Each kernel is a run of g++, seconds for most functions; MLX keeps them in a folder of its own
    under the temporary one. Without g++ it leaves the operations as they are, without a word.
    """

    name = "mlx_compiled"
    only_for = "compiled_vjp"

    def compiled_vjp(
        self,
        function: Function,
        arguments: Mapping[str, mx.array],
        wrt: tuple[str, ...],
        ybar: mx.array,
    ) -> tuple[mx.array, dict[str, mx.array]]:
        return computed(_compiled(function, wrt)(dict(arguments), ybar))

    def missing(self, ability: str) -> str:
        if ability == "compiled_vjp" and shutil.which("g++") is None:
            return "mx.compile makes machine code on the CPU by g++, and there is no g++"
        return ""


@functools.lru_cache(maxsize=32)
def _compiled(function: Function, wrt: tuple[str, ...]) -> Callable[..., Any]:
    return mx.compile(value_and_gradients(function, wrt))
