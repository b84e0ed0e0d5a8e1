"""Show one failure again, on literal arrays: what the scripts under ``reproduce/`` call."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ..identities import CATALOGUE
from ..implementations.implementation import Implementation
from ..implementations.loading import load
from ..laws import Trial, examine
from ..laws.cases import parse
from ..laws.trial import NoAnswer
from ..oracles.machine import MACHINES


def replay(
    backend: str,
    route: str,
    identity: str,
    dtype: str,
    law: str,
    wrt: str | None,
    case: str,
    arguments: Mapping[str, np.ndarray],
    ybar: np.ndarray,
) -> int:
    """Print what is expected and what the backend returns; 1 where the law fails, else 0.

    ``arguments`` and ``ybar`` hold the numbers as float64 (or integers); they are numbers of
    ``dtype`` already, so that rounding to it changes none.
    """
    adapter, declared, machine = load(backend), CATALOGUE[identity], MACHINES[dtype]
    given = {
        name: x if np.issubdtype(x.dtype, np.integer) else machine.round(x)
        for name, x in arguments.items()
    }
    trial = Trial(
        Implementation(adapter, route, identity, declared.forward),
        parse(identity, dtype, case),
        given=(given, machine.round(ybar)),
    )
    print(f"{identity} on {adapter.name} {adapter.version} ({route}, {dtype}), law {law}")
    for name, x in [*given.items(), ("ybar", trial.ybar)]:
        print(f"{name} =\n{x}")
    target = trial.expected.target(wrt)
    print(f"expected {wrt or 'value'} =\n{target.exact}\ntolerance =\n{target.tolerance}")
    try:
        observed = trial.observed
        print(f"got =\n{observed.value if wrt is None else observed.gradients[wrt]}")
    except NoAnswer as reason:
        print(f"got no answer: {reason}")
    verdicts = [v for v in examine(trial, [law]) if v.wrt in (wrt, None)]
    for verdict in verdicts:
        print(f"{law}{' for ' + verdict.wrt if verdict.wrt else ''}: {verdict.outcome}")
        if verdict.message:
            print(f"  {verdict.message}")
    return int(any(v.failed for v in verdicts))
