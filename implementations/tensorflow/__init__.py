"""TensorFlow: eager mode, reverse mode by ``tf.GradientTape``."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..devices import PROCESSOR, device_of, kind_of
from ..protocol import Backend, Function
from . import namespace, second_order
from .devices import devices, tensor_float
from .native import NATIVE
from .quiet import tf


class TensorFlow(Backend):
    """TensorFlow, eager mode, reverse mode by a tape, forward mode by an accumulator."""

    name = "tensorflow"
    dtypes = ("float64", "float32", "float16", "bfloat16")
    native = NATIVE
    nestings = tuple(second_order.BY_NESTING)
    own_process = True  # some convolutions and graphs end the interpreter

    @property
    def namespace(self) -> Any:
        return namespace

    @property
    def version(self) -> str:
        return str(tf.__version__)

    @property
    def devices(self) -> tuple[str, ...]:
        return tuple(devices())

    def placed(self) -> Any:
        return tf.device(devices()[self.device])

    def product_bits(self, dtype: str, primitive: str = "") -> int | None:
        on_processor = kind_of(device_of(self)) == PROCESSOR
        return 11 if dtype == "float32" and not on_processor and tensor_float() else None

    def from_numpy(self, x: np.ndarray) -> Any:
        return tf.constant(x.copy())  # a copy of its own, should TensorFlow take over the memory

    def to_numpy(self, x: Any) -> np.ndarray:
        return np.array(x.numpy())

    def vjp(
        self, function: Function, arguments: Mapping[str, Any], wrt: tuple[str, ...], ybar: Any
    ) -> tuple[Any, dict[str, Any]]:
        return second_order.value_and_gradients(function, wrt)(arguments, ybar)

    def jvp(
        self, function: Function, arguments: Mapping[str, Any], tangents: Mapping[str, Any]
    ) -> tuple[Any, Any]:
        return second_order.value_and_slope(function, arguments, tangents)

    def hvp(
        self,
        nesting: str,
        function: Function,
        arguments: Mapping[str, Any],
        ybar: Any,
        tangents: Mapping[str, Any],
    ) -> dict[str, Any]:
        loss = second_order.weighted(function, arguments, ybar)
        x = {name: arguments[name] for name in tangents}
        return second_order.BY_NESTING[nesting](loss, x, tangents)

    def batched_vjp(
        self, function: Function, arguments: Mapping[str, Any], wrt: tuple[str, ...], ybar: Any
    ) -> tuple[Any, dict[str, Any]]:
        return _traced(function, wrt, dict(arguments), ybar, batched=True)

    def compiled_vjp(
        self, function: Function, arguments: Mapping[str, Any], wrt: tuple[str, ...], ybar: Any
    ) -> tuple[Any, dict[str, Any]]:
        return _traced(function, wrt, dict(arguments), ybar)

    def same_memory(self, x: Any) -> Any:
        return tf.identity(x)  # the very same tensor would be one source, whose gradients add up


def _traced(
    function: Function,
    wrt: tuple[str, ...],
    arguments: dict[str, Any],
    ybar: Any,
    batched: bool = False,
) -> Any:
    """Value and gradients by a graph, made once for these shapes and types.

    XLA compiles that of one point. TensorFlow's own rewriting of graphs ends the process where a
    matrix product with an inner dimension of 0 has a bias.
    """
    specified = tuple((name, x.shape, x.dtype) for name, x in arguments.items())
    graph = _graph(function, wrt, specified, (ybar.shape, ybar.dtype), batched)
    return graph(arguments, ybar)


@functools.lru_cache(maxsize=32)  # graphs are large; one identity is tried at a time
def _graph(
    function: Function, wrt: tuple[str, ...], arguments: Any, ybar: Any, batched: bool
) -> Any:
    """A graph of (arguments, ȳ) of these shapes and types, or of many points at once."""
    of_point = second_order.value_and_gradients(function, wrt)

    def of_points(arguments: Mapping[str, Any], ybar: Any) -> Any:
        return tf.vectorized_map(lambda point: of_point(*point), (arguments, ybar))

    traced = tf.function(
        of_points if batched else of_point, autograph=False, jit_compile=not batched
    )
    return traced.get_concrete_function(
        {name: tf.TensorSpec(shape, dtype) for name, shape, dtype in arguments},
        tf.TensorSpec(*ybar),
    )
