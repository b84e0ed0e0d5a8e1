"""An identity's facts on an answer, with the rounding of that answer alone.

A fact holds at every point. An algorithm that is backward stable answers for a point nearby, where
the fact holds as well: the conditioning of the inputs excuses nothing. So each entry of an answer
is widened by what its own computation rounds, the inputs being exactly what they are; and where the
fact speaks of the inputs, those are widened by one rounding, to hold the point nearby.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..identities.declaration import Fact
from . import ball_namespace as xp
from .balls import BallArray, ball_objects, lift, mid, rad
from .expected import FACTOR, Expected
from .machine import is_discrete
from .machine_range import RangeExceeded
from .precision import precision

FACT_BITS = 200
LEVELS = ("plain", "in range", "differentiated")
"""What a failure must miss: the rounding of the documented formulas; the same within the machine's
range; and that of the forward itself, differentiated."""


def levels(route: str, output: tuple[int, ...]) -> tuple[str, ...]:
    """The levels that hold for a route and an output of this shape.

    A backend that is given nothing else differentiates the forward. A primitive need not; but where
    the output is one number, it may multiply ȳ in at any place: JAX's einsum forms ȳ X Xᵀ as
    (ȳX) Xᵀ, which is symmetric but for the rounding of each term.
    """
    return LEVELS if route == "composed" or output == () else LEVELS[:2]


Arrays = Mapping[str | None, np.ndarray]
Move = Callable[[BallArray, Mapping[str, Any]], dict[str, Any]]


class Widened(dict[str | None, BallArray]):
    """The parts of an answer as balls of these radii, each made when it is asked for."""

    def __init__(self, found: Arrays, radii: Arrays) -> None:
        super().__init__()
        self._found, self._radii = found, radii

    def __missing__(self, name: str | None) -> BallArray:
        self[name] = lift(self._found[name], self._radii[name])
        return self[name]


class Answer:
    """What a fact is told: ``value``, ``gradients`` by argument name, ``ybar``, and ``beside``.

    ``parts`` has the value under None, and the gradients. ``used`` is true once the value or a
    gradient was asked for, here or beside.
    """

    def __init__(
        self, parts: Mapping[str | None, Any], ybar: Any, beside: Answer | None = None
    ) -> None:
        self._parts, self.ybar, self._beside = parts, ybar, beside
        self._used = False

    @property
    def value(self) -> Any:
        """The value."""
        self._used = True
        return self._parts[None]

    @property
    def gradients(self) -> Mapping[str | None, Any]:
        """The gradients by argument name."""
        self._used = True
        return self._parts

    @property
    def beside(self) -> Answer:
        """The answer at the second point."""
        assert self._beside is not None
        return self._beside

    @property
    def used(self) -> bool:
        """Whether the fact looks at an answer; else no implementation can fail it."""
        return self._used or (self._beside is not None and self._beside.used)


@dataclass(frozen=True)
class Sides:
    """Both sides of a fact's relation, entry by entry, and how far they may be apart.

    ``used`` says whether the fact looked at the answer at all.
    """

    relation: str
    left: np.ndarray
    right: np.ndarray
    tolerance: np.ndarray
    used: bool

    @functools.cached_property
    def apart(self) -> np.ndarray:
        """By how much the relation is missed: 0 for an inequality that holds, ∞ without numbers."""
        with np.errstate(invalid="ignore"):
            difference = self.left - self.right
        off = np.abs(difference) if self.relation == "=" else np.maximum(difference, 0.0)
        return np.where(np.isnan(off), np.inf, off)


class Point:
    """Where an answer is asked for, and what the answer may lose there by its own rounding.

    ``rounded`` says that the point had to be rounded to the machine's numbers, so that it is known
    to one rounding only; ``lost``, that entries of it underflowed to 0 or are too large for the
    machine, so that it is another point, at which the identity may not be defined.
    """

    def __init__(self, expected: Expected, rounded: bool = False, lost: bool = False) -> None:
        self.expected = expected
        self.rounded = rounded
        self.lost = lost
        self.radius = functools.cache(self._radius)
        self._others: dict[Any, Point] = {}

    def other(self, of: Any, move: Move) -> Point:
        """The point that facts make of this one by a function ``of`` theirs, made once."""
        if of not in self._others:
            self._others[of] = _moved(self.expected, move)
        return self._others[of]

    @property
    def names(self) -> tuple[str | None, ...]:
        """The parts of an answer: None for the value, then the gradients."""
        return (None, *self.expected.identity.gradients)

    @functools.cached_property
    def exact(self) -> dict[str | None, np.ndarray]:
        """The exact value and gradients; at a kink the middle of the interval."""
        ends = {n: self.expected.ends(n) for n in self.names}
        return {n: low / 2 + high / 2 for n, (low, high) in ends.items()}

    def _radius(self, level: str) -> dict[str | None, np.ndarray]:
        """What each entry of an answer may be off by. Raises RangeExceeded."""
        e = self.expected
        with e.arithmetic(bounded=level != "plain", widened=self.rounded) as balls:
            value = e.identity.forward(xp, **balls, **e.static)
            radii: dict[str | None, np.ndarray] = {None: rad(value)}
            radii.update({name: rad(g) for name, g in self._pulled(balls).items()})
        if level == "differentiated":
            e.check_sweep()
            for n in e.identity.gradients:
                radii[n] = np.maximum(radii[n], e.derivative_radius(n, self.rounded))
            for n in e.identity.normwise:
                radii[n] = np.maximum(radii[n], self._normwise(n))
        return {n: e.allowing(*e.ends(n), radius=r).tolerance for n, r in radii.items()}

    def _normwise(self, name: str) -> float:
        """One rounding of the largest entry of a gradient, for a matrix that is factorised.

        By orthogonal factors, as torch.func differentiates det, small entries are rounded as it is.
        """
        return self.expected.machine.u * float(np.max(np.abs(self.exact[name]), initial=0.0))

    def _pulled(self, balls: Mapping[str, Any]) -> Mapping[str, BallArray]:
        """Each term of the cotangent is rounded once.

        Terms that cancel exactly in the documented order need not in another that is as good:
        ΣⱼAᵢⱼĀᵢⱼ, which attention's gradient subtracts, is ⟨Ōᵢ, Oᵢ⟩ as well.
        """
        ybar = self.expected.ybar
        return self.expected.pullback(lift(ybar, self.expected.machine.u * np.abs(ybar)), balls)

    def answer(self, found: Arrays, level: str, beside: Answer | None = None) -> Answer:
        """An answer as balls, each entry widened by its own rounding."""
        return Answer(Widened(found, self.radius(level)), self.ybar, beside)

    @functools.cached_property
    def arguments(self) -> dict[str, Any]:
        """The arguments as balls that hold the point nearby."""
        return self.expected.arguments_within(FACTOR * self.expected.machine.u)

    @functools.cached_property
    def ybar(self) -> BallArray:
        """The cotangent as such balls."""
        ybar = self.expected.ybar
        return lift(ybar, FACTOR * self.expected.machine.u * np.abs(ybar))


class StatedFact:
    """A fact at a point: where its answers are asked for, and what they must satisfy.

    ``here`` is the point that the identity is tried at; a fact may be about another, or about two.
    """

    def __init__(self, fact: Fact, here: Point) -> None:
        self.fact = fact
        self.here = here
        if fact.at is not None:
            at = functools.partial(fact.at, xp)
            self.here = here.other(fact.at, lambda ybar, x: {"ybar": ybar, **at(**x)})
        self.beside: Point | None = None
        if fact.beside is not None:
            beside = functools.partial(fact.beside, xp)
            self.beside = self.here.other(fact.beside, lambda ybar, x: beside(ybar, **x))
        self.gross = functools.cache(self._gross)

    @property
    def points(self) -> tuple[Point, ...]:
        """Where answers are asked for: one point, or two."""
        return (self.here, self.beside) if self.beside is not None else (self.here,)

    @functools.cached_property
    def looks_at_the_answer(self) -> bool:
        """Whether an implementation can fail it; some facts are about the formulas only."""
        return self.gross("plain").used

    def sides(self, answers: tuple[Arrays, ...], level: str) -> Sides | None:
        """Both sides for observed answers, one for each point; None outside the machine's range."""
        try:
            return self._relation(answers, level)
        except RangeExceeded:
            return None

    def _gross(self, level: str) -> Sides:
        """The sides for an answer that is grossly wrong: an entry off by half of the largest.

        Where the first entry tried does not show, that is another one, or one of the second point;
        where none does, the fact decides nothing.
        """
        exact = tuple(point.exact for point in self.points)
        tried: list[Sides] = []
        for position, k in itertools.product((None, 1), range(len(exact))):
            spoiled = _spoiled(exact[k], self.points[k].radius(level), position)
            tried.append(self._relation((*exact[:k], spoiled, *exact[k + 1 :]), level))
            if np.any(tried[-1].apart > tried[-1].tolerance):
                break
        return max(tried, key=lambda sides: float(np.max(sides.apart, initial=0.0)))

    def _relation(self, answers: tuple[Arrays, ...], level: str) -> Sides:
        e = self.here.expected
        beside = None
        if self.beside is not None:
            beside = self.beside.answer(answers[1], level)
        answer = self.here.answer(answers[0], level, beside)
        with precision(FACT_BITS):
            relation, left, right = self.fact.function(
                xp, answer, **self.here.arguments, **e.static
            )
            a, b = np.broadcast_arrays(ball_objects(left), ball_objects(right))
            apart = rad(BallArray(a) - BallArray(b))
        return Sides(relation, mid(BallArray(a)), mid(BallArray(b)), apart, answer.used)


