"""The search for a counterexample: the fixed layer first, then Hypothesis."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import suppress

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis.errors import Flaky

from .cases import Case
from .strategies import Profile, cases, fixed_cases
from .verdicts import Verdict


class Counterexample(AssertionError):
    """A law failed on a case; Hypothesis catches it and looks for a smaller one."""


def search(
    judge: Callable[[Case], list[Verdict]],
    identity: str,
    dtype: str,
    profile: Profile,
    seed: int,
) -> None:
    """Try cases until the profile's number is reached, or shrink the first that fails.

    ``judge`` tries one case, records what it saw, and returns the failures; nothing is raised for
    those. After a timeout no further case is tried.
    """
    hanging: list[str] = []

    def hold(case: Case) -> None:
        if hanging:  # trying more cases, or smaller ones, would cost the run
            return
        failures = judge(case)
        hanging.extend(v.message for v in failures if v.outcome == "timeout")
        if failures and not hanging:
            raise Counterexample(failures[0].message)

    for case in fixed_cases(identity, dtype, profile, seed):
        with suppress(Counterexample):
            hold(case)

    # Flaky: an answer that is wrong now and then. What was seen of it is recorded already.
    with suppress(Counterexample, Flaky):
        _draw(hold, identity, dtype, profile, seed)


@functools.lru_cache(maxsize=64)
def all_cases(identity: str, dtype: str, profile: Profile, seed: int) -> tuple[Case, ...]:
    """The cases that ``search`` tries while nothing fails, in order."""
    drawn: list[Case] = []
    _draw(drawn.append, identity, dtype, profile, seed)
    return (*fixed_cases(identity, dtype, profile, seed), *drawn)


def _draw(
    hold: Callable[[Case], None], identity: str, dtype: str, profile: Profile, seed: int
) -> None:
    """Hand drawn cases to ``hold``; one for which it raises is made smaller, and raised again."""

    @seeded(seed)
    @settings(
        max_examples=profile.examples,
        database=None,  # every run is decided by its seed alone
        deadline=None,  # a first call compiles; the time limit of a trial stands instead
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),  # they are about speed, which compiling decides
        report_multiple_bugs=False,
        print_blob=False,
    )
    @given(cases(identity, dtype, profile))
    def drawn(case: Case) -> None:
        hold(case)

    drawn()
