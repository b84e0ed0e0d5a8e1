"""PaddlePaddle on the CPU: dynamic graph, reverse mode by ``paddle.grad``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ..protocol import Backend, Function
from . import arrays
from .arrays import Tensor, paddle
from .native import NATIVE


class Paddle(Backend):
    """PaddlePaddle, dynamic graph, reverse mode.

    float16 and bfloat16 are left out: the CPU has no kernels in them for matrix products,
    exponentials, logarithms and most gradients. Forward mode there is none in the dynamic graph:
    ``paddle.incubate.autograd.jvp`` goes backwards twice.
    """

    name = "paddle"
    dtypes = ("float64", "float32")
    native = NATIVE
    nestings = ("reverse over reverse",)
    layouts = ("transposed", "strided", "offset")

    @property
    def namespace(self) -> Any:
        return arrays.NAMESPACE

    @property
    def version(self) -> str:
        return str(paddle.__version__)

    def from_numpy(self, x: np.ndarray) -> Tensor:
        return arrays.from_numpy(x)

    def to_numpy(self, x: Tensor) -> np.ndarray:
        return arrays.to_numpy(x)

    def vjp(
        self,
        function: Function,
        arguments: Mapping[str, Tensor],
        wrt: tuple[str, ...],
        ybar: Tensor,
    ) -> tuple[Tensor, dict[str, Tensor]]:
        leaves = _leaves(arguments, wrt)
        y = function(**arguments)
        gradients = paddle.grad([y], leaves, [ybar])
        return y, dict(zip(wrt, gradients, strict=True))

    def hvp(
        self,
        nesting: str,
        function: Function,
        arguments: Mapping[str, Tensor],
        ybar: Tensor,
        tangents: Mapping[str, Tensor],
    ) -> dict[str, Tensor]:
        if nesting not in self.nestings:
            raise NotImplementedError(f"paddle.grad is reverse mode only, not {nesting}")
        names = tuple(tangents)
        leaves = _leaves(arguments, names)
        loss = paddle.sum(ybar * function(**arguments))
        first = paddle.grad([loss], leaves, create_graph=True, allow_unused=True)
        parts = [paddle.sum(g * tangents[n]) for n, g in zip(names, first, strict=True) if g is not None]
        along = paddle.add_n(parts) if parts else loss.detach()
        if along.stop_gradient:  # linear: no second gradient
            return {name: paddle.zeros_like(x) for name, x in zip(names, leaves, strict=True)}
        second = paddle.grad([along], leaves, allow_unused=True)
        return {
            name: paddle.zeros_like(x) if g is None else g
            for name, x, g in zip(names, leaves, second, strict=True)
        }

    def accumulated_vjp(
        self,
        function: Function,
        arguments: Mapping[str, Tensor],
        wrt: tuple[str, ...],
        ybar: Tensor,
    ) -> tuple[Tensor, dict[str, Tensor | None]]:
        leaves = _leaves(arguments, wrt)
        for cotangent in ybar:
            y = function(**arguments)
            y.backward(cotangent)
        return y, {name: leaf.grad for name, leaf in zip(wrt, leaves, strict=True)}

    def laid_out(self, x: Tensor, layout: str) -> Tensor:
        return arrays.laid_out(x, layout)

    def same_memory(self, x: Tensor) -> Tensor:
        return x.detach()  # the very same tensor would be one leaf, whose gradients add up


def _leaves(arguments: Mapping[str, Tensor], names: tuple[str, ...]) -> list[Tensor]:
    """The named arguments, from now on to be differentiated."""
    for name in names:
        arguments[name].stop_gradient = False
    return [arguments[name] for name in names]
