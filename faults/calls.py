"""Faults that show from one call to the next, or in what a call leaves behind."""

from __future__ import annotations

import contextlib
import sys
from typing import Any

import numpy as np

from ..implementations.protocol import Backend
from .declaration import fault, gradient_fault
from .kinds import depends_on_arguments, has_a_matrix


def _writes_in_place(backend: Backend) -> bool:
    """Whether its arrays can be written into, and laid out: NumPy's and PyTorch's."""
    return bool(backend.layouts)


def _shapes(call) -> Any:
    return call.static, tuple((x.shape, x.dtype) for x in call.arguments.values())


@gradient_fault("the derivative is taken where the first call was: a stale cache",
                applies=depends_on_arguments)  # fmt: skip
def stale_forward(call, g, name):
    first = call.memory.setdefault(("arguments", _shapes(call)), call.arguments)
    return call.gradient(name, arguments=first)


@gradient_fault("the second call returns the first call's gradient")
def first_gradient_again(call, g, name):
    return call.memory.setdefault(("gradient", _shapes(call)), g)


@gradient_fault("another answer each time, by one unit in the last place")
def not_deterministic(call, g, name):
    call.memory["turn"] = call.memory.get("turn", 0) + 1
    return np.nextafter(g, g.dtype.type(np.inf)) if call.memory["turn"] % 2 else g


@fault("the inputs are written into", raw=True, suits=_writes_in_place)
def inputs_mutated(call):
    answer = call.answered()
    with _no_gradients():
        for x in call.given.values():
            if _is_real(x):
                x += 1
    return answer


@fault("the gradient is written over its argument, and that array is returned", raw=True,
       suits=_writes_in_place)  # fmt: skip
def gradient_over_its_argument(call):
    value, gradients = call.answered()
    with _no_gradients():
        for name in gradients:
            x = call.given[name]
            x[...] = gradients[name]
    return value, {name: call.given[name] for name in gradients}


SAME_TRANSPOSED = {
    "trace": "the transposed matrix has the same trace, and the same gradient",
    "quadratic_form": "Aᵀ has the same quadratic form as A, and the same gradients",
    "gaussian_log_likelihood": "S is symmetric: it is the same by rows and by columns",
}
"""Where reading a matrix by columns makes no difference."""


@fault("memory that is not in row-major order is read as if it were", raw=True,
       suits=_writes_in_place, applies=has_a_matrix, equivalent=SAME_TRANSPOSED)  # fmt: skip
def memory_order_ignored(call):
    """What lies in memory column by column is read row by row."""
    misread = {name: _misread(x) for name, x in call.given.items()}
    return call.of.backend.vjp(
        call.of.function(call.static), misread, call.wrt, _misread(call.given_ybar)
    )


def _misread(x: Any) -> Any:
    strides = x.stride() if callable(getattr(x, "stride", None)) else x.strides
    if len(x.shape) < 2 or not 0 < strides[0] < strides[-1]:
        return x
    turned = x.permute(*reversed(range(x.ndim))) if hasattr(x, "permute") else x.T
    return turned.reshape(x.shape)


def _is_real(x: Any) -> bool:
    return "float" in str(x.dtype)


def _no_gradients() -> Any:
    """PyTorch refuses to write into an array that it differentiates; NumPy does not care."""
    torch = sys.modules.get("torch")
    return torch.no_grad() if torch is not None else contextlib.nullcontext()
