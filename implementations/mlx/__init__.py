"""MLX on the CPU: reverse mode by ``mx.vjp``, every operation by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

import mlx.core as mx
import numpy as np

from ..protocol import Backend, Function
from . import arrays
from .native import NATIVE
from .second_order import BY_NESTING

mx.set_default_device(mx.cpu)  # float64 is there only


class MLX(Backend):
    """MLX on the CPU, reverse mode, not compiled; what it leaves undone is computed at once."""

    name = "mlx"
    dtypes = ("float64", "float32", "float16", "bfloat16")
    native = NATIVE
    nestings = tuple(BY_NESTING)
    layouts = ("transposed", "strided", "reversed", "offset", "expanded")
    own_process = True  # a division by no rows, in its attention, ended the interpreter

    @property
    def namespace(self) -> Any:
        return arrays.NAMESPACE

    @property
    def version(self) -> str:
        return version("mlx")

    def from_numpy(self, x: np.ndarray) -> mx.array:
        return arrays.from_numpy(x)

    def to_numpy(self, x: mx.array) -> np.ndarray:
        return arrays.to_numpy(x)

    def vjp(
        self,
        function: Function,
        arguments: Mapping[str, mx.array],
        wrt: tuple[str, ...],
        ybar: mx.array,
    ) -> tuple[mx.array, dict[str, mx.array]]:
        return computed(value_and_gradients(function, wrt)(dict(arguments), ybar))

    def jvp(
        self,
        function: Function,
        arguments: Mapping[str, mx.array],
        tangents: Mapping[str, mx.array],
    ) -> tuple[mx.array, mx.array]:
        of_wrt = _of(function, dict(arguments), tuple(tangents))
        x = [arguments[name] for name in tangents]
        values, slopes = mx.jvp(of_wrt, x, list(tangents.values()))
        return computed((values[0], slopes[0]))

    def hvp(
        self,
        nesting: str,
        function: Function,
        arguments: Mapping[str, mx.array],
        ybar: mx.array,
        tangents: Mapping[str, mx.array],
    ) -> dict[str, mx.array]:
        of_wrt = _of(function, dict(arguments), tuple(tangents))
        x = [arguments[name] for name in tangents]
        product = BY_NESTING[nesting]
        found = product(lambda *at: mx.sum(ybar * of_wrt(*at)), x, list(tangents.values()))
        return computed(dict(zip(tangents, found, strict=True)))

    def batched_vjp(
        self,
        function: Function,
        arguments: Mapping[str, mx.array],
        wrt: tuple[str, ...],
        ybar: mx.array,
    ) -> tuple[mx.array, dict[str, mx.array]]:
        return computed(mx.vmap(value_and_gradients(function, wrt))(dict(arguments), ybar))

    def laid_out(self, x: mx.array, layout: str) -> mx.array:
        return arrays.laid_out(x, layout)

    def same_memory(self, x: mx.array) -> mx.array:
        return x


def _of(
    function: Function, arguments: dict[str, mx.array], wrt: tuple[str, ...]
) -> Callable[..., mx.array]:
    """The function of the named arguments alone, in order, as MLX's transformations want it."""
    return lambda *at: function(**{**arguments, **dict(zip(wrt, at, strict=True))})


def value_and_gradients(function: Function, wrt: tuple[str, ...]) -> Callable[..., Any]:
    """A function of (arguments, ȳ), to be batched, compiled or neither."""

    def of_both(arguments: dict[str, mx.array], ybar: mx.array) -> Any:
        x = [arguments[name] for name in wrt]
        values, found = mx.vjp(_of(function, arguments, wrt), x, [ybar])
        return values[0], dict(zip(wrt, found, strict=True))

    return of_both


def computed(answer: Any) -> Any:
    """MLX computes when it is asked for numbers; an error belongs to the call that made it."""
    mx.eval(answer)
    return answer
