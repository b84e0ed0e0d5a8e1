"""What a law looks at, to be shown: the backend's answer, and the target that it is held to."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from ..implementations.protocol import NESTINGS
from ..oracles import directional
from ..oracles.expected import LEVELS, Target
from .facts import facts, sides_of
from .second_order import law_name
from .trial import Trial

_BY_LAW = {law_name(nesting): nesting for nesting in NESTINGS}


@dataclass(frozen=True)
class Answer:
    """``observed()`` asks the backend, and raises NoAnswer; ``target`` and its ``levels`` say what
    must be; ``tangents`` are the directions, where the law has some.
    """

    what: str
    observed: Callable[[], np.ndarray]
    target: Callable[[str], Target | None]
    levels: tuple[str, ...]
    tangents: Mapping[str, np.ndarray] = field(default_factory=dict)

    @property
    def widest(self) -> Target:
        """The target of the last level that has one; the first always has."""
        found = [self.target(level) for level in self.levels]
        return next(t for t in reversed(found) if t is not None)


def answer_to(trial: Trial, law: str, wrt: str | None) -> Answer:
    """J v, H v or a fact's sides for the laws about those; else the value, or a gradient.

    Raises NoAnswer for a fact where there is no answer.
    """
    route = trial.implementation.route
    levels = directional.LEVELS[route]
    if law in ("jvp", "adjointness"):
        slope = trial.directional().jvp
        return Answer("J v", lambda: trial.observe_jvp()[1], slope, levels, trial.tangents())
    if law in _BY_LAW and wrt is not None:
        target = functools.partial(trial.directional().hvp, wrt)
        observed = functools.partial(_product, trial, _BY_LAW[law], wrt)
        return Answer(f"H v for {wrt}", observed, target, levels, trial.tangents())
    if law == facts.__name__ and wrt is not None and (sides := sides_of(trial, wrt)) is not None:
        both = {levels[0]: Target(sides.right, sides.right, sides.tolerance)}
        return Answer(f"of the fact {wrt}", lambda: sides.left, both.__getitem__, levels[:1])
    if wrt not in trial.wrt:
        wrt = None
    what = "the value" if wrt is None else f"the gradient for {wrt}"
    goal = functools.partial(trial.expected.target, wrt)
    return Answer(what, lambda: _first_order(trial, wrt), goal, LEVELS[route])


def _first_order(trial: Trial, wrt: str | None) -> np.ndarray:
    observed = trial.observed
    return observed.value if wrt is None else observed.gradients[wrt]


def _product(trial: Trial, nesting: str, wrt: str) -> np.ndarray:
    return trial.observe_hvp(nesting)[wrt]
