"""TensorFlow: derivatives by tapes and accumulators, and second ones by nesting them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..protocol import Function
from .arrays import applied
from .quiet import tf

Tensors = Mapping[str, Any]
Loss = Callable[[Tensors], Any]
ZERO = tf.UnconnectedGradients.ZERO


def value_and_gradients(function: Function, wrt: tuple[str, ...]) -> Any:
    """A function of (arguments, ȳ), to be compiled or not."""

    def of_both(arguments: Tensors, ybar: Any) -> tuple[Any, dict[str, Any]]:
        x = {name: arguments[name] for name in wrt}
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = applied(function, arguments)
        return y, _dense(tape.gradient(y, x, ybar, ZERO))

    return of_both


def value_and_slope(function: Function, arguments: Tensors, v: Tensors) -> tuple[Any, Any]:
    """The value and J v, by forward mode."""
    x = {name: arguments[name] for name in v}
    with tf.autodiff.ForwardAccumulator(list(x.values()), list(v.values())) as accumulator:
        y = applied(function, arguments)
    return y, accumulator.jvp(y, ZERO)


def weighted(function: Function, arguments: Tensors, ybar: Any) -> Loss:
    """⟨ȳ, f⟩ as a function of the arguments that are differentiated."""
    return lambda x: tf.reduce_sum(ybar * applied(function, {**arguments, **x}))


def reverse_over_reverse(loss: Loss, x: Tensors, v: Tensors) -> dict[str, Any]:
    with tf.GradientTape() as outer:
        outer.watch(x)
        along = _inner(_gradient(loss, x), v)
    return _dense(outer.gradient(along, x, None, ZERO))


def forward_over_reverse(loss: Loss, x: Tensors, v: Tensors) -> dict[str, Any]:
    with tf.autodiff.ForwardAccumulator(list(x.values()), list(v.values())) as accumulator:
        gradient = _gradient(loss, x)
    return {name: accumulator.jvp(g, ZERO) for name, g in gradient.items()}


def reverse_over_forward(loss: Loss, x: Tensors, v: Tensors) -> dict[str, Any]:
    with tf.GradientTape() as outer:
        outer.watch(x)
        along = _slope(loss, x, v)
    return _dense(outer.gradient(along, x, None, ZERO))


BY_NESTING: dict[str, Callable[[Loss, Tensors, Tensors], dict[str, Any]]] = {
    "reverse over reverse": reverse_over_reverse,
    "forward over reverse": forward_over_reverse,
    "reverse over forward": reverse_over_forward,
}
"""Not forward over forward: in eager mode an accumulator inside another one is wrong where an
intermediate result is used twice (https://github.com/tensorflow/tensorflow/issues/127753), and in
a graph it raises IndexError where a function chooses by tf.where."""


def _gradient(loss: Loss, x: Tensors) -> dict[str, Any]:
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = loss(x)
    return _dense(tape.gradient(y, x, None, ZERO))


def _slope(loss: Loss, x: Tensors, v: Tensors) -> Any:
    with tf.autodiff.ForwardAccumulator(list(x.values()), list(v.values())) as accumulator:
        y = loss(x)
    return accumulator.jvp(y, ZERO)


def _dense(gradients: Tensors) -> dict[str, Any]:
    """The gradient of a look-up comes as rows with their indices; one that comes twice adds up."""
    return {name: tf.convert_to_tensor(g) for name, g in gradients.items()}


def _inner(a: Tensors, b: Tensors) -> Any:
    return tf.add_n([tf.reduce_sum(a[name] * b[name]) for name in b])
