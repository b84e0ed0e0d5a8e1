"""PaddlePaddle on the CPU: dynamic graph, reverse mode by ``paddle.grad``."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..protocol import Backend, Function
from . import arrays
from .native import NATIVE
from .quietly import Tensor, paddle


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
        return _value_and_gradients(function(**_with_leaves(arguments, wrt)), arguments, wrt, ybar)

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
        loss = paddle.sum(ybar * function(**_with_leaves(arguments, tuple(tangents))))
        leaves = [arguments[name] for name in tangents]
        first = paddle.grad([loss], leaves, create_graph=True)
        along = paddle.add_n(
            [paddle.sum(g * v) for g, v in zip(first, tangents.values(), strict=True)]
        )
        second = [None] * len(leaves)
        if not along.stop_gradient:  # else linear
            second = paddle.grad([along], leaves, allow_unused=True)
        return {
            name: paddle.zeros_like(arguments[name]) if g is None else g
            for name, g in zip(tangents, second, strict=True)
        }

    def compiled_vjp(
        self,
        function: Function,
        arguments: Mapping[str, Tensor],
        wrt: tuple[str, ...],
        ybar: Tensor,
    ) -> tuple[Tensor, dict[str, Tensor]]:
        y = _compiled(function)(_with_leaves(arguments, wrt))
        return _value_and_gradients(y, arguments, wrt, ybar)

    def accumulated_vjp(
        self,
        function: Function,
        arguments: Mapping[str, Tensor],
        wrt: tuple[str, ...],
        ybar: Tensor,
    ) -> tuple[Tensor, dict[str, Tensor | None]]:
        for cotangent in ybar:
            y = function(**_with_leaves(arguments, wrt))
            y.backward(cotangent)
        return y, {name: arguments[name].grad for name in wrt}

    def laid_out(self, x: Tensor, layout: str) -> Tensor:
        return arrays.laid_out(x, layout)

    def same_memory(self, x: Tensor) -> Tensor:
        return x.detach()  # the very same tensor would be one leaf, whose gradients add up


def _with_leaves(arguments: Mapping[str, Tensor], names: tuple[str, ...]) -> dict[str, Tensor]:
    """The arguments, of which those named are from now on to be differentiated."""
    for name in names:
        arguments[name].stop_gradient = False
    return dict(arguments)


def _value_and_gradients(
    y: Tensor, arguments: Mapping[str, Tensor], wrt: tuple[str, ...], ybar: Tensor
) -> tuple[Tensor, dict[str, Tensor]]:
    gradients = paddle.grad([y], [arguments[name] for name in wrt], [ybar])
    return y, dict(zip(wrt, gradients, strict=True))


@functools.lru_cache(maxsize=32)
def _compiled(function: Function) -> Callable[[dict[str, Tensor]], Tensor]:
    """The whole function as one static graph; one that breaks raises."""

    def whole(arguments: dict[str, Tensor]) -> Tensor:
        return function(**arguments)

    return paddle.jit.to_static(whole, full_graph=True)
