"""autograd: Hessian-vector products by each nesting of forward and reverse mode."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import grad, make_jvp

from ..protocol import Function

Arrays = dict[str, np.ndarray]
Point = np.ndarray | Arrays
"""What autograd differentiates for: the array itself where it is one, a dict of several."""


def joined(arrays: Mapping[str, np.ndarray], moved: tuple[str, ...]) -> Point:
    # In a dict gradients are added into zeros of the right type; an array's own may have another.
    return arrays[moved[0]] if len(moved) == 1 else {name: arrays[name] for name in moved}


def parted(x: Any, moved: tuple[str, ...]) -> Arrays:
    return {moved[0]: x} if len(moved) == 1 else x


def of_moved(
    function: Function, arguments: Mapping[str, np.ndarray], moved: tuple[str, ...]
) -> Function:
    """The function of those arguments that move."""

    def moving(at: Any) -> Any:
        x = parted(at, moved)
        return function(**{**arguments, **{name: x[name] for name in moved}})

    return moving


def weighted(function: Function, ybar: np.ndarray) -> Function:
    """⟨ȳ, function⟩."""
    return lambda at: anp.sum(ybar * function(at))


def reverse_over_reverse(loss: Function, x: Point, v: Point) -> Any:
    return grad(lambda at: _inner(grad(loss)(at), v))(x)


def forward_over_reverse(loss: Function, x: Point, v: Point) -> Any:
    return make_jvp(grad(loss))(x)(v)[1]


def reverse_over_forward(loss: Function, x: Point, v: Point) -> Any:
    return grad(lambda at: make_jvp(loss)(at)(v)[1])(x)


def forward_over_forward(loss: Function, x: Point, v: Point) -> Any:
    """Forward mode along v of forward mode along each basis direction, one after the other."""
    arrays = x if isinstance(x, dict) else {"": x}
    products = {name: np.zeros_like(a) for name, a in arrays.items()}
    for name, a in arrays.items():
        for position in np.ndindex(a.shape):
            e = {other: np.zeros_like(b) for other, b in arrays.items()}
            e[name][position] = 1
            basis = e if isinstance(x, dict) else e[""]
            products[name][position] = make_jvp(_slope(loss, basis))(x)(v)[1]
    return products if isinstance(x, dict) else products[""]


def _slope(loss: Function, v: Point) -> Function:
    return lambda at: make_jvp(loss)(at)(v)[1]


def _inner(a: Any, b: Point) -> Any:
    if isinstance(b, dict):
        return sum(anp.sum(a[name] * b[name]) for name in b)
    return anp.sum(a * b)


BY_NESTING = {
    "reverse over reverse": reverse_over_reverse,
    "forward over reverse": forward_over_reverse,
    "reverse over forward": reverse_over_forward,
    "forward over forward": forward_over_forward,
}
