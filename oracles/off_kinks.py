"""Which entries sit on a kink, for all that a machine can tell, and the steps off it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..identities.declaration import Identity
from .machine import Machine, is_discrete

ONE_SIDED = 2.0**-150
"""How far to step off a kink to see the derivative of one side."""


@dataclass(frozen=True)
class OffKinks:
    """``arguments`` with entries near a kink put on it; ``ways``, the steps to each side by name.

    There are no ways away from kinks. ``on`` says, by argument, which entries sit on a kink.
    """

    arguments: Mapping[str, np.ndarray]
    ways: list[dict[str, np.ndarray]]
    on: Mapping[str, np.ndarray]


def off_kinks(
    identity: Identity, arguments: Mapping[str, np.ndarray], machine: Machine, factor: float
) -> OffKinks:
    """The kinks and ties at a point; an entry within factor · (u |x| + smallest) is on a kink.

    The sum in min(z + 3, 6) may be rounded to 6, and a subnormal number be taken for 0.
    """
    there = {n: x if is_discrete(x) else np.asarray(x, np.float64) for n, x in arguments.items()}
    for name, points in identity.kinks.items():
        x = there[name]
        for point in points:
            near = np.abs(x - point) <= factor * (machine.u * np.abs(x) + machine.smallest)
            there[name] = np.where(near, point, there[name])
    ways = identity.ways_off_kinks(np, there)
    on = {name: np.zeros(x.shape, bool) for name, x in there.items()}
    for way in ways:
        for name, step in way.items():
            on[name] |= step != 0
    return OffKinks(there, ways, on)
