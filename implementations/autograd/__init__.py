"""HIPS autograd: NumPy's and SciPy's functions, traced and differentiated as they run."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version

import numpy as np
from autograd import make_jvp, make_vjp

from ..protocol import LAYOUTS, Function
from .arrays import AutogradArrays
from .second_order import BY_NESTING, Arrays, joined, of_moved, parted, weighted


class Autograd(AutogradArrays):
    """HIPS autograd, by ``make_vjp`` and ``make_jvp``."""

    name = "autograd"
    nestings = tuple(BY_NESTING)
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
        x = joined(arguments, wrt)
        with _quiet():
            pullback, value = make_vjp(of_moved(function, arguments, wrt))(x)
            return value, parted(pullback(ybar), wrt)

    def jvp(
        self,
        function: Function,
        arguments: Mapping[str, np.ndarray],
        tangents: Mapping[str, np.ndarray],
    ) -> tuple[np.ndarray, np.ndarray]:
        moved = tuple(tangents)
        x, v = joined(arguments, moved), joined(tangents, moved)
        with _quiet():
            value, slope = make_jvp(of_moved(function, arguments, moved))(x)(v)
        return value, slope

    def hvp(
        self,
        nesting: str,
        function: Function,
        arguments: Mapping[str, np.ndarray],
        ybar: np.ndarray,
        tangents: Mapping[str, np.ndarray],
    ) -> Arrays:
        moved = tuple(tangents)
        x, v = joined(arguments, moved), joined(tangents, moved)
        loss = weighted(of_moved(function, arguments, moved), ybar)
        with _quiet():
            return parted(BY_NESTING[nesting](loss, x, v), moved)


@contextmanager
def _quiet() -> Iterator[None]:
    """An overflow is an infinity in the answer, and a gradient that is 0 is an answer: no news."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Output seems independent of input")
        yield
