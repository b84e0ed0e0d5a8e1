"""The search for a counterexample: the fixed layer first, then Hypothesis."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded

from .cases import Case
from .strategies import Profile, cases, fixed_cases
from .verdicts import Verdict


class Counterexample(AssertionError):
    """A law failed on a case; Hypothesis catches it and looks for a smaller one."""


class GaveUp(Exception):
    """The implementation does not come back: trying more cases would cost the run."""


def search(
    judge: Callable[[Case], list[Verdict]],
    identity: str,
    dtype: str,
    profile: Profile,
    seed: int,
) -> None:
    """Try cases until the profile's number is reached, or shrink the first that fails.

    ``judge`` tries one case, records what it saw, and returns the failures. Nothing is raised for
    those; GaveUp is raised after a timeout.
    """

    def hold(case: Case) -> None:
        failures = judge(case)
        if any(v.outcome == "timeout" for v in failures):
            raise GaveUp(failures[0].message)
        if failures:
            raise Counterexample(failures[0].message)

    for case in fixed_cases(identity, dtype, profile, seed):
        with suppress(Counterexample):
            hold(case)

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

    with suppress(Counterexample):
        drawn()
