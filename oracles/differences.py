"""Finite differences: the classic witness, which knows nothing but values of the forward function.

A ladder of central differences is extrapolated to step 0 (Ridders). Each output gets its own best
rung, with an error that adds what the extrapolation left over to the rounding of the forward
function divided by the step. Where the ladder sees a kink or does not settle, the error is
infinite: the witness declines. What it cannot see is a feature lower than that rounding.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from ..identities.declaration import Identity
from . import ball_namespace
from .balls import lift, mid, rad
from .expected import FACTOR
from .machine import MACHINES
from .precision import precision

STEPS = 2.0 ** -np.arange(3.0, 30.0)
"""The rungs: 2⁻³, halving, to 2⁻²⁹; multiples of the direction."""

CONFIRMING = 2
"""So many of the smallest steps are there to contradict only: no result is taken from them."""

SMALL = 2.0**-10
"""Below this step the rounding of the forward function is taken to stay as it is."""

ORDERS = 8
"""Columns of the extrapolation; each removes one more even power of the step."""

CONVERGED = 0.125
"""An extrapolation that still moves by more than this share of its result has not converged."""

Arguments = Mapping[str, np.ndarray]


class _NumPyNamespace:
    """NumPy's array API with ``special.erf``, for float64 arrays."""

    special = SimpleNamespace(erf=np.vectorize(math.erf, otypes=[np.float64]))

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)


numpy_namespace: Any = _NumPyNamespace()
"""What an identity's forward function takes as ``xp`` to be evaluated in plain float64."""


@dataclass(frozen=True)
class Difference:
    """A directional derivative ⟨ȳ, J v⟩ and a bound on its error: infinite where it declines."""

    value: float
    error: float

    @property
    def decided(self) -> bool:
        """Whether it says anything."""
        return math.isfinite(self.error)

    def admits(self, derivative: float) -> bool:
        """Whether a claimed derivative lies within the error; always where it declines."""
        return not self.decided or abs(derivative - self.value) <= self.error


def rademacher(
    rng: np.random.Generator, arguments: Arguments, wrt: Iterable[str]
) -> dict[str, np.ndarray]:
    """Random signs for each argument in ``wrt``, scaled per entry by max(|x|, 1).

    The scale is rounded up to a power of two, so that a step times the direction is exact. Shapes
    are those of the arguments.
    """
    return {
        name: rng.choice([-1.0, 1.0], size=arguments[name].shape)
        * power_of_two_above(arguments[name])
        for name in wrt
    }


def power_of_two_above(x: np.ndarray) -> np.ndarray:
    """The least power of two that is at least max(|x|, 1), or float64's largest one; per entry."""
    exponent = np.ceil(np.log2(np.maximum(np.abs(np.asarray(x, np.float64)), 1.0)))
    return np.asarray(2.0 ** np.minimum(exponent, 1023.0))


def rounding(identity: Identity, static: Mapping[str, Any]) -> Callable[..., np.ndarray]:
    """A function of the arguments: what float64 may lose of each output of the forward function.

    It is the tolerance of the value as everywhere: the radius in balls of 53 bits with inputs
    widened by one rounding, infinite where the forward function is not defined.
    """
    machine = MACHINES["float64"]

    def noise(**arguments: np.ndarray) -> np.ndarray:
        balls: dict[str, Any] = dict(arguments)
        for name, x in arguments.items():
            if x.dtype.kind == "f":
                size = np.abs(x)
                if name in identity.normwise:
                    size = np.full_like(size, size.max(initial=0.0))
                balls[name] = lift(x, machine.u * size)
        with precision(machine.bits, faithful=True):
            y = identity.forward(ball_namespace, **balls, **static)
        lost = FACTOR * (rad(y) + machine.u * np.abs(mid(y)) + machine.smallest)
        return np.where(np.isfinite(lost), lost, np.inf)

    return noise


def directional_difference(
    function: Callable[..., Any],
    arguments: Arguments,
    directions: Arguments,
    ybar: np.ndarray,
    noise: Callable[..., np.ndarray],
) -> Difference:
    """⟨ȳ, J v⟩ of ``function(**arguments)`` along the directions, from its values alone.

    ``function`` takes and returns float64 arrays: an identity's own forward function over
    ``numpy_namespace``, or a backend's. ``noise`` (see ``rounding``) takes the same arguments and
    bounds the rounding error of each output; ``ybar`` has the output's shape. Arguments without a
    direction stay where they are. Raises whatever ``function`` raises, but for LinAlgError, which
    says that a step leads out of the domain.
    """
    weights = np.asarray(ybar, np.float64).reshape(-1)

    def moved(t: float) -> dict[str, np.ndarray]:
        return {k: x + t * directions[k] if k in directions else x for k, x in arguments.items()}

    def values(t: float) -> np.ndarray:
        try:
            return np.asarray(function(**moved(t)), np.float64).reshape(-1)
        except np.linalg.LinAlgError:  # a step onto a singular matrix
            return np.full(weights.shape, np.nan)

    def lost(t: float) -> np.ndarray:
        return np.asarray(noise(**moved(t)), np.float64).reshape(-1)

    with np.errstate(all="ignore"):  # a step out of the domain is a rung that is not there
        centre = values(0.0), lost(0.0)
        ladder = np.array([(values(h), values(-h)) for h in STEPS])
        slopes, errors = _slopes(centre, ladder, _noise_of_rungs(lost, centre[1]))
    seen = weights != 0
    terms = weights[seen] * slopes[seen]
    error = np.abs(weights[seen]) * errors[seen] + MACHINES["float64"].u * np.abs(terms)
    if not np.all(np.isfinite(error)):
        return Difference(0.0, math.inf)
    value = math.fsum(terms)
    return Difference(value, math.fsum(error))


