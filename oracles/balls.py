"""Arrays of balls: every element is an interval [mid ± rad] that surely holds the exact number.

``BallArray`` is an ndarray of python-flint ``arb`` (or ``arb_series``, for derivatives) with the
operators of the array API. Its namespace is ``ball_namespace``. Two settings hold while a block
runs: the ``precision``, and the machine whose range is followed (``machine_range``).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import numpy as np
from flint import arb, arb_series, ctx

from .machine_range import Followed, RangeExceeded, followed
from .precision import factor_bits, is_faithful
from .truth import Truth


def factor(x: BallArray) -> BallArray:
    """An array as a factor of a matrix product: the machine may round it to fewer bits first."""
    bits = factor_bits()
    if bits is None:
        return x
    rounding = arb(1, arb(2) ** -bits)
    return BallArray(elementwise(lambda v: v * rounding, x.elements), x.terms)


def library_function(result: np.ndarray) -> BallArray:
    """Result of exp, tanh and the like, as the current precision says they are."""
    if is_faithful():
        u, either_way = arb(2) ** -ctx.prec, arb(0, 1)
        result = elementwise(lambda ball: ball + either_way * (u * ball), result)
    return wrap(result)


def objects(element: Any, shape: tuple[int, ...] = ()) -> np.ndarray:
    """An ndarray of objects filled with one element (arb_series is iterable: never unpack it)."""
    array = np.empty(shape, object)
    array.fill(element)
    return array


def _constant(number: float) -> arb:
    """A Python number; rounded to the working precision as a machine would store it."""
    ball = arb(number)
    return ball if isinstance(number, int) else ball * 1


def ball_objects(x: Any) -> np.ndarray:
    """The operand of an operator as an ndarray of balls."""
    if isinstance(x, BallArray):
        return x.elements
    if isinstance(x, np.ndarray):
        return lift(x).elements
    return objects(_constant(x) if isinstance(x, (int, float)) else x)


def wrap(result: Any) -> BallArray:
    """Result of an arithmetic operation; held to the range of the machine being followed."""
    array = BallArray(result)
    return BallArray(_in_range(array.elements, followed[-1])) if followed else array


def _in_range(array: np.ndarray, held_to: Followed) -> np.ndarray:
    machine = held_to.machine
    underflow = arb(0, machine.smallest)
    held = np.empty(array.shape, object)
    for position, element in enumerate(array.flat):
        series = isinstance(element, arb_series)
        balls = coefficients(element) if series else [element]
        for k, ball in enumerate(balls):
            if not abs(ball) <= machine.largest:
                raise RangeExceeded(f"{ball} is not within the range of {machine.name}")
            held_to.peak = max(held_to.peak, abs(float(ball.mid())))
            balls[k] = ball if ball.is_exact() else ball + underflow
        held.flat[position] = arb_series(balls) if series else balls[0]
    return held


class BallArray:
    """An array of balls with the operators of the array API.

    ``terms`` is how many terms each element is a sum of, by matrix products and additions: a
    machine may add them in another order. ``kept`` has what was made of the array at some cost and
    may be asked for again (``once``); the elements are never written to.
    """

    __array_priority__ = 1000
    __array_ufunc__ = None

    kept: dict[Hashable, tuple[BallArray, tuple[Any, ...]]] | None = None

    def __init__(self, elements: Any, terms: int = 1) -> None:
        # NumPy hands back the bare element where an operation on objects has rank 0.
        self.elements = elements if isinstance(elements, np.ndarray) else objects(elements)
        self.terms = terms

    @property
    def shape(self) -> tuple[int, ...]:
        return self.elements.shape

    @property
    def ndim(self) -> int:
        return self.elements.ndim

    @property
    def T(self) -> BallArray:
        return BallArray(self.elements.T, self.terms)

    @property
    def mT(self) -> BallArray:
        return BallArray(np.swapaxes(self.elements, -1, -2), self.terms)

    def __len__(self) -> int:
        return len(self.elements)

    def __repr__(self) -> str:
        return f"BallArray({self.elements!r})"

    def __getitem__(self, key: Any) -> BallArray:
        return BallArray(self.elements[key], self.terms)

    def __add__(self, other: Any) -> BallArray:
        return _accumulated(self, other, self.elements + ball_objects(other))

    __radd__ = __add__

    def __sub__(self, other: Any) -> BallArray:
        return _accumulated(self, other, self.elements - ball_objects(other))

    def __rsub__(self, other: Any) -> BallArray:
        return _accumulated(self, other, ball_objects(other) - self.elements)

    def __mul__(self, other: Any) -> BallArray:
        return wrap(self.elements * ball_objects(other))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> BallArray:
        return wrap(_divide(self.elements, ball_objects(other)))

    def __rtruediv__(self, other: Any) -> BallArray:
        return wrap(_divide(ball_objects(other), self.elements))

    def __neg__(self) -> BallArray:
        return BallArray(-self.elements, self.terms)

    def __pow__(self, exponent: float) -> BallArray:
        if exponent == 0.5:
            return wrap(np.sqrt(self.elements))
        if isinstance(exponent, int) and exponent >= 0:
            power = BallArray(objects(arb(1), self.shape))
            for _ in range(exponent):
                power = power * self
            return power
        return wrap(self.elements ** _constant(exponent))

    def __matmul__(self, other: Any) -> BallArray:
        return _matmul(factor(self), factor(BallArray(ball_objects(other))))

    def __rmatmul__(self, other: Any) -> BallArray:
        return _matmul(factor(BallArray(ball_objects(other))), factor(self))

    def __gt__(self, other: Any) -> Truth:
        return compare(self, other, lambda a, b: a > b, lambda a, b: a <= b)

    def __lt__(self, other: Any) -> Truth:
        return compare(self, other, lambda a, b: a < b, lambda a, b: a >= b)

    def __ge__(self, other: Any) -> Truth:
        return compare(self, other, lambda a, b: a >= b, lambda a, b: a < b)

    def __le__(self, other: Any) -> Truth:
        return compare(self, other, lambda a, b: a <= b, lambda a, b: a > b)

    def __eq__(self, other: Any) -> Truth:  # type: ignore[override]
        return compare(self, other, lambda a, b: a == b, lambda a, b: not a.overlaps(b))

    def __ne__(self, other: Any) -> Truth:  # type: ignore[override]
        return compare(self, other, lambda a, b: not a.overlaps(b), lambda a, b: a == b)

    __hash__ = None  # type: ignore[assignment]


def _divide(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Quotient; not a number where the divisor's ball holds 0 (a series would raise)."""
    zero = arb(0)
    if not followed and not any(leading(d).contains(zero) for d in b.ravel().tolist()):
        quotients: np.ndarray = a / b
        return quotients

    def quotient(numerator: Any, divisor: Any) -> Any:
        if leading(divisor).contains(zero):
            return arb("nan")
        if followed:
            followed[-1].divide_by(leading(divisor))
        return numerator / divisor

    return elementwise(quotient, a, b)


