"""Along one direction v: the exact J v and H v of an identity, with tolerances that are derived.

J v is the forward function over Taylor series; H v, the Hessian of ⟨ȳ, f⟩ times v, is the
documented gradient over Taylor series. The tolerances come from the same two evaluations in the
machine's own precision, as those of value and gradients do.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping

import numpy as np

from . import ball_namespace as xp
from .balls import BallArray, lift, rad
from .documented_rules import documented_rules
from .expected import Balls, Ends, Expected, Target
from .machine_range import RangeExceeded
from .taylor import derivative, jvp, lines, second_derivative

LEVELS = {
    "native": ("plain", "in range", "documented"),
    "composed": ("plain", "in range", "documented", "swept"),
}
"""What a failure must miss, by route: the Taylor series; the same within the machine's range; the
documented gradients in place of series, row by row for J v, and for H v inside the gradients; for a
backend that differentiates operation by operation, what that may lose, and a range that holds for
it."""


class Directional:
    """J v and H v at the point and with the cotangent of an ``Expected``, along ``tangents``.

    ``tangents`` has an array of the machine's type, of its argument's shape, for each argument
    that has a gradient.
    """

    def __init__(self, expected: Expected, tangents: Mapping[str, np.ndarray]) -> None:
        self.expected = expected
        self.tangents = {name: np.asarray(v, np.float64) for name, v in tangents.items()}
        self._targets = functools.cache(self._target)

    def jvp(self, level: str = "plain") -> Target | None:
        """What J v must be; None where the formula leaves the machine's range."""
        return self._targets(None, level)

    def hvp(self, wrt: str, level: str = "plain") -> Target | None:
        """What H v must be for an argument; None where the formula leaves the machine's range."""
        return self._targets(wrt, level)

    def _target(self, wrt: str | None, level: str) -> Target | None:
        return self._jvp_target(level) if wrt is None else self._hvp_target(wrt, level)

    def _jvp_target(self, level: str) -> Target | None:
        if level == "plain":
            return self._allowing(*self._exact_jvp, self._jvp_radius(bounded=False))
        try:
            radius = self._jvp_radius(bounded=True)
            if level in ("documented", "swept"):
                radius = np.maximum(radius, self._documented_radius)
            if level == "swept":
                self.expected.check_sweep(along=self._farthest)
            return self._allowing(*self._exact_jvp, radius)
        except RangeExceeded:
            return None

    def _hvp_target(self, wrt: str, level: str) -> Target | None:
        low, high = self._exact_hvp
        if level == "plain":
            return self._allowing(low[wrt], high[wrt], self._hvp_radii[wrt])
        try:
            radius = self._hvp_radii_in_range[wrt]
            if level in ("documented", "swept"):
                radius = np.maximum(radius, self._hvp_radii_documented[wrt])
            if level == "swept":
                self.expected.check_sweep(order=2, along=self._farthest)
                radius = np.maximum(radius, self._differentiated_radius(wrt))
        except RangeExceeded:
            return None
        return self._allowing(low[wrt], high[wrt], radius)

    def _allowing(self, low: np.ndarray, high: np.ndarray, radius: np.ndarray) -> Target:
        return self.expected.allowing(low, high, radius)

    @functools.cached_property
    def _exact_jvp(self) -> tuple[np.ndarray, np.ndarray]:
        low, high = self.expected.exact_ends(lambda x: {None: self._slope(x, self.tangents)})
        return low[None], high[None]

    @functools.cached_property
    def _exact_hvp(self) -> Ends:
        ybar = lift(self.expected.ybar)
        return self.expected.exact_ends(lambda x: self._bend(x, self.tangents, ybar))

    def _jvp_radius(self, bounded: bool) -> np.ndarray:
        with self.expected.arithmetic(bounded) as balls:
            return rad(self._slope(balls, self._rounded_tangents()))

    @functools.cached_property
    def _documented_radius(self) -> np.ndarray:
        """What J v loses as the documented gradients' rows ∂yᵢ/∂x times v."""
        shape = self._exact_jvp[0].shape
        radius = np.empty(shape)
        with self.expected.arithmetic(bounded=True) as balls:
            v = self._rounded_tangents()
            for position in np.ndindex(shape):
                row = np.zeros(shape)
                row[position] = 1.0
                pulled = self.expected.pullback(lift(row), balls)
                terms = [xp.sum(pulled[name] * v[name]) for name in v]
                radius[position] = rad(sum(terms[1:], terms[0]))
        return radius

    @functools.cached_property
    def _hvp_radii(self) -> dict[str | None, np.ndarray]:
        return self._hvp_radii_of(bounded=False)

    @functools.cached_property
    def _hvp_radii_in_range(self) -> dict[str | None, np.ndarray]:
        return self._hvp_radii_of(bounded=True)

    @functools.cached_property
    def _hvp_radii_documented(self) -> dict[str | None, np.ndarray]:
        with documented_rules():
            return self._hvp_radii_of(bounded=True)

    def _hvp_radii_of(self, bounded: bool) -> dict[str | None, np.ndarray]:
        ybar, u = self.expected.ybar, self.expected.machine.u
        with self.expected.arithmetic(bounded) as balls:
            bend = self._bend(balls, self._rounded_tangents(), lift(ybar, u * np.abs(ybar)))
            return {name: rad(ball) for name, ball in bend.items()}

    @functools.cached_property
    def _farthest(self) -> float:
        """The largest entry of the direction, and at least 1."""
        return max(1.0, *(float(np.abs(v).max(initial=0.0)) for v in self.tangents.values()))

    def _differentiated_radius(self, wrt: str) -> np.ndarray:
        """What H v of an element-wise function loses as the forward itself, differentiated twice.

        The slope of z / (1 + |z|) is a difference of two terms, and so is its second derivative.
        """
        if not self.expected.identity.elementwise:
            return np.zeros(self.expected.shape(wrt))
        forward, static = self.expected.identity.forward, self.expected.static
        with self.expected.arithmetic(bounded=True, terms=3) as balls:
            bend = second_derivative(forward, balls, wrt, **static)
            return rad(lift(self.expected.ybar) * self._rounded_tangents()[wrt] * bend)

    def _rounded_tangents(self) -> dict[str, BallArray]:
        u = self.expected.machine.u
        return {name: lift(v, u * np.abs(v)) for name, v in self.tangents.items()}

    def _slope(self, arguments: Balls, v: Mapping[str, np.ndarray | BallArray]) -> BallArray:
        """J v."""
        return jvp(self.expected.identity.forward, arguments, v, **self.expected.static)

    def _bend(
        self, arguments: Balls, v: Mapping[str, np.ndarray | BallArray], ybar: BallArray
    ) -> dict[str | None, BallArray]:
        """H v, by argument."""
        pulled = self.expected.pullback(ybar, lines(arguments, v))
        return {name: derivative(pulled[name]) for name in self.expected.identity.gradients}
