"""The expected value and gradients of an identity, with a tolerance that is derived.

The same two functions are evaluated twice over balls: at 200 bits or more on the very inputs, which
gives the exact answer; and at the machine's own precision, its library's functions included, with
every input widened by one rounding (of each entry, or of the largest for a matrix that algorithms
factorise), whose radius bounds what any backward-stable algorithm may lose.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..identities.declaration import Identity
from . import ball_namespace as xp
from .balls import BallArray, RangeExceeded, following, lift, mid, precision, rad
from .machine import Machine, is_discrete
from .off_kinks import ONE_SIDED, OffKinks, off_kinks
from .taylor import jvp

EXACT_BITS = (200, 400, 800, 1600, 3200)
"""Bits for the exact answer: the first at which cancellation leaves enough of them."""

FACTOR = 4.0
"""The one factor of the project: tolerance = 4 · (radius + u·|exact| + smallest normal)."""

LEVELS = {"native": ("plain", "in range"), "composed": ("plain", "in range", "differentiated")}
"""What a failure must miss, by route: the documented formulas; the same within the machine's range;
the forward itself differentiated, for a backend that is given nothing else."""

Balls = Mapping[str, Any]
Answer = Callable[[Balls], Mapping[str | None, BallArray]]
Ends = tuple[dict[str | None, np.ndarray], dict[str | None, np.ndarray]]


@dataclass(frozen=True)
class Target:
    """Between ``low`` and ``high``, which differ at a kink only, give or take ``tolerance``."""

    low: np.ndarray
    high: np.ndarray
    tolerance: np.ndarray

    @property
    def exact(self) -> np.ndarray:
        """The exact answer; at a kink the middle of the interval of one-sided derivatives."""
        return self.low / 2 + self.high / 2


class Expected:
    """Exact value and gradients at one point, with tolerances for one machine.

    ``plain(None)`` is the target of the value, ``plain("x")`` that of the gradient for x, shaped as
    x: for each entry the bounds ``low`` and ``high`` and the ``tolerance``, which is
    4 · (radius + u · |exact| + smallest normal number).

    ``arguments`` are arrays in the machine's own type (or integers), ``ybar`` the cotangent.
    """

    def __init__(
        self,
        identity: Identity,
        arguments: Mapping[str, np.ndarray],
        ybar: np.ndarray,
        static: Mapping[str, Any],
        machine: Machine,
    ) -> None:
        self.identity = identity
        self.machine = machine
        self.arguments = arguments
        self.ybar = np.asarray(ybar, np.float64)
        self.static = static
        self._wider: dict[tuple[str | None, str], Target | None] = {}
        self._exact_names = {c.argument for c in identity.domain if c.exact}
        value = self.exact_ends(self._exact_value, to_sides=False)
        gradients = self.exact_ends(self._exact_gradients)
        self._low, self._high = (v | g for v, g in zip(value, gradients, strict=True))

    def plain(self, wrt: str | None) -> Target:
        """What the value (``wrt`` None) or the gradient for an argument must be."""
        return self._plain[wrt]

    def target(self, wrt: str | None, level: str = "plain") -> Target | None:
        """What the value (``wrt`` None) or the gradient for an argument must be.

        A failure must miss the target of every level of its route (``LEVELS``). Each level allows
        what the one before does not model, and costs more, so that it is asked for only when that
        is missed. None where the formula leaves the machine's range: then nothing can be said. Of
        an element-wise function only the entries where it does are lost: their tolerance is ∞.
        """
        if level == "plain":
            return self._plain[wrt]
        if (wrt, level) not in self._wider:
            self._wider[wrt, level] = self._wider_target(wrt, level)
        return self._wider[wrt, level]

    def _wider_target(self, wrt: str | None, level: str) -> Target | None:
        try:
            ranged = self._value_in_range if wrt is None else self._gradients_in_range[wrt]
            if level == "in range" or wrt is None:
                return ranged
            self.check_sweep()
            differentiated = self._around(wrt, self.derivative_radius(wrt))
            widest = np.maximum(ranged.tolerance, differentiated.tolerance)
            return Target(ranged.low, ranged.high, widest)
        except RangeExceeded:
            return self._entry_by_entry(wrt, level) if self.identity.elementwise else None

    def _entry_by_entry(self, wrt: str | None, level: str) -> Target | None:
        """The target of each entry by itself, where one of them leaves the range."""
        ((name, x),) = self.arguments.items()
        tolerance = np.full(x.shape, np.inf)
        for position in np.ndindex(x.shape) if x.size > 1 else ():
            entry = {name: np.asarray(x[position])}
            ybar = np.asarray(self.ybar[position])
            alone = Expected(self.identity, entry, ybar, self.static, self.machine)
            if (target := alone.target(wrt, level)) is not None:
                tolerance[position] = target.tolerance
        if np.all(np.isinf(tolerance)):
            return None
        return Target(self._low[wrt], self._high[wrt], tolerance)

    def ends(self, wrt: str | None) -> tuple[np.ndarray, np.ndarray]:
        """The ends of the exact value (``wrt`` None) or gradient; they differ at a kink only."""
        return self._low[wrt], self._high[wrt]

    def shape(self, wrt: str | None) -> tuple[int, ...]:
        """Shape of the value, or of the gradient for an argument."""
        return self._low[wrt].shape

    def derivative_radius(self, wrt: str, widened: bool = True) -> np.ndarray:
        """What differentiating the forward itself may lose: J v at the machine's precision.

        The documented gradient may be better conditioned than what a framework makes of the
        forward's operations one by one (the slope of z / (1 + |z|) is a difference of two terms).
        """
        x = np.asarray(self.arguments[wrt], np.float64)
        radius = np.empty(x.shape)
        with self.arithmetic(bounded=True, widened=widened, keep_kinks=True) as balls:
            if self.identity.elementwise:  # the Jacobian is diagonal: one direction shows it all
                ones = {wrt: np.ones(x.shape)}
                slope = jvp(self.identity.forward, balls, ones, **self.static)
                return rad(lift(self.ybar) * slope)
            for position in np.ndindex(x.shape):
                v = np.zeros(x.shape)
                v[position] = 1.0
                slope = jvp(self.identity.forward, balls, {wrt: v}, **self.static)
                radius[position] = rad(xp.sum(lift(self.ybar) * slope))
        return radius

    def check_sweep(self, order: int = 1, along: float = 1.0) -> None:
        """Raise RangeExceeded where differentiating operation by operation may leave the range.

        Reverse mode multiplies cotangents with intermediate results of the forward, in an order
        that is not the documented one, and each further derivative with one result more; so the
        product of the largest of each must be in range, and that of the largest argument with ȳ. A
        quotient's first derivative has 1/w² of its divisor, the second 1/w³, and w² may be formed.
        ``along`` is the largest entry of a direction, which multiplies all of them but the last.
        """
        machine, balls = self.machine, self.arguments_within(0.0)
        with precision(machine.bits), following(machine) as forward:
            self.identity.forward(xp, **balls, **self.static)
        with precision(machine.bits), following(machine) as backward:
            self.pullback(lift(self.ybar), balls)
        given = max(_largest(x) for x in self.arguments.values() if not is_discrete(x))
        products = (
            (forward.peak, order, backward.peak * along),
            (given, order, _largest(self.ybar) * along),
            (forward.reciprocal, order + 1, backward.peak * along),
            (forward.divisor, order + 1, 1.0),
        )
        for result, power, cotangent in products:
            if not math.prod([result] * power) * cotangent <= machine.largest:
                raise RangeExceeded(f"{result:g} to the power {power} times {cotangent:g}")

    def exact_ends(self, answer: Answer, to_sides: bool = True) -> Ends:
        """Lower and upper ends of exact answers, by name: equal, but at a kink.

        ``answer(balls)`` is asked for at the point, and a step to each side of every kink; a side
        on which there is no answer says nothing, unless all are like that. Cancellation may eat all
        bits of a ball (1 + tanh z for large negative z): then the ends are those of a ball that was
        computed with more.
        """
        ways: list[Mapping[str, Any]] = [{}, *(self._off_kinks.ways if to_sides else [])]
        for bits in EXACT_BITS:
            with precision(bits):
                answers = [answer(self._moved(way)) for way in ways]
                if all(self._narrow(ball) for side in answers for ball in side.values()):
                    break
        low: dict[str | None, np.ndarray] = {}
        high: dict[str | None, np.ndarray] = {}
        for wrt in answers[0]:
            ends = [mid(side[wrt]) for side in answers]
            wide = [rad(side[wrt]) for side in answers if not self._narrow(side[wrt])]
            slack = np.maximum.reduce(wide) if wide else 0.0
            low[wrt] = np.fmin.reduce(ends) - slack
            high[wrt] = np.fmax.reduce(ends) + slack
        return low, high

    def _narrow(self, ball: BallArray) -> bool:
        """Whether the ball's radius is nothing beside its midpoint, or beside any tolerance."""
        with np.errstate(invalid="ignore"):
            allowed = np.maximum(np.abs(mid(ball)) * 2.0**-60, self.machine.smallest * 2.0**-10)
            return bool(np.all((rad(ball) <= allowed) | ~np.isfinite(rad(ball))))

    @functools.cached_property
    def _plain(self) -> dict[str | None, Target]:
        targets: dict[str | None, Target] = {None: self._value(bounded=False)}
        targets.update(self._gradients(bounded=False).items())
        return targets

    @functools.cached_property
    def _value_in_range(self) -> Target:
        return self._value(bounded=True)

    @functools.cached_property
    def _gradients_in_range(self) -> dict[str, Target]:
        return self._gradients(bounded=True)

    @contextmanager
    def arithmetic(
        self, bounded: bool, widened: bool = True, keep_kinks: bool = False, terms: int = 2
    ) -> Iterator[dict[str, Any]]:
        """The machine's own arithmetic, and the arguments, widened by one rounding or as given.

        With ``keep_kinks`` an entry that sits on a kink stays there: comparing is exact, and a step
        to either side is in the interval of the answer, not in its tolerance.
        """
        in_range = following(self.machine) if bounded else nullcontext()
        with precision(self.machine.bits, faithful=True, terms=terms), in_range:
            yield self.arguments_within(
                self.machine.u if widened else 0.0, keep_kinks, flushed=True
            )

    def _value(self, bounded: bool) -> Target:
        with self.arithmetic(bounded) as balls:
            return self._around(None, rad(self.identity.forward(xp, **balls, **self.static)))

    def _gradients(self, bounded: bool) -> dict[str, Target]:
        with self.arithmetic(bounded, keep_kinks=True) as balls:
            rounded = lift(self.ybar, self.machine.u * np.abs(self.ybar))
            pulled = self.pullback(rounded, balls)
            return {name: self._around(name, rad(pulled[name])) for name in self.identity.gradients}

    def _around(self, wrt: str | None, radius: np.ndarray) -> Target:
        return self.allowing(self._low[wrt], self._high[wrt], radius)

    def allowing(self, low: np.ndarray, high: np.ndarray, radius: np.ndarray) -> Target:
        """The ends of an exact answer, with the tolerance that a radius gives."""
        magnitude = np.maximum(np.abs(low), np.abs(high))
        tolerance = FACTOR * (radius + self.machine.u * magnitude + self.machine.smallest)
        return Target(low, high, tolerance)

    def pullback(self, ybar: BallArray, balls: Balls) -> Mapping[str, BallArray]:
        """The documented gradients over balls. Call it inside a block with ``precision``."""
        assert self.identity.pullback is not None
        gradients: Mapping[str, BallArray] = self.identity.pullback(
            xp, ybar, **balls, **self.static
        )
        return gradients

    def arguments_within(
        self, u: float, keep_kinks: bool = False, flushed: bool | None = None
    ) -> dict[str, Any]:
        """The arguments as balls of a relative radius; what is exact by its domain stays so.

        With ``keep_kinks``, and a radius, entries near a kink are on it, without a radius.
        ``flushed``: subnormal numbers may be read as 0; without a word, where there is a radius.
        """
        flush = bool(u) if flushed is None else flushed
        given = self.arguments.items()
        return {name: self._lift_one(name, x, u, keep_kinks, flush) for name, x in given}

    def _lift_one(self, name: str, x: np.ndarray, u: float, keep_kinks: bool, flush: bool) -> Any:
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
            x, on = self._off_kinks.arguments[name], self._off_kinks.on[name]
            radius = np.where(on, 0.0, radius)
        return lift(x, radius)

    @functools.cached_property
    def _off_kinks(self) -> OffKinks:
        return off_kinks(self.identity, self.arguments, self.machine, FACTOR)

    def _moved(self, way: Mapping[str, np.ndarray]) -> dict[str, Any]:
        """The arguments, moved by a step off the kinks where it is not zero."""
        moved = self.arguments_within(0.0)
        for name, step in way.items():
            x = np.where(step != 0, self._off_kinks.arguments[name], self.arguments[name])
            moved[name] = lift(x) + lift(step * ONE_SIDED)
        return moved

    def _exact_value(self, balls: Balls) -> dict[str | None, BallArray]:
        return {None: self.identity.forward(xp, **balls, **self.static)}

    def _exact_gradients(self, balls: Balls) -> dict[str | None, BallArray]:
        pulled = self.pullback(lift(self.ybar), balls)
        return {name: pulled[name] for name in self.identity.gradients}


def _largest(x: np.ndarray) -> float:
    return float(np.abs(np.asarray(x, np.float64)).max(initial=0.0))
