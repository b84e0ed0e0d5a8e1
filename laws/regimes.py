"""Regimes: how the entries of an array are distributed."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from ..oracles.machine import MACHINES


def _ordinary(rng: np.random.Generator, shape: tuple[int, ...], reach: float) -> np.ndarray:
    return rng.standard_normal(shape) * 2.0 ** rng.integers(-2, 3)


def _exponents(rng: np.random.Generator, shape: tuple[int, ...], reach: float) -> np.ndarray:
    return rng.standard_normal(shape) * 10 ** rng.uniform(-2, 1.5)


def _wide(rng: np.random.Generator, shape: tuple[int, ...], reach: float) -> np.ndarray:
    return rng.choice([-1.0, 1.0], shape) * 10 ** rng.uniform(-reach, reach, shape)


def _special(rng: np.random.Generator, shape: tuple[int, ...], reach: float) -> np.ndarray:
    points = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 2.0, -2.0, 3.0, 10.0, -10.0, 30.0, -30.0]
    return rng.choice(points, shape)


def _ties(rng: np.random.Generator, shape: tuple[int, ...], reach: float) -> np.ndarray:
    return rng.integers(-1, 2, shape) * rng.choice([0.25, 1.0, 3.0])


def _large(rng: np.random.Generator, shape: tuple[int, ...], reach: float) -> np.ndarray:
    return rng.standard_normal(shape) * 10 ** rng.uniform(1.0, reach)


def _small(rng: np.random.Generator, shape: tuple[int, ...], reach: float) -> np.ndarray:
    return rng.standard_normal(shape) / 8


def _extreme(rng: np.random.Generator, shape: tuple[int, ...], reach: float) -> np.ndarray:
    """Near the largest number, below the smallest normal one, or one entry above all others."""
    x = rng.standard_normal(shape)
    kind = rng.choice(["huge", "tiny", "dominating"])
    if kind == "huge":
        x /= np.max(np.abs(x), initial=1.0)  # so that none is clipped
        return x * 10 ** (reach * rng.uniform(0.3, 0.98))
    if kind == "tiny":
        return x * 10 ** (-reach * rng.uniform(0.5, 1.04))
    if x.size:
        x.flat[rng.integers(x.size)] = rng.choice([-1, 1]) * 10 ** (reach * rng.uniform(0.1, 0.98))
    return x


REGIMES: dict[str, Callable[[np.random.Generator, tuple[int, ...], float], np.ndarray]] = {
    "ordinary": _ordinary,
    "exponents": _exponents,
    "special": _special,
    "ties": _ties,
    "wide": _wide,
    "large": _large,
    "extreme": _extreme,
}
"""How entries are distributed. N(0, 1) alone finds almost none of the real defects. Beside these
there is *every*, all numbers of a 16-bit type in order, for element-wise functions."""

SMALL = "small"
"""The regime of long rows, where sums of ordinary numbers would saturate what takes them."""

LITERAL = "literal"
"""The regime of a case that says every number: entries that it does not inject are 1, and the
conditions on arguments that have a gradient are not held to."""

REACH = {"float64": 6.0, "float32": 4.0, "float16": 1.5, "bfloat16": 4.0}
"""Decades to either side of 1 that the regimes *wide* and *large* span, per type."""


def entries(
    regime: str, rng: np.random.Generator, shape: tuple[int, ...], dtype: str
) -> np.ndarray:
    """Draw an array of this shape in float64, before it is rounded to the type; ones if literal."""
    if regime == LITERAL:
        return np.ones(shape)
    reach = math.log10(MACHINES[dtype].largest) if regime == "extreme" else REACH[dtype]
    draw = _small if regime == SMALL else REGIMES[regime]
    return np.asarray(draw(rng, shape, reach), np.float64)
