"""Adapters that are wrong on purpose: what each law must catch.

Each wraps the NumPy backend and spoils one thing. ``--backend`` can name them, as in
``gradient_conformance.tests.implementations.broken:Zeros``.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np

from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.implementations.protocol import Backend, Function


class Nothing(Backend):
    """Implements nothing: claims every identity and has no method."""

    name = "nothing"
    dtypes = ("float64",)
    native = NumPy.native


def spoiled(
    adapter: str, spoil: Callable[[Any, dict[str, np.ndarray], Mapping[str, np.ndarray]], Any]
) -> type[NumPy]:
    """A NumPy adapter whose answer goes through ``spoil(value, gradients, arguments)``."""

    class Spoiled(NumPy):
        name = adapter

        def vjp(self, function, arguments, wrt, ybar):
            value, gradients = super().vjp(function, arguments, wrt, ybar)
            return spoil(value, dict(gradients), arguments)

    Spoiled.__name__ = Spoiled.__qualname__ = adapter
    return Spoiled


def each(change: Callable[[np.ndarray], Any]) -> Callable[..., Any]:
    """Change every gradient by itself."""
    return lambda value, gradients, arguments: (
        value,
        {name: change(np.asarray(g)) for name, g in gradients.items()},
    )


def mutate(value: Any, gradients: dict[str, np.ndarray], arguments: Mapping[str, Any]) -> Any:
    """Write into every floating-point argument."""
    for x in arguments.values():
        if x.dtype.kind == "f":
            x += 1
    return value, gradients


def raise_error(value: Any, gradients: dict[str, np.ndarray], arguments: Any) -> Any:
    raise RuntimeError("no kernel for this shape")


def leave(value: Any, gradients: dict[str, np.ndarray], arguments: Any) -> Any:
    sys.exit(0)


def hang(value: Any, gradients: dict[str, np.ndarray], arguments: Any) -> Any:
    time.sleep(3600)


def without_one(value: Any, gradients: dict[str, np.ndarray], arguments: Any) -> Any:
    gradients.popitem()
    return value, gradients


_calls = [0]


def different_each_time(value: Any, gradients: dict[str, np.ndarray], arguments: Any) -> Any:
    _calls[0] += 1
    nudge = 1 + (_calls[0] % 2) * 2.0**-52
    return value, {name: np.asarray(g * nudge, g.dtype) for name, g in gradients.items()}


Zeros = spoiled("zeros", each(np.zeros_like))
ScaledByBillionth = spoiled("scaled", each(lambda g: np.asarray(g * (1 + 1e-9), g.dtype)))
WrongShape = spoiled("wrong_shape", each(lambda g: g[None]))
WrongType = spoiled("wrong_type", each(lambda g: g.astype(np.float16)))
NotANumber = spoiled("not_a_number", each(lambda g: np.full_like(g, np.nan)))
ForeignArray = spoiled("foreign_array", each(lambda g: g.tolist()))
Mutating = spoiled("mutating", mutate)
Raising = spoiled("raising", raise_error)
Leaving = spoiled("leaving", leave)
ComplexNumbers = spoiled("complex_numbers", each(lambda g: g.astype(complex)))
Hanging = spoiled("hanging", hang)
MissingGradient = spoiled("missing_gradient", without_one)
NotAPair = spoiled("not_a_pair", lambda value, gradients, arguments: value)
Inconstant = spoiled("inconstant", different_each_time)
Negated = spoiled("negated", each(np.negative))
ValueOff = spoiled("value_off", lambda value, gradients, arguments: (value * (1 + 1e-9), gradients))


class Dying(NumPy):
    """Ends the process, as code does that reads memory which is not its own."""

    name = "dying"

    def vjp(self, function, arguments, wrt, ybar):
        os.abort()


class DyingTwiceDifferentiated(NumPy):
    """Ends the process where a second derivative is asked for, over reverse mode."""

    name = "dying_twice_differentiated"
    nestings = ("reverse over reverse", "forward over forward")

    def hvp(self, nesting, function, arguments, ybar, tangents):
        if nesting == "reverse over reverse":
            os.abort()
        return {name: np.zeros_like(arguments[name]) for name in tangents}


class IgnoresCotangent(NumPy):
    """The cotangent is taken to be ones."""

    name = "ignores_cotangent"

    def vjp(self, function, arguments, wrt, ybar):
        return super().vjp(function, arguments, wrt, np.ones_like(ybar))


class WithoutCopies(NumPy):
    """Hands the caller's own arrays to the kernel, which writes into the cotangent."""

    name = "without_copies"

    def from_numpy(self, x):
        return x

    def vjp(self, function, arguments, wrt, ybar):
        answer = super().vjp(function, arguments, wrt, ybar)
        ybar *= 0
        return answer


class SinglePrecision(NumPy):
    """Computes float64 in float32 inside."""

    name = "single_precision"

    def vjp(self, function, arguments, wrt, ybar):
        def down(x):
            return x.astype(np.float32) if x.dtype == np.float64 else x

        value, gradients = super().vjp(
            function, {name: down(x) for name, x in arguments.items()}, wrt, down(ybar)
        )
        return np.float64(value), {name: g.astype(ybar.dtype) for name, g in gradients.items()}


class OneInput(NumPy):
    """Right but for one number of bfloat16, whose gradient is that of its opposite."""

    name = "one_input"
    dtypes = (*NumPy.dtypes, "bfloat16")  # type: ignore[assignment]
    number = 123207680.0

    def vjp(self, function, arguments, wrt, ybar):
        value, gradients = super().vjp(function, arguments, wrt, ybar)
        odd = {name: np.asarray(x, np.float64) == self.number for name, x in arguments.items()}
        _, mirrored = super().vjp(function, {k: -x for k, x in arguments.items()}, wrt, ybar)
        return value, {name: np.where(odd[name], mirrored[name], gradients[name]) for name in wrt}


class Cancelling(NumPy):
    """Keeps every law, and loses digits: the slope of sigmoid as s (1 − s), from a rounded s."""

    name = "cancelling"

    def vjp(self, function, arguments, wrt, ybar):
        value, gradients = super().vjp(function, arguments, wrt, ybar)
        s = np.asarray(value)
        return value, dict.fromkeys(gradients, ybar * s * (1 - s))


class OffOnTheSecond(NumPy):
    """Right on the first of two devices; on the second, gradients are doubled."""

    name = "off"

    @property
    def devices(self) -> tuple[str, ...]:
        return ("toy:0", "toy:1")

    def placed(self) -> AbstractContextManager[Any]:
        return nullcontext()

    def vjp(
        self, function: Function, arguments: Mapping[str, Any], wrt: tuple[str, ...], ybar: Any
    ) -> tuple[Any, dict[str, Any]]:
        value, gradients = super().vjp(function, arguments, wrt, ybar)
        factor = 2 if self.device == "toy:1" else 1
        return value, {name: factor * g for name, g in gradients.items()}
