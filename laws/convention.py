"""Conventions: at a kink or a tie an answer lies between the one-sided derivatives.

Which of them is returned there is a matter of convention, in which implementations differ; each
answer is kept, for the table of conventions. So is what is returned for inputs that are not finite,
which nothing documents and no law judges.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..identities import CATALOGUE
from ..identities.kinks import Point
from ..identities.shapes import sizes_of
from .cases import COTANGENT, Case
from .regimes import LITERAL
from .strategies import static_choices
from .trial import NoAnswer, Trial
from .verdicts import Comparison, Verdict, compare


@dataclass(frozen=True)
class Convention:
    """What one implementation returned for one gradient at one point, ``at``, told in words.

    ``value`` is the gradient, nested lists or a number, or None where there was no answer; ``wrt``
    is ``VALUE`` for the function's own value. ``interval`` is the lowest and highest one-sided
    derivative of any entry, or None where there are none.
    """

    wrt: str
    at: str
    value: Any
    interval: tuple[float, float] | None


VALUE = "value"
"""In place of an argument's name, where what is kept is not a gradient."""

NOT_FINITE = {"∞": np.inf, "−∞": -np.inf, "NaN": np.nan}


@functools.lru_cache(maxsize=1024)
def point_cases(identity: str, dtype: str) -> tuple[tuple[Point, Case], ...]:
    """The kinks and ties at which an identity's conventions show, the smallest case of each."""
    declared = CATALOGUE[identity]
    points = [
        Point(f"{name} = {number:g}", {name: number}, parameters=dict(static))
        for name, numbers in declared.kinks.items()
        if list(declared.shapes) == [name]
        for number in numbers
        for static in static_choices(identity)
    ]
    points += [p for p in declared.points if _finite(p)]
    return tuple((p, _case(identity, dtype, p)) for p in points)


@functools.lru_cache(maxsize=1024)
def not_finite_cases(identity: str, dtype: str) -> tuple[tuple[Point, Case], ...]:
    """Inputs with ±∞ or NaN: those of any element-wise function, and what an identity names."""
    declared = CATALOGUE[identity]
    points = [
        Point(f"{name} = {says}", {name: number}, parameters=dict(static_choices(identity)[0]))
        for name in (declared.shapes if declared.elementwise else ())
        for says, number in NOT_FINITE.items()
    ]
    points += [p for p in declared.points if not _finite(p)]
    return tuple((p, _case(identity, dtype, p)) for p in points)


def _finite(point: Point) -> bool:
    return all(np.all(np.isfinite(x)) for x in point.arguments.values())


def _case(identity: str, dtype: str, point: Point) -> Case:
    """The case of these numbers, each of them injected."""
    declared = CATALOGUE[identity]
    arrays = {name: np.asarray(point.arguments[name], np.float64) for name in declared.shapes}
    sizes = sizes_of(declared.shapes, {name: x.shape for name, x in arrays.items()})
    given = dict(arrays) if point.ybar is None else {**arrays, COTANGENT: np.asarray(point.ybar)}
    return Case(
        identity,
        dtype,
        tuple(sizes.items()),
        tuple((name, point.parameters[name]) for name in declared.parameters),
        LITERAL,
        injections=tuple(
            (name, position, float(number))
            for name, x in given.items()
            for position, number in enumerate(x.flat)
        ),
    )


def convention(trial: Trial) -> Iterator[Verdict]:
    """At a point of the identity's, each gradient lies between the one-sided derivatives.

    It says nothing of other cases than those points. Undecided where the one-sided derivatives are
    infinite and the answer is not, where there are none, and where the point is not finite.
    """
    if trial.case.regime != LITERAL:
        return
    if not all(np.all(np.isfinite(x.astype(np.float64))) for x in trial.arguments.values()):
        message = "the input is not finite: what is returned is recorded, and not judged"
        yield Verdict("convention", None, "undecided", message=message)
        return
    limits = _limits(trial)
    for name in trial.wrt:
        observed = trial.observed.gradients[name]
        shape = trial.expected.shape(name)
        if observed.shape != shape:
            message = f"the gradient for {name} has shape {observed.shape}; it must be {shape}"
            yield Verdict("convention", name, "wrong", digits=0.0, message=message)
            continue
        if name in limits and np.all(np.isinf(limits[name])):
            yield _where_infinite(name, observed, limits[name])
            continue
        found = _compared(trial, name, observed, limits)
        yield Verdict(
            "convention", name, found.outcome, found.margin, found.digits, found.message,
            worst=found.worst,
        )  # fmt: skip


def _compared(
    trial: Trial, name: str, observed: np.ndarray, limits: Mapping[str, tuple[float, float]]
) -> Comparison:
    """With the interval; where the formula's rounding has no bound, with nothing added for it."""
    target = trial.expected.plain(name)
    if name in limits:
        low, high = (np.full(observed.shape, end) for end in limits[name])
        target = trial.expected.allowing(low, high, np.zeros(low.shape))
    elif not np.all(np.isfinite(target.tolerance)):
        target = trial.expected.allowing(target.low, target.high, np.zeros(observed.shape))
    return compare(observed, target, trial.machine)


def conventions(trial: Trial, point: Point) -> Iterator[Convention]:
    """What the implementation returns at a point, for each gradient."""
    for name in trial.wrt:
        interval = _interval(trial, point, name)
        if (
            not point.limits
            and interval
            and interval[0] == interval[1]
            and _automatic(trial, point)
        ):
            continue  # a kink of the second order: the first derivative is there
        try:
            value = _as_numbers(trial.observed.gradients[name])
        except NoAnswer:
            value = None
        yield Convention(name, _in_words(point), value, interval)


def answers(trial: Trial, point: Point) -> Iterator[Convention]:
    """What the implementation returns for an input that is not finite: the value, the gradients."""
    try:
        observed = trial.observed
        found = {VALUE: observed.value, **observed.gradients}
        numbers = {name: _as_numbers(x) for name, x in found.items()}
    except NoAnswer:
        numbers = dict.fromkeys((VALUE, *trial.wrt))
    for name, value in numbers.items():
        yield Convention(name, _in_words(point), value, None)


def _automatic(trial: Trial, point: Point) -> bool:
    return point not in trial.identity.points


def _in_words(point: Point) -> str:
    """The point, with the parameters that its own words leave out."""
    missing = [f"{k} = {v}" for k, v in point.parameters.items() if f"{k} = " not in point.says]
    return ", ".join([point.says, *missing])


def _limits(trial: Trial) -> Mapping[str, tuple[float, float]]:
    of_points = point_cases(trial.case.identity, trial.case.dtype)
    return next((point.limits for point, case in of_points if case == trial.case), {})


def _where_infinite(name: str, observed: np.ndarray, limits: tuple[float, float]) -> Verdict:
    low, high = limits
    x = np.asarray(observed, np.float64)
    if np.all((x == low) | (x == high)):
        return Verdict("convention", name, "pass", 0.0)
    message = "the one-sided derivative is infinite, and the answer is not: nothing can be said"
    return Verdict("convention", name, "undecided", message=message)


def _interval(trial: Trial, point: Point, name: str) -> tuple[float, float] | None:
    if name in point.limits:
        return point.limits[name]
    target = trial.expected.plain(name)
    low, high = float(target.low.min()), float(target.high.max())
    return (low, high) if np.isfinite(low) and np.isfinite(high) else None


def _as_numbers(x: np.ndarray) -> Any:
    """Nested lists; the number itself where there is only one."""
    plain = np.asarray(x, np.float64)
    return float(plain.flat[0]) if plain.size == 1 else plain.tolist()
