"""HIPS autograd: NumPy's and SciPy's functions, traced and differentiated as they run."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd import grad, make_jvp, make_vjp

from ..protocol import LAYOUTS, Function
from .arrays import AutogradArrays

Arrays = dict[str, np.ndarray]


class Autograd(AutogradArrays):
    """HIPS autograd, by ``make_vjp`` and ``make_jvp`` on a dict of the arguments."""

    name = "autograd"
    nestings = (
        "reverse over reverse",
        "forward over reverse",
        "reverse over forward",
        "forward over forward",
    )
    layouts = LAYOUTS

    @property
    def version(self) -> str:
        return version("autograd")

    def vjp(
        self,
        function: Function,
        arguments: Mapping[str, np.ndarray],
        wrt: tuple[str, ...],
        ybar: np.ndarray,
    ) -> tuple[np.ndarray, Arrays]:
        with _quiet():
            pullback, value = make_vjp(_of(function, arguments))({k: arguments[k] for k in wrt})
            return value, pullback(ybar)

    def jvp(
        self,
        function: Function,
        arguments: Mapping[str, np.ndarray],
        tangents: Mapping[str, np.ndarray],
    ) -> tuple[np.ndarray, np.ndarray]:
        x = {name: arguments[name] for name in tangents}
        with _quiet():
            value, slope = make_jvp(_of(function, arguments))(x)(dict(tangents))
        return value, slope

    def hvp(
        self,
        nesting: str,
        function: Function,
        arguments: Mapping[str, np.ndarray],
        ybar: np.ndarray,
        tangents: Mapping[str, np.ndarray],
    ) -> Arrays:
        along = _of(function, arguments)
        x, v = {name: arguments[name] for name in tangents}, dict(tangents)

        def loss(at: Any) -> Any:
            return anp.sum(ybar * along(at))

        with _quiet():
            if nesting == "reverse over reverse":
                return grad(lambda at: _inner(grad(loss)(at), v))(x)
            if nesting == "forward over reverse":
                return make_jvp(grad(loss))(x)(v)[1]
            if nesting == "reverse over forward":
                return grad(lambda at: make_jvp(loss)(at)(v)[1])(x)
            return _forward_over_forward(loss, x, v)


def _of(function: Function, arguments: Mapping[str, Any]) -> Function:
    """The function of a dict of those arguments that move."""
    return lambda moved: function(**{**arguments, **{name: moved[name] for name in moved}})


def _inner(a: Any, b: Arrays) -> Any:
    return sum(anp.sum(a[name] * b[name]) for name in b)


def _forward_over_forward(loss: Function, x: Arrays, v: Arrays) -> Arrays:
    """Forward mode along v of forward mode along each basis direction, one after the other."""
    products = {name: np.zeros_like(a) for name, a in x.items()}
    for name, a in x.items():
        for position in np.ndindex(a.shape):
            basis = {other: np.zeros_like(b) for other, b in x.items()}
            basis[name][position] = 1
            entry = make_jvp(lambda at, e=basis: make_jvp(loss)(at)(e)[1])(x)(v)[1]
            products[name][position] = entry
    return products


@contextmanager
def _quiet() -> Iterator[None]:
    """An overflow is an infinity in the answer, and a gradient that is 0 is an answer: no news."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Output seems independent of input")
        yield
