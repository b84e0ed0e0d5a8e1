"""How arrays lie in memory changes no answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from ..oracles.machine import is_discrete
from .equality import both, equal
from .repeatability import identical
from .trial import Trial
from .verdicts import Verdict

LAW = "layout_independent"
EXPANDED = "expanded"

Place = Callable[[dict[str, Any], Any], tuple[dict[str, Any], Any]]


def layout_independent(trial: Trial) -> Iterator[Verdict]:
    """Arguments and cotangent in each layout that the backend has give the same answer.

    Within the tolerances: a kernel may add in another order. An expanded array holds the same
    numbers all along its first axis, so that its question is another one; the dense copy of those
    numbers is asked too. No layout lets the call change its inputs.
    """
    backend = trial.implementation.backend
    for layout in backend.layouts:
        asked, alike = (trial, set()) if layout != EXPANDED else _expanded(trial)
        if layout == EXPANDED and not alike:
            continue

        def place(
            inputs: dict[str, Any], ybar: Any, layout: str = layout, alike: set[str] = alike
        ) -> tuple[dict[str, Any], Any]:
            def put(name: str, x: Any) -> Any:
                meant = layout != EXPANDED or name in alike
                return backend.laid_out(x, layout) if meant else x

            return {name: put(name, x) for name, x in inputs.items()}, put("ybar", ybar)

        yield from _same(asked, layout, place)


def _same(trial: Trial, layout: str, place: Place) -> Iterator[Verdict]:
    laid_out, dense = trial.observe_otherwise((LAW, layout), place=place), trial.observed
    before = {**trial.arguments, "ybar": trial.ybar}
    changed = [n for n, x in laid_out.inputs_after.items() if not identical(x, before[n])]
    if changed:
        message = f"the call changed its input {', '.join(changed)}, which is {layout} in memory"
        yield Verdict(LAW, None, "wrong", message=message)
    what = f"from {layout} arrays, from that of dense ones,"
    for wrt in (None, *trial.wrt):
        name = "the value" if wrt is None else f"the gradient for {wrt}"
        got, wanted = (a.value if wrt is None else a.gradients[wrt] for a in (laid_out, dense))
        expectations = both(trial.expected, wrt)
        yield equal(trial, LAW, wrt, got, wanted, expectations, f"{name} {what}")


def _expanded(trial: Trial) -> tuple[Trial, set[str]]:
    """The trial at a point whose free arrays are the same all along their first axis; which are.

    An argument under a condition stays: it might leave the domain.
    """
    bound = {condition.argument for condition in trial.identity.domain}
    arrays = {**trial.arguments, "ybar": trial.ybar}
    alike = {
        name
        for name, x in arrays.items()
        if x.ndim and x.size and name not in bound and not is_discrete(x)
    }
    point = {
        name: np.broadcast_to(x[:1], x.shape).copy() if name in alike else x
        for name, x in arrays.items()
    }
    ybar = point.pop("ybar")
    return Trial(trial.implementation, trial.case, trial.seconds, given=(point, ybar)), alike
