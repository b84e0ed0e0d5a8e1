"""Accuracy: how many digits an answer loses against an ideal algorithm. A measurement, no law.

The tolerance of the laws forgives what the formula, computed as it stands, may lose. Here an answer
is held against the conditioning of the problem alone, so that a formula that cancels where another
does not shows up. Nothing depends on it: it gives no verdict.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from .trial import Trial

LEAST = 0.5
"""A loss of fewer digits than this counts as none: a few roundings of a good algorithm."""


@dataclass(frozen=True)
class Loss:
    """What the value (``wrt`` None) or the gradient for an argument loses, in decimal digits.

    ``lost`` is 0, or from 0.5 to ``of``, the digits that an ideal algorithm would have right at the
    entry that loses most, ``at``: there the exact answer is ``expected``, and ``got`` was returned.
    """

    wrt: str | None
    lost: float
    of: float
    at: tuple[int, ...]
    expected: float
    got: float


@dataclass(frozen=True)
class Along:
    """The digits that the value (``wrt`` None) or the gradient loses along the axis.

    ``at`` are the inputs in order, and ``lost`` what is lost at each, as in ``Loss``; NaN where it
    cannot be told. ``case`` is the line of the case that has them.
    """

    wrt: str | None
    at: tuple[float, ...]
    lost: tuple[float, ...]
    case: str


@dataclass(frozen=True, eq=False)
class _Entries:
    """Each entry's error over an ideal algorithm's, NaN where nothing can be told."""

    ratio: np.ndarray
    of: np.ndarray
    expected: np.ndarray
    observed: np.ndarray

    @property
    def lost(self) -> np.ndarray:
        digits = np.log10(np.maximum(self.ratio, 1.0))
        return np.where(digits < LEAST, 0.0, digits)


def digits_lost(trial: Trial) -> Iterator[Loss]:
    """The losses of the value and of each gradient, where they can be told.

    Per entry that is log₁₀ of the error over that of an ideal algorithm (``Conditioning``), at most
    the digits that such an algorithm would have right; of an array the largest. Left out are the
    entries that have no digit to lose (zero, or as small as an ideal algorithm's error), and what
    the laws judge: entries at a kink, with an exact answer beyond the type's largest number or an
    observed one that is not finite, and arrays of another shape than they must have. Raises
    NoAnswer where there is no answer.
    """
    for wrt, entries in _answers(trial):
        at = np.unravel_index(int(np.nanargmax(entries.ratio)), entries.ratio.shape)
        yield Loss(
            wrt,
            float(entries.lost[at]),
            float(entries.of[at]),
            tuple(int(i) for i in at),
            float(entries.expected[at]),
            float(entries.observed[at]),
        )


def digits_lost_along(trial: Trial) -> Iterator[Along]:
    """The losses at each input of an element-wise function's case, where any can be told.

    Raises NoAnswer where there is no answer.
    """
    (x,) = (np.asarray(x, np.float64).ravel() for x in trial.arguments.values())
    at, first = np.unique(x, return_index=True)
    for wrt, entries in _answers(trial):
        lost = entries.lost.ravel()[first]
        yield Along(wrt, tuple(at.tolist()), tuple(lost.tolist()), trial.case.line())


def _answers(trial: Trial) -> Iterator[tuple[str | None, _Entries]]:
    """The value and the gradients of which something can be told."""
    for wrt in (None, *trial.wrt):
        answer = trial.observed.value if wrt is None else trial.observed.gradients[wrt]
        entries = _entries(trial, wrt, np.asarray(answer, np.float64))
        if entries is not None and not np.isnan(entries.ratio).all():
            yield wrt, entries


def _entries(trial: Trial, wrt: str | None, observed: np.ndarray) -> _Entries | None:
    machine = trial.machine
    low, high = trial.expected.ends(wrt)
    if observed.shape != low.shape:
        return None
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        size = np.abs(low)
        told = (low == high) & (size <= machine.largest) & np.isfinite(observed)
        error = np.where(told, np.abs(observed - low), 0.0)
        ideal = machine.u * size + machine.smallest
        if np.any(error > 10**LEAST * ideal):  # or else no conditioning could make it a loss
            ideal = trial.conditioning.ideal(wrt)
        told &= size > ideal  # not where it is NaN
        ratio = np.where(told, np.minimum(error, size) / ideal, np.nan)
        return _Entries(ratio, np.log10(size / ideal), low, observed)
