"""The regime *axis*: the same numbers on both sides of 0, for every element-wise function."""

from __future__ import annotations

import numpy as np

AXIS = "axis"
"""The regime's name. A case of ``len(POINTS)`` entries has each of them once."""


def _side() -> list[float]:
    """The numbers above 0: closer together where functions bend and saturate."""
    near = [10.0**k for k in (-8, -6)]
    small = [10.0 ** (k / 2) for k in range(-8, -4)]
    bending = [10.0 ** (k / 6) for k in range(-12, 19)]
    far = [10.0 ** (k / 2) for k in (7, 8)]
    return near + small + bending + far


POINTS = np.array([*(-x for x in reversed(_side())), 0.0, *_side()])
"""From −10⁴ to 10⁴, which every type reaches: what saturates or overflows for good has done so."""


def points(shape: tuple[int, ...]) -> np.ndarray:
    """The numbers from the lowest on, in that shape; after the last comes the first."""
    return np.resize(POINTS, shape)
