"""Show one failure again, on literal arrays: what the scripts under ``reproduce/`` call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ..identities import CATALOGUE
from ..implementations.implementation import Implementation
from ..implementations.loading import load
from ..laws import LAWS, Trial, agreement, examine
from ..laws.answers import answer_to
from ..laws.cases import parse
from ..laws.trial import NoAnswer
from ..laws.value_and_gradient import value
from ..oracles.machine import MACHINES, is_discrete


def replay(
    backend: str,
    route: str,
    identity: str,
    dtype: str,
    law: str,
    wrt: str | None,
    case: str,
    arguments: Mapping[str, np.ndarray] | None = None,
    ybar: np.ndarray | None = None,
    others: Sequence[tuple[str, str]] = (),
) -> int:
    """Print what is expected and what the backend returns; 1 where the law fails, else 0.

    The law of agreement needs ``others``: (backend, route) of every implementation to compare.

    ``arguments`` and ``ybar`` hold the numbers as float64 (or integers); they are numbers of
    ``dtype`` already, so that rounding to it changes none. Without them the case builds its own.
    """
    declared, machine, tried = CATALOGUE[identity], MACHINES[dtype], parse(identity, dtype, case)
    arguments = tried.arguments() if arguments is None else arguments
    ybar = tried.cotangent() if ybar is None else ybar
    given = {name: x if is_discrete(x) else machine.round(x) for name, x in arguments.items()}

    def trial_of(spec: str, by: str) -> Trial:
        implementation = Implementation(load(spec), by, identity, declared.forward)
        literal = (given, machine.round(ybar))
        return Trial(implementation, tried, given=literal)

    trial = trial_of(backend, route)
    adapter = trial.implementation.backend
    print(f"{identity} on {adapter.name} {adapter.version} ({route}, {dtype}), law {law}")
    try:
        answer = answer_to(trial, law, wrt)
    except NoAnswer:
        answer = answer_to(trial, value.__name__, None)
    directions = [(f"direction of {name}", v) for name, v in answer.tangents.items()]
    for name, x in [*given.items(), ("ybar", trial.ybar), *directions]:
        print(f"{name} =\n{x}")
    target = answer.widest
    print(f"expected {answer.what} =\n{target.exact}\ntolerance =\n{target.tolerance}")
    try:
        print(f"got =\n{answer.observed()}")
    except NoAnswer as reason:
        print(f"got no answer: {reason}")
    if law in LAWS:
        verdicts = [v for v in examine(trial, [law]) if v.wrt in (wrt, None)]
    else:
        rest = [trial_of(spec, by) for spec, by in others if (spec, by) != (backend, route)]
        judged = agreement([trial, *rest])
        verdicts = [v for t, v in judged if t is trial and v.wrt == wrt]
    for verdict in verdicts:
        print(f"{law}{' for ' + verdict.wrt if verdict.wrt else ''}: {verdict.outcome}")
        if verdict.message:
            print(f"  {verdict.message}")
    return int(any(v.failed for v in verdicts))
