"""Exact references for balls, from Python's own integers: fractions, and decimals of 90 digits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np
from flint import arb

from gradient_conformance.oracles.balls import BallArray
from gradient_conformance.oracles.precision import precision

DIGITS = 90
Exact = Fraction | Decimal
Rows = Sequence[Sequence[Fraction]]


def reference(exact: Exact | int) -> arb:
    """A ball of 500 bits around an exact number, far narrower than any that is tested."""
    number = Fraction(exact)
    doubt = Fraction(10) ** (10 - DIGITS) if isinstance(exact, Decimal) else Fraction(0)
    with precision(500):
        ball = arb(number.numerator) / arb(number.denominator)
        return ball + arb(0, 1) * arb(doubt.numerator) / arb(doubt.denominator) * ball


def surely_holds(ball: Any, exact: Exact | int) -> bool:
    """Whether a ball contains an exact number (its reference is as good as a point)."""
    return bool(ball.is_finite() and ball.overlaps(reference(exact)))


def all_hold(x: BallArray, exact: Any) -> bool:
    """Whether each ball of an array contains its number, an array or one number for all."""
    wanted = np.broadcast_to(np.asarray(exact, object), x.shape)
    return all(surely_holds(b, e) for b, e in zip(x.elements.flat, wanted.flat, strict=True))


def fractions(x: Any) -> np.ndarray:
    """Floating-point numbers as the fractions that they are, in an array of objects."""
    array = np.asarray(x, np.float64)
    exact = np.empty(array.shape, object)
    for position, number in enumerate(array.flat):
        exact.flat[position] = Fraction(float(number))
    return exact


def in_decimals(function: Callable[..., Decimal]) -> Callable[..., Decimal]:
    """Evaluate a function of decimals with 90 digits, of floats or fractions, exactly converted."""

    def evaluate(*numbers: float | Fraction) -> Decimal:
        with localcontext(Context(prec=2 * DIGITS, Emin=-(10**9), Emax=10**9)) as wide:
            converted = []
            for given in numbers:
                number = Fraction(given)
                converted.append(Decimal(number.numerator) / Decimal(number.denominator))
            result = function(*converted)
            wide.prec = DIGITS
            return +result

    return evaluate


@in_decimals
def exp(x: Decimal) -> Decimal:
    return x.exp()


@in_decimals
def expm1(x: Decimal) -> Decimal:
    return x.exp() - 1


@in_decimals
def log(x: Decimal) -> Decimal:
    return x.ln()


@in_decimals
def log1p(x: Decimal) -> Decimal:
    return (1 + x).ln()


@in_decimals
def sqrt(x: Decimal) -> Decimal:
    return x.sqrt()


@in_decimals
def tanh(x: Decimal) -> Decimal:
    e = (2 * x).exp()
    return (e - 1) / (e + 1)


@in_decimals
def logaddexp(x: Decimal, y: Decimal) -> Decimal:
    return max(x, y) + (1 + (-abs(x - y)).exp()).ln()


@in_decimals
def erf(x: Decimal) -> Decimal:
    """2/√π Σ (−1)ⁿ x²ⁿ⁺¹ / (n! (2n + 1)), for |x| ≤ 6."""
    term, total, n = x, x, 0
    while abs(term) > Decimal(10) ** -DIGITS * abs(x):
        n += 1
        term = -term * x * x / n
        total += term / (2 * n + 1)
    return 2 * total / _pi().sqrt()


@in_decimals
def pi() -> Decimal:
    return _pi()


def _pi() -> Decimal:
    """Machin: π/4 = 4 arctan(1/5) − arctan(1/239)."""
    one = 10 ** (2 * DIGITS + 10)

    def arctan_of_inverse(n: int) -> int:
        power = total = one // n
        k = 1
        while power:
            power //= -n * n
            k += 2
            total += power // k
        return total

    quarter = 4 * arctan_of_inverse(5) - arctan_of_inverse(239)
    return Decimal(4 * quarter) / Decimal(one)


def determinant(rows: Rows) -> Fraction:
    """Determinant by Laplace expansion."""
    if not rows:
        return Fraction(1)
    total = Fraction(0)
    for j, first in enumerate(rows[0]):
        minor = [[*row[:j], *row[j + 1 :]] for row in rows[1:]]
        total += (-1) ** j * first * determinant(minor)
    return total


def inverse(rows: Rows) -> list[list[Fraction]]:
    """Inverse by cofactors. Raises ZeroDivisionError where there is none."""
    n, whole = len(rows), determinant(rows)
    return [
        [
            (-1) ** (i + j)
            * determinant([[*r[:i], *r[i + 1 :]] for k, r in enumerate(rows) if k != j])
            / whole
            for j in range(n)
        ]
        for i in range(n)
    ]