def _moved(e: Expected, move: Move) -> Point:
    """Another point, in the machine's numbers."""
    with precision(FACT_BITS):
        there = move(lift(e.ybar), e.arguments_within(0.0))
        numbers = {n: x if isinstance(x, np.ndarray) else mid(x) for n, x in there.items()}
        largest = e.machine.largest  # an infinity is no point: what is clipped is lost, as below
        given = {
            n: x if is_discrete(x) else e.machine.round(np.clip(x, -largest, largest))
            for n, x in numbers.items()
        }
        rounded = any(
            not np.array_equal(lift(given[n]).elements, x.elements)
            for n, x in there.items()
            if isinstance(x, BallArray)
        )
        lost = any(
            (number == 0 and not ball.contains(0)) or not abs(ball) <= e.machine.largest
            for n, x in there.items()
            if isinstance(x, BallArray)
            for number, ball in zip(given[n].flat, x.elements.flat, strict=True)
        )
    ybar = given.pop("ybar")
    return Point(Expected(e.identity, given, ybar, e.static, e.machine), rounded, lost)


def _spoiled(exact: Arrays, radii: Arrays, position: int | None) -> Arrays:
    """An answer with one entry of each array off by half of its largest (None: that entry).

    Of an array that is zero, but for rounding, by half of the largest entry of any gradient.
    """
    largest = {name: float(np.max(np.abs(x), initial=0.0)) for name, x in exact.items()}
    of_any = max(x for name, x in largest.items() if name is not None)
    spoiled = {}
    for name, x in exact.items():
        wrong = np.array(x)
        if wrong.size:
            is_zero = name is not None and largest[name] <= np.max(radii[name])
            at = int(np.argmax(np.abs(wrong))) if position is None else position % wrong.size
            with np.errstate(invalid="ignore", over="ignore"):  # ∞ shows as a tolerance, too
                wrong.flat[at] += 0.5 * (of_any if is_zero else largest[name])
        spoiled[name] = wrong
    return spoiled
