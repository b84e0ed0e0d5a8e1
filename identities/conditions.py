"""Conditions on an argument, as objects that can say, check and build.

``build`` turns any array into a valid one of the same shape, so that no example is thrown away;
``holds`` checks one. Both get the array namespace (NumPy's) as first argument; ``build`` a random
generator and the sizes of the named dimensions too. ``exact`` marks values that no rounding may
touch: indices, one-hot targets. ``tangent`` turns any direction into one that does not leave the
condition, where it holds on a surface only: off it the documented gradient says nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Condition:
    """A condition on one argument: in words, as a check, and as a way to meet it."""

    argument: str
    says: str
    build: Callable[[Any, Any, Any, Mapping[str, Any]], Any]
    holds: Callable[[Any, Any, Mapping[str, Any]], bool]
    exact: bool = False
    tangent: Callable[[Any, Any], Any] | None = None


def positive(argument: str) -> Condition:
    """Every entry is greater than zero."""
    return Condition(
        argument,
        f"{argument} > 0",
        build=lambda xp, rng, x, sizes: xp.where(x == 0, 1.0, xp.abs(x)),
        holds=lambda xp, x, sizes: bool(xp.all(x > 0)),
    )


def unit_interval(argument: str) -> Condition:
    """Every entry lies in [0, 1]."""

    def build(xp: Any, rng: Any, x: Any, sizes: Mapping[str, Any]) -> Any:
        inside = xp.abs(x) / (1 + xp.abs(x))
        ends = xp.astype(rng.integers(0, 2, size=x.shape), x.dtype)
        return xp.where(rng.random(x.shape) < 0.25, ends, inside)

    return Condition(
        argument,
        f"0 ≤ {argument} ≤ 1",
        build,
        holds=lambda xp, x, sizes: bool(xp.all((x >= 0) & (x <= 1))),
    )


def symmetric(argument: str) -> Condition:
    """A square matrix equal to its transpose, to the last bit."""

    def build(xp: Any, rng: Any, X: Any, sizes: Mapping[str, Any]) -> Any:
        return xp.triu(X) + xp.triu(X, k=1).T

    return Condition(
        argument,
        f"{argument} symmetric",
        build,
        holds=lambda xp, X, sizes: bool(xp.all(X == X.T)),
        tangent=lambda xp, V: V + V.T,
    )


def invertible(argument: str) -> Condition:
    """A square matrix with an inverse: strictly diagonally dominant up to a row permutation."""

    def build(xp: Any, rng: Any, X: Any, sizes: Mapping[str, Any]) -> Any:
        n = X.shape[0]
        off_diagonal = X * (1 - xp.eye(n))
        reach = xp.sum(xp.abs(off_diagonal), axis=1)
        dominance = rng.choice([1.0625, 1.5, 4.0])
        signs = rng.choice([-1.0, 1.0], size=n)
        diagonal = signs * xp.where(
            reach == 0, xp.where(X == 0, 1.0, X).diagonal(), reach * dominance
        )
        return _of_near_one(xp, (off_diagonal + xp.eye(n) * diagonal)[rng.permutation(n)])

    return Condition(
        argument,
        f"{argument} invertible",
        build,
        holds=lambda xp, X, sizes: bool(abs(xp.linalg.slogdet(X)[0]) == 1),
    )


MANY = 8
"""A matrix with more rows than these has a determinant of many factors: of sums of 39 entries, 39
of them, it leaves the range of a type that every entry is far inside."""


def _of_near_one(xp: Any, X: Any) -> Any:
    """A long matrix, scaled by the power of two that brings its determinant nearest to 1."""
    n = X.shape[0]
    if n <= MANY:
        return X
    return X * 2.0 ** -xp.round(xp.linalg.slogdet(X)[1] / n / xp.log(2.0))


def positive_determinant(argument: str) -> Condition:
    """An invertible matrix whose determinant is greater than zero."""
    base = invertible(argument)

    def build(xp: Any, rng: Any, X: Any, sizes: Mapping[str, Any]) -> Any:
        X = base.build(xp, rng, X, sizes)
        if X.shape[0] and xp.linalg.slogdet(X)[0] < 0:
            X[0] = -X[0]
        return X

    return Condition(
        argument,
        f"det {argument} > 0",
        build,
        holds=lambda xp, X, sizes: bool(xp.linalg.slogdet(X)[0] > 0),
    )


def maybe_singular(argument: str) -> Condition:
    """Any square matrix; half of the time of rank n, else of rank n − 1 or n − 2."""

    def build(xp: Any, rng: Any, X: Any, sizes: Mapping[str, Any]) -> Any:
        X = xp.array(X)
        lost = min(int(rng.choice([0, 0, 1, 2])), max(X.shape[0] - 1, 0))
        for row in range(1, lost + 1):
            X[row] = X[0]
        return X

    return Condition(
        argument,
        f"{argument} any square matrix, singular ones too",
        build,
        lambda xp, X, sizes: True,
    )


def distribution(argument: str) -> Condition:
    """Each row of the last axis is a probability distribution that sums to one exactly.

    The entries are multiples of 1/64, so that they and their sum are exact in every dtype; a
    quarter of the rows are one-hot.
    """
    parts = 64

    def build(xp: Any, rng: Any, x: Any, sizes: Mapping[str, Any]) -> Any:
        n = x.shape[-1]
        rows = rng.multinomial(parts, rng.dirichlet(xp.full(n, 0.5), size=x.shape[:-1]))
        hot = parts * (rng.integers(0, n, size=(*x.shape[:-1], 1)) == xp.arange(n))
        return xp.where(rng.random((*x.shape[:-1], 1)) < 0.25, hot, rows) / parts

    return Condition(
        argument,
        f"{argument} ≥ 0, rows of {argument} sum to 1",
        build,
        holds=lambda xp, x, sizes: bool(xp.all(x >= 0) and xp.all(xp.sum(x, axis=-1) == 1)),
        exact=True,
        tangent=_along_the_simplex,
    )


def _along_the_simplex(xp: Any, v: Any) -> Any:
    """Rows of few bits each and of opposite pairs: they sum to 0 in any order of summation."""
    largest = xp.max(xp.abs(v), axis=-1, keepdims=True, initial=0.0)
    unit = 2.0 ** xp.floor(xp.log2(xp.where(largest > 0, largest, 1.0)))
    steps = xp.round(4 * v / unit)
    return (steps - xp.flip(steps, axis=-1)) * unit / 4


def index(argument: str, into: str, axis: int = -1) -> Condition:
    """Integers that index a named dimension; of three or more along an axis the last repeats the
    first.

    What a repeated index is given must add up, so that a case without one would show nothing.
    """

    def build(xp: Any, rng: Any, x: Any, sizes: Mapping[str, Any]) -> Any:
        found = rng.integers(0, max(sizes[into], 1), size=x.shape)
        if x.ndim and x.shape[axis] > 2:
            along = xp.moveaxis(found, axis, 0)
            along[-1] = along[0]
        return found

    return Condition(
        argument,
        f"0 ≤ {argument} < {into}, integers",
        build,
        holds=lambda xp, x, sizes: bool(xp.all((x >= 0) & (x < sizes[into]))),
        exact=True,
    )


def mask(argument: str) -> Condition:
    """True and false, with at least one true in each row of the last axis."""

    def build(xp: Any, rng: Any, x: Any, sizes: Mapping[str, Any]) -> Any:
        allowed = rng.random(x.shape) < rng.choice([0.3, 0.7, 1.0])
        sure = rng.integers(0, max(x.shape[-1], 1), size=(*x.shape[:-1], 1))
        return allowed | (sure == xp.arange(x.shape[-1]))

    return Condition(
        argument,
        f"{argument} boolean, a true in each row",
        build,
        holds=lambda xp, x, sizes: bool(x.dtype.kind == "b" and xp.all(xp.any(x, axis=-1))),
        exact=True,
    )


def nonzero(argument: str) -> Condition:
    """Every entry is at least 1/8 away from zero, so that its quotients stay in range."""
    least = 0.125
    return Condition(
        argument,
        f"|{argument}| ≥ 1/8",
        build=lambda xp, rng, x, sizes: xp.copysign(xp.maximum(xp.abs(x), least), x),
        holds=lambda xp, x, sizes: bool(xp.all(xp.abs(x) >= least)),
    )


def nonzero_rows(argument: str) -> Condition:
    """Each row of the last axis has an entry that is not zero."""

    def build(xp: Any, rng: Any, x: Any, sizes: Mapping[str, Any]) -> Any:
        zero = xp.all(x == 0, axis=-1, keepdims=True)
        return xp.where(zero & (xp.arange(x.shape[-1]) == 0), 1.0, x)

    return Condition(
        argument,
        f"no row of {argument} is zero all over",
        build,
        holds=lambda xp, x, sizes: bool(xp.all(xp.any(x != 0, axis=-1))),
    )


def flags(argument: str) -> Condition:
    """True and false: true where the number drawn is positive."""
    return Condition(
        argument,
        f"{argument} boolean",
        build=lambda xp, rng, x, sizes: x > 0,
        holds=lambda xp, x, sizes: bool(x.dtype.kind == "b"),
        exact=True,
    )


def positive_definite(argument: str) -> Condition:
    """A symmetric matrix, strictly diagonally dominant with a positive diagonal."""
    base = symmetric(argument)

    def build(xp: Any, rng: Any, X: Any, sizes: Mapping[str, Any]) -> Any:
        S = base.build(xp, rng, X, sizes) * (1 - xp.eye(X.shape[0]))
        reach = xp.sum(xp.abs(S), axis=1)
        own = xp.where(X == 0, 1.0, xp.abs(X)).diagonal()
        diagonal = xp.where(reach == 0, own, reach * rng.choice([1.0625, 2]))
        return _of_near_one(xp, S + xp.eye(X.shape[0]) * diagonal)

    return Condition(
        argument,
        f"{argument} symmetric positive definite",
        build,
        tangent=base.tangent,
        holds=lambda xp, X, sizes: bool(
            xp.all(X == X.T) and xp.all(xp.linalg.eigvalsh(xp.astype(X, xp.float64)) > 0)
        ),
    )


def token(argument: str, into: str, ignored: int) -> Condition:
    """Integers that index a named dimension, or mark a token to leave out; not all of them do."""

    def build(xp: Any, rng: Any, x: Any, sizes: Mapping[str, Any]) -> Any:
        y = rng.integers(0, max(sizes[into], 1), size=x.shape)
        y = xp.where(rng.random(x.shape) < 0.25, ignored, y)
        if x.size and (y < 0).all():
            y.flat[0] = 0
        return y

    return Condition(
        argument,
        f"0 ≤ {argument} < {into}, or {ignored} for an entry that does not count",
        build,
        holds=lambda xp, x, sizes: bool(
            xp.all((x == ignored) | ((x >= 0) & (x < sizes[into])))
            and (not x.size or xp.any(x >= 0))
        ),
        exact=True,
    )