def _noise_of_rungs(lost: Callable[[float], np.ndarray], centre: np.ndarray) -> np.ndarray:
    """Noise at every rung, the larger of its two ends.

    Balls cost most of the time. So once a rung's noise is within twice that of the centre, or the
    steps are small already, it stands for all smaller steps, or that of the centre if larger.
    """
    rungs: list[np.ndarray] = []
    for h in STEPS:
        rungs.append(np.maximum(lost(h), lost(-h)))
        near = np.all(rungs[-1] <= 2 * centre)
        if near or (h <= SMALL and np.all(np.isfinite(rungs[-1]))):
            break
    rest = np.maximum(rungs[-1], centre)
    return np.array(rungs + [rest] * (len(STEPS) - len(rungs)))


def _slopes(
    centre: tuple[np.ndarray, np.ndarray], ladder: np.ndarray, lost: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The best slope of each output and its error.

    ``centre`` has the values and their noise (outputs,), ``ladder`` the values above and below
    (rungs, 2, outputs), ``lost`` their noise (rungs, outputs). The odd part of the function gives
    central differences, which tend to the slope in even powers of the step. The even part gives
    the difference between the slopes to either side, which tends to 0 in odd powers, or else to
    the jump of a kink.
    """
    y, lost_at_centre = centre
    up, down = ladder[:, 0], ladder[:, 1]
    h = STEPS[:, None]
    raw, raw_noise = (up - down) / (2 * h), lost / h
    slope, slope_noise = raw, raw_noise
    gap, gap_noise = (up - 2 * y + down) / h, 2 * (lost + lost_at_centre) / h
    best, best_error = np.zeros(y.shape), np.full(y.shape, np.inf)
    for order in range(1, ORDERS + 1):
        slope, slope_noise, moved = _extrapolate(slope, slope_noise, 4.0**order)
        gap, gap_noise, gap_moved = _extrapolate(gap, gap_noise, 2.0 ** (2 * order - 1))
        left_over = np.maximum(moved, np.abs(gap))
        error = left_over + slope_noise
        kink = np.abs(gap) > gap_moved + gap_noise
        adrift = left_over > CONVERGED * np.abs(slope) + slope_noise
        error = np.where(np.isfinite(error) & ~kink & ~adrift, error, np.inf)
        error = np.where(_settled(raw, raw_noise, slope, error), error, np.inf)
        rung = (np.argmin(error, axis=0), np.arange(y.size))
        better = error[rung] < best_error
        best = np.where(better, slope[rung], best)
        best_error = np.where(better, error[rung], best_error)
    return best, best_error


def _extrapolate(
    table: np.ndarray, noise: np.ndarray, power: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One more column: remove the power of the step that halving divides by ``power``.

    Returns the column, its noise, and how far it moved from the two entries that it came from.
    """
    column, column_noise, moved = (np.full_like(table, np.inf) for _ in range(3))
    coarse, fine = table[:-1], table[1:]
    column[1:] = (power * fine - coarse) / (power - 1)
    column_noise[1:] = (power * noise[1:] + noise[:-1]) / (power - 1)
    moved[1:] = np.maximum(np.abs(column[1:] - fine), np.abs(column[1:] - coarse))
    return column, column_noise, moved


def _settled(
    raw: np.ndarray, noise: np.ndarray, slope: np.ndarray, error: np.ndarray
) -> np.ndarray:
    """Whether no smaller step contradicts an entry: the raw differences close in on it.

    A function may look smooth from afar and have all its slope in a narrow place.
    """
    settled = np.zeros(slope.shape, bool)
    for k in range(len(raw) - CONFIRMING):
        away = np.abs(raw[k + 1 :] - slope[k])
        # In the asymptotic regime what a raw difference is off by is quartered at every step.
        shrink = 2 * 0.25 ** np.arange(1.0, len(away) + 1)[:, None]
        allowed = error[k] / 4 + np.abs(raw[k] - slope[k]) * shrink + noise[k + 1 :]
        settled[k] = np.all(away <= allowed, axis=0)
    return settled
