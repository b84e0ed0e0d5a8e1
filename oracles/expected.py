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
from .balls import BallArray, lift, mid, rad
from .differentiated import slopes_of
from .machine import Machine, is_discrete
from .machine_range import RangeExceeded, following
from .precision import precision
from .surroundings import Surroundings

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
        near: Surroundings | None = None,
    ) -> None:
        self.identity = identity
        self.machine = machine
        self.arguments = arguments
        self.ybar = np.asarray(ybar, np.float64)
        self.static = static
        self._wider: dict[tuple[str | None, str], Target | None] = {}
        self._near = near or Surroundings(identity, arguments, machine, FACTOR)

    def for_cotangent(self, ybar: np.ndarray) -> Expected:
        """The same point with another cotangent; what does not depend on it is computed once."""
        return Expected(self.identity, self.arguments, ybar, self.static, self.machine, self._near)

    def plain(self, wrt: str | None) -> Target:
        """What the value (``wrt`` None) or the gradient for an argument must be."""
        return self._plain_value if wrt is None else self._plain_gradients[wrt]

    def target(self, wrt: str | None, level: str = "plain") -> Target | None:
        """What the value (``wrt`` None) or the gradient for an argument must be.

        A failure must miss the target of every level of its route (``LEVELS``). Each level allows
        what the one before does not model, and costs more, so that it is asked for only when that
        is missed. None where the formula leaves the machine's range: then nothing can be said. Of
        an element-wise function only the entries where it does are lost: their tolerance is ∞.
        """
        if level == "plain":
            return self.plain(wrt)
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

    @functools.cached_property
    def _rounds_factors(self) -> bool:
        """Whether the value is made of matrix products, of factors that are rounded for them."""
        if self.machine.product_bits is None:
            return False
        with precision(self.machine.bits) as used:
            self.identity.forward(xp, **self.arguments_within(0.0), **self.static)
        return used.multiplied

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
        return Target(*self.ends(wrt), tolerance)

    def ends(self, wrt: str | None) -> tuple[np.ndarray, np.ndarray]:
        """The ends of the exact value (``wrt`` None) or gradient; they differ at a kink only."""
        low, high = self._value_ends if wrt is None else self._gradient_ends
        return low[wrt], high[wrt]

    def shape(self, wrt: str | None) -> tuple[int, ...]:
        """Shape of the value, or of the gradient for an argument."""
        return self.ends(wrt)[0].shape

    def derivative_radius(self, wrt: str, widened: bool = True) -> np.ndarray:
        """What differentiating the forward itself may lose of a gradient. Raises RangeExceeded."""
        kept = self._near.slopes
        if (wrt, widened) not in kept:
            with self.arithmetic(bounded=True, widened=widened, keep_kinks=True) as balls:
                kept[wrt, widened] = slopes_of(
                    self.identity, balls, wrt, self.static, self.machine.u
                )
        lost = kept[wrt, widened].pulled_back(self.ybar, self.machine)
        return lost.reshape(np.shape(self.arguments[wrt]))

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
        ways: list[Mapping[str, Any]] = [{}, *(self._near.off_kinks.ways if to_sides else [])]
        for bits in EXACT_BITS:
            with precision(bits):
                answers = [answer(self._near.moved(way)) for way in ways]
                sides = [{n: (mid(x), rad(x)) for n, x in side.items()} for side in answers]
                if all(self._narrow(*ball) for side in sides for ball in side.values()):
                    break
        low: dict[str | None, np.ndarray] = {}
        high: dict[str | None, np.ndarray] = {}
        for wrt in sides[0]:
            ends = [side[wrt][0] for side in sides]
            wide = [side[wrt][1] for side in sides if not self._narrow(*side[wrt])]
            slack = np.maximum.reduce(wide) if wide else 0.0
            low[wrt] = np.fmin.reduce(ends) - slack
            high[wrt] = np.fmax.reduce(ends) + slack
        return low, high

    def _narrow(self, middle: np.ndarray, radius: np.ndarray) -> bool:
        """Whether a ball's radius is nothing beside its midpoint, or beside any tolerance."""
        with np.errstate(invalid="ignore"):
            allowed = np.maximum(np.abs(middle) * 2.0**-60, self.machine.smallest * 2.0**-10)
            return bool(np.all((radius <= allowed) | ~np.isfinite(radius)))

    @functools.cached_property
    def _value_ends(self) -> Ends:
        return self.exact_ends(self._exact_value, to_sides=False)

    @functools.cached_property
    def _gradient_ends(self) -> Ends:
        return self.exact_ends(self._exact_gradients)

    @functools.cached_property
    def _plain_value(self) -> Target:
        return self._value(bounded=False)

    @functools.cached_property
    def _plain_gradients(self) -> dict[str, Target]:
        return self._gradients(bounded=False)

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
        machine = self.machine
        in_range = following(machine) if bounded else nullcontext()
        own = precision(machine.bits, faithful=True, terms=terms, factors=machine.product_bits)
        with own, in_range:
            yield self.arguments_within(machine.u if widened else 0.0, keep_kinks, flushed=True)

    def _value(self, bounded: bool) -> Target:
        with self.arithmetic(bounded) as balls:
            radius = rad(self.identity.forward(xp, **balls, **self.static))
        return self._around(None, radius)

    def _gradients(self, bounded: bool) -> dict[str, Target]:
        with self.arithmetic(bounded, keep_kinks=True) as balls:
            rounded = lift(self.ybar, self.machine.u * np.abs(self.ybar))
            pulled = self.pullback(rounded, balls)
            radii = {name: rad(pulled[name]) for name in self.identity.gradients}
        return {name: self._around(name, radius) for name, radius in radii.items()}

    def _around(self, wrt: str | None, radius: np.ndarray) -> Target:
        return self.allowing(*self.ends(wrt), radius)

    def allowing(self, low: np.ndarray, high: np.ndarray, radius: np.ndarray) -> Target:
        """The ends of an exact answer, with the tolerance that a radius gives."""
        magnitude = np.maximum(np.abs(low), np.abs(high))
        tolerance = FACTOR * (radius + self._last_rounding * magnitude + self.machine.smallest)
        return Target(low, high, tolerance)

    @property
    def _last_rounding(self) -> float:
        """What rounding the answer itself may lose, relative to it.

        Where the value is made of products of rounded factors, a library may make each answer as
        one, even where the documented gradient has none: that of tr(AX) is f̄ I Xᵀ.
        """
        if not self._rounds_factors:
            return self.machine.u
        assert self.machine.product_bits is not None
        return 2 * 2.0**-self.machine.product_bits

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
        """The arguments as balls of a relative radius, as ``Surroundings.within`` has them."""
        return self._near.within(u, keep_kinks, flushed)

    def _exact_value(self, balls: Balls) -> dict[str | None, BallArray]:
        return {None: self.identity.forward(xp, **balls, **self.static)}

    def _exact_gradients(self, balls: Balls) -> dict[str | None, BallArray]:
        pulled = self.pullback(lift(self.ybar), balls)
        return {name: pulled[name] for name in self.identity.gradients}


def _largest(x: np.ndarray) -> float:
    return float(np.abs(np.asarray(x, np.float64)).max(initial=0.0))
