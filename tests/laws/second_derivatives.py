"""An adapter that knows first and second derivatives of two identities, and ways to spoil it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np

from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.implementations.protocol import NESTINGS

Arrays = dict[str, np.ndarray]


class Analytic(NumPy):
    """NumPy with J v and H v of the quadratic form xᵀAx and of the element-wise square."""

    name = "analytic"
    nestings: ClassVar[tuple[str, ...]] = NESTINGS

    def jvp(self, function: Any, arguments: Any, tangents: Any) -> Any:
        value, _ = function(**arguments)
        if "X" in arguments:
            return value, np.asarray(2 * arguments["X"] * tangents["X"])
        A, x, V, v = arguments["A"], arguments["x"], tangents["A"], tangents["x"]
        return value, np.asarray(v @ A @ x + x @ V @ x + x @ A @ v)

    def hvp(self, nesting: str, function: Any, arguments: Any, ybar: Any, tangents: Any) -> Any:
        if "X" in arguments:
            return {"X": np.asarray(2 * ybar * tangents["X"])}
        A, x, V, v = arguments["A"], arguments["x"], tangents["A"], tangents["x"]
        return {
            "A": np.asarray(ybar * (np.outer(v, x) + np.outer(x, v))),
            "x": np.asarray(ybar * ((V + V.T) @ x + (A + A.T) @ v)),
        }


def spoiled(
    jvp: Callable[[Any], Any] = lambda slope: slope,
    hvp: Callable[[str, Arrays], Any] = lambda nesting, products: products,
) -> type[Analytic]:
    """The adapter with J v changed, or H v by a nesting."""

    class Spoiled(Analytic):
        def jvp(self, function: Any, arguments: Any, tangents: Any) -> Any:
            value, slope = super().jvp(function, arguments, tangents)
            return value, jvp(slope)

        def hvp(self, nesting: str, *rest: Any) -> Any:
            return hvp(nesting, super().hvp(nesting, *rest))

    return Spoiled
