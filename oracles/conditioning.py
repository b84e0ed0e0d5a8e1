"""What an ideal algorithm may lose: how far exact answers move with inputs off by one rounding.

The inputs that a backend gets are themselves rounded, so that no algorithm can be asked for more
than the exact answer to inputs that are one rounding away, rounded once. How much that is depends
on the problem at that point, its conditioning, and on no formula: 1 + tanh z for large negative z
is as well conditioned as e^(2z), whatever its subtraction loses.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..identities.conditions import Condition
from ..identities.shapes import sizes_of
from . import ball_namespace as xp
from .balls import BallArray, lift, mid, rad
from .expected import EXACT_BITS, Balls, Expected
from .machine import is_discrete
from .precision import precision

SAMPLES = 6
"""Directions of rounding that are tried where the inputs are many: signs drawn for every entry."""

Steps = Mapping[str, np.ndarray]
Answer = Callable[[BallArray, Balls], Mapping[str | None, BallArray]]


@dataclass(frozen=True, eq=False)
class Conditioning:
    """At the point of an ``Expected``, the error that an ideal algorithm may make.

    ``seed`` decides the directions. What is discrete, or exact by its domain, does not move; what
    must stay on a surface (a symmetric matrix) moves along it; and nothing leaves its domain.
    """

    expected: Expected
    seed: int = 0

    def ideal(self, wrt: str | None) -> np.ndarray:
        """Of the value (``wrt`` None) or the gradient for an argument, entry by entry.

        The largest |g(x ± u·|x|) − g(x)| over a few choices of the signs, the cotangent's too, plus
        u · |g(x)| plus the smallest normal number. NaN where nothing can be said: at a kink, and
        where the answer is not finite.
        """
        moved = self._value[None] if wrt is None else self._gradients[wrt]
        ideal = moved + self._one_rounding(wrt)
        low, high = self.expected.ends(wrt)
        return np.where((low == high) & np.isfinite(ideal), ideal, np.nan)

    def _one_rounding(self, wrt: str | None) -> np.ndarray:
        machine = self.expected.machine
        return machine.u * np.abs(self.expected.ends(wrt)[0]) + machine.smallest

    @functools.cached_property
    def _value(self) -> dict[str | None, np.ndarray]:
        forward, static = self.expected.identity.forward, self.expected.static
        return self._moves(lambda _, balls: {None: forward(xp, **balls, **static)})

    @functools.cached_property
    def _gradients(self) -> dict[str | None, np.ndarray]:
        def gradients(ybar: BallArray, balls: Balls) -> dict[str | None, BallArray]:
            pulled = self.expected.pullback(ybar, balls)
            return {name: pulled[name] for name in self.expected.identity.gradients}

        return self._moves(gradients)

    def _moves(self, answer: Answer) -> dict[str | None, np.ndarray]:
        """How far an answer moves at most, with as many bits as it takes to tell."""
        ybar, steps = lift(self.expected.ybar), list(self._steps())
        for bits in EXACT_BITS:
            with precision(bits):
                here = self.expected.arguments_within(0.0)
                exact = answer(ybar, here)
                there = [answer(ybar + lift(dy), _moved(here, step)) for dy, step in steps]
                apart = {wrt: [to[wrt] - exact[wrt] for to in there] for wrt in exact}
                if all(self._narrow(wrt, ball) for wrt in apart for ball in apart[wrt]):
                    break
        return {
            wrt: np.maximum.reduce([np.abs(mid(ball)) + rad(ball) for ball in balls])
            for wrt, balls in apart.items()
        }

    def _narrow(self, wrt: str | None, ball: BallArray) -> bool:
        """Whether the radius is nothing beside what one rounding of the answer allows anyway."""
        radius = rad(ball)
        with np.errstate(invalid="ignore"):
            enough = radius <= 2.0**-10 * self._one_rounding(wrt)
        return bool(np.all(enough | ~np.isfinite(radius)))

    def _steps(self) -> Iterator[tuple[np.ndarray, Steps]]:
        """Steps of the cotangent and of the arguments, each entry by one rounding."""
        machine, identity = self.expected.machine, self.expected.identity
        with precision(machine.bits):
            widened = self.expected.arguments_within(machine.u)
        radii = {n: rad(x) for n, x in widened.items() if not is_discrete(self._argument(n))}
        ybar = machine.u * np.abs(self.expected.ybar)
        if identity.elementwise:  # every entry goes its own way: these two show the farthest
            for sign in (1.0, -1.0):
                yield sign * ybar, self._inside(radii)
            return
        rng = np.random.default_rng(self.seed)
        for _ in range(SAMPLES):
            drawn = {name: _signs(rng, radius) * radius for name, radius in radii.items()}
            yield _signs(rng, ybar) * ybar, self._inside(drawn)

    def _inside(self, steps: Steps) -> Steps:
        inside = dict(steps)
        for condition in self.expected.identity.domain:
            if condition.argument in inside:
                inside[condition.argument] = self._kept(condition, inside[condition.argument])
        return inside

    def _kept(self, condition: Condition, step: np.ndarray) -> np.ndarray:
        """A step that keeps the condition: as drawn, along it, towards zero, away from it, none."""
        if condition.tangent is not None:
            return np.asarray(condition.tangent(np, step / 2))
        x = np.asarray(self._argument(condition.argument), np.float64)
        shapes = self.expected.identity.shapes
        sizes = sizes_of(shapes, {name: self._argument(name).shape for name in shapes})
        outwards = np.copysign(np.abs(step), x)
        for tried in (step, -outwards, outwards):
            if condition.holds(np, x + 4 * tried, sizes):  # four, or float64 would round it off
                return tried
        return np.zeros_like(step)

    def _argument(self, name: str) -> np.ndarray:
        return self.expected.arguments[name]


def _moved(here: Balls, steps: Steps) -> dict[str, Any]:
    return {name: x + lift(steps[name]) if name in steps else x for name, x in here.items()}


def _signs(rng: np.random.Generator, like: np.ndarray) -> np.ndarray:
    return rng.choice([-1.0, 1.0], like.shape)
