"""The search for the input that loses most digits: cases as given, then Hypothesis climbs."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable

from hypothesis import HealthCheck, Phase, given, settings, target
from hypothesis import seed as seeded
from hypothesis import strategies as st

from ..identities import CATALOGUE
from .accuracy import Loss
from .cases import COTANGENT, Case
from .strategies import Profile, cases
from .trial import NoAnswer

AROUND = 40.0
"""Entries within this of 0 are drawn to climb on: beyond it what saturates has done so."""

Worst = dict[str | None, tuple[Loss, Case]]


def worst_inputs(
    measure: Callable[[Case], Iterable[Loss]],
    first: Iterable[Case],
    drawn: st.SearchStrategy[Case],
    examples: int,
    seed: int,
) -> Worst:
    """The largest loss of the value and of each gradient, with its case.

    The ``first`` cases are tried, then as many ``examples`` of ``drawn``, towards larger losses. A
    case without an answer says nothing; after a timeout no further case is tried.
    """
    worst: Worst = {}
    hanging: list[Case] = []

    def losses(case: Case) -> list[Loss]:
        if hanging:
            return []
        try:
            found = list(measure(case))
        except NoAnswer as reason:
            hanging.extend([case] if reason.outcome == "timeout" else [])
            return []
        for loss in found:
            if loss.wrt not in worst or _worse(loss, case, *worst[loss.wrt]):
                worst[loss.wrt] = loss, case
        return found

    for case in first:
        losses(case)

    @seeded(seed)
    @settings(
        max_examples=max(examples, 1),
        database=None,  # every run is decided by its seed alone
        deadline=None,
        phases=(Phase.generate, Phase.target),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    @given(drawn)
    def climb(case: Case) -> None:
        for loss in losses(case):
            target(loss.lost, label=loss.wrt or "value")

    if examples:
        climb()
    return worst


def climbing_cases(identity: str, dtype: str, profile: Profile) -> st.SearchStrategy[Case]:
    """Cases of the profile, with up to two entries of any number near 0: small steps to climb."""
    names = [*CATALOGUE[identity].shapes, COTANGENT]
    entry = st.tuples(
        st.sampled_from(names), st.integers(0, 35), st.floats(-AROUND, AROUND, width=32)
    )
    return st.builds(
        lambda case, entries: dataclasses.replace(case, injections=(*case.injections, *entries)),
        cases(identity, dtype, profile),
        st.lists(entry, max_size=2),
    )


def _worse(loss: Loss, case: Case, before: Loss, of: Case) -> bool:
    """Whether it loses more, or as much on a smaller case."""
    return loss.lost > before.lost or (loss.lost == before.lost and case.size < of.size)