def _matmul(a: BallArray, b: BallArray) -> BallArray:
    if a.shape[-1] == 0:  # NumPy leaves None in the elements of an empty sum
        return lift(np.zeros(a.shape) @ np.zeros(b.shape))
    return BallArray(wrap(np.matmul(a.elements, b.elements)).elements, terms=a.shape[-1])


def _accumulated(a: BallArray, b: Any, total: np.ndarray) -> BallArray:
    """The result ``total`` of a ± b, which a machine may get in another order.

    Where one is a sum itself, it may start from the other, so that each of its additions rounds
    that one too (a convolution that starts from its bias).
    """
    others = b.terms if isinstance(b, BallArray) else 1
    result = wrap(total)
    if is_faithful() and max(a.terms, others) > 1:
        u, either_way = arb(2) ** -ctx.prec, arb(0, 1)

        def widened(ball: Any, x: Any, y: Any) -> Any:
            lost = (others - 1) * abs(leading(x)) + (a.terms - 1) * abs(leading(y))
            return ball + either_way * (u * lost)

        result = BallArray(elementwise(widened, result.elements, a.elements, ball_objects(b)))
    result.terms = a.terms + others
    return result


def elementwise(function: Any, *arrays: np.ndarray) -> np.ndarray:
    """Apply a function of elements to arrays of objects that broadcast."""
    result = np.frompyfunc(function, len(arrays), 1)(*arrays)
    # NumPy hands back the bare element where there is nothing but rank 0.
    return result if isinstance(result, np.ndarray) else objects(result)


def once(
    what: Hashable, x: BallArray, make: Callable[[], BallArray], beside: tuple[Any, ...] = ()
) -> BallArray:
    """What ``make()`` makes of an array and others ``beside`` it, made once for each precision.

    Where a machine's range is followed it is made each time, for the range is held to on the way.
    """
    if followed:
        return make()
    key = what, ctx.prec, is_faithful(), *map(id, beside)
    if x.kept is None:
        x.kept = {}
    if key not in x.kept:
        x.kept[key] = make(), beside  # which keeps those of this identity alive
    return x.kept[key][0]


def has_series(x: BallArray) -> bool:
    """Whether an element is a Taylor series."""
    return arb_series in set(map(type, x.elements.ravel().tolist()))


def leading(element: Any) -> arb:
    """The constant term of a series, or the ball itself."""
    return element[0] if isinstance(element, arb_series) else element


def coefficients(series: arb_series) -> list[arb]:
    """As many coefficients as are kept."""
    return [series[k] for k in range(ctx.cap)]


def compare(a: Any, b: Any, surely: Any, surely_not: Any) -> Truth:
    """Compare elementwise: true, false, or unknown where the balls overlap."""

    def judge(x: Any, y: Any) -> Any:
        x, y = leading(x), leading(y)
        return True if surely(x, y) else False if surely_not(x, y) else None

    return Truth(elementwise(judge, ball_objects(a), ball_objects(b)))


def lift(x: Any, radius: Any = 0.0) -> BallArray:
    """Numbers to balls of the given radius (one number, or one for each entry)."""
    array, radii = np.asarray(x, np.float64), np.asarray(radius, np.float64)
    balls = np.empty(array.size, object)
    if radii.any():
        if radii.shape != array.shape:
            radii = np.broadcast_to(radii, array.shape)
        pairs = zip(array.ravel().tolist(), radii.ravel().tolist(), strict=True)
        balls[:] = [arb(number, r) if r else arb(number) for number, r in pairs]
    else:
        balls[:] = [arb(number) for number in array.ravel().tolist()]
    return BallArray(balls.reshape(array.shape))


def mid(x: BallArray) -> np.ndarray:
    """Midpoints as float64."""
    return _numbers(x, float)  # of a ball, that is its midpoint


def rad(x: BallArray) -> np.ndarray:
    """Radii as float64; infinite where a ball is not finite."""
    return _numbers(x, lambda ball: float(ball.rad()) if ball.is_finite() else np.inf)


def _numbers(x: BallArray, number: Any) -> np.ndarray:
    balls = x.elements.ravel().tolist()
    if arb_series in set(map(type, balls)):
        balls = [leading(element) for element in balls]
    return np.array([number(ball) for ball in balls], np.float64).reshape(x.shape)
