"""Where the time goes: ``python -m gradient_conformance.benchmarks.speed [BACKEND …]``.

Milliseconds of this machine, in this run; compare the columns, not two machines. An expected value
is computed once per case, for all backends; a backend's call is timed for a shape that it sees for
the first time, and for new values in a shape that it knows.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

from ..identities import CATALOGUE
from ..implementations.implementation import implementations_of
from ..implementations.loading import load
from ..implementations.protocol import Backend
from ..laws.cases import Case, expected
from ..laws.shape_pool import shapes_of
from ..laws.strategies import static_choices

SHAPES, VALUES = 6, 8


def milliseconds(function: Callable[..., object], *arguments: object) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    function(*arguments)
    return (time.perf_counter() - start) * 1e3


def cases_of(identity: str, dtype: str) -> list[list[Case]]:
    """Some shapes, and some values in each."""
    static = static_choices(identity)[0]
    return [
        [Case(identity, dtype, sizes, static, "ordinary", seed) for seed in range(VALUES)]
        for sizes in shapes_of(identity, SHAPES, 0)
    ]


def expected_times(dtype: str) -> list[float]:
    """Time of an expected value with its tolerance, the median of each identity."""
    return [
        statistics.median(
            milliseconds(expected, case, case.cotangent())
            for cases in cases_of(name, dtype)
            for case in cases
        )
        for name in CATALOGUE
    ]


def call_times(backend: Backend, route: str, dtype: str) -> tuple[list[float], list[float]]:
    """Time of a call for a new shape, and for new values, the medians of each identity."""
    new_shape, new_value = [], []
    for name, identity in CATALOGUE.items():
        wrt = tuple(identity.gradients)
        for implementation in implementations_of(backend, name, identity.forward):
            if implementation.route != route or not implementation.supported:
                continue
            first: list[float] = []
            later: list[float] = []
            for cases in cases_of(name, dtype):
                for turn, case in enumerate(cases):
                    if 0 in case.cotangent().shape or 0 in dict(case.sizes).values():
                        continue
                    given = case.arguments(), wrt, case.cotangent(), case.parameters
                    took = milliseconds(implementation.vjp, *given)
                    (later if turn else first).append(took)
            new_shape.append(statistics.median(first))
            new_value.append(statistics.median(later))
    return new_shape, new_value


def main(names: list[str]) -> None:
    """Print a table."""
    print(f"{'milliseconds':34}{'median':>9}{'largest':>9}   over the identities")
    for dtype in ("float64", "float32", "bfloat16"):
        row(f"expected value, {dtype}", expected_times(dtype))
    for name in names or ["numpy", "jax", "torch"]:
        backend = load(name)
        for route in ("composed", "native"):
            if route == "native" or backend.namespace is not None:
                first, later = call_times(backend, route, "float32")
                row(f"{name} {route}, new shape", first)
                row(f"{name} {route}, new values", later)


def row(title: str, times: list[float]) -> None:
    """One line of the table."""
    print(f"{title:34}{statistics.median(times):9.2f}{max(times):9.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
