"""The arguments of a point as balls: the point itself, or what a rounding makes of it."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..identities.declaration import Identity
from .balls import BallArray, lift
from .differentiated import Slopes
from .machine import Machine, is_discrete
from .off_kinks import ONE_SIDED, OffKinks, off_kinks


class Surroundings:
    """The arguments of a point, and what is near them, as balls; each is lifted once.

    ``near`` is how many roundings from a kink an entry still counts as on it. ``slopes`` keeps the
    Jacobians of the forward, by argument and by whether that is known to one rounding only: they
    are the same for every cotangent.
    """

    def __init__(
        self, identity: Identity, arguments: Mapping[str, np.ndarray], machine: Machine, near: float
    ) -> None:
        self.identity, self.arguments, self.machine = identity, arguments, machine
        self.slopes: dict[tuple[str, bool], Slopes] = {}
        self._near = near
        self._exact_names = {c.argument for c in identity.domain if c.exact}

    def within(
        self, u: float, keep_kinks: bool = False, flushed: bool | None = None
    ) -> dict[str, Any]:
        """The arguments as balls of a relative radius; what is exact by its domain stays so.

        With ``keep_kinks``, and a radius, entries near a kink are on it, without a radius.
        ``flushed``: subnormal numbers may be read as 0; without a word, where there is a radius.
        """
        return dict(_lifted(self, u, keep_kinks, bool(u) if flushed is None else flushed))

    def lift_one(self, name: str, x: np.ndarray, u: float, keep_kinks: bool, flush: bool) -> Any:
        """One argument as balls, as ``within`` has it."""
        if is_discrete(x):
            return x
        magnitude = np.abs(np.asarray(x, np.float64))
        # Processors may be set to read numbers below the smallest normal one as zero.
        subnormal = np.where(magnitude < self.machine.smallest, magnitude, 0.0) if flush else 0.0
        if name in self._exact_names:
            magnitude = np.zeros_like(magnitude)
        elif name in self.identity.normwise:
            magnitude = np.full_like(magnitude, magnitude.max(initial=0.0))
        radius = u * magnitude + subnormal
        if keep_kinks and u:
            x, on = self.off_kinks.arguments[name], self.off_kinks.on[name]
            radius = np.where(on, 0.0, radius)
        return lift(x, radius)

    @functools.cached_property
    def off_kinks(self) -> OffKinks:
        """The kinks and ties at the point, and the ways off them."""
        return off_kinks(self.identity, self.arguments, self.machine, self._near)

    def moved(self, way: Mapping[str, np.ndarray]) -> dict[str, Any]:
        """The arguments, moved by a step off the kinks where it is not zero."""
        moved = self.within(0.0)
        for name, step in way.items():
            x = np.where(step != 0, self.off_kinks.arguments[name], self.arguments[name])
            moved[name] = lift(x) + lift(step * ONE_SIDED)
        return moved


@functools.lru_cache(maxsize=64)  # few: balls take a hundred bytes each
def _lifted(
    near: Surroundings, u: float, keep_kinks: bool, flush: bool
) -> Mapping[str, BallArray | np.ndarray]:
    given = near.arguments.items()
    return {name: near.lift_one(name, x, u, keep_kinks, flush) for name, x in given}
