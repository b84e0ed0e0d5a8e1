"""What the framework's compiler makes of a function gives what the function gives."""

from __future__ import annotations

from collections.abc import Iterator

from .equality import both, equal
from .trial import Trial
from .verdicts import Verdict


def compiled_equals_eager(trial: Trial) -> Iterator[Verdict]:
    """Value and gradients by compiled code are those operation by operation.

    Within their tolerances: a compiler may join operations, and then rounds less.
    """
    law = "compiled_equals_eager"
    compiled, eager = trial.observe_otherwise(law, method="compiled_vjp"), trial.observed
    what = "of the compiled function, from that without compiling,"
    yield equal(
        trial, law, None, compiled.value, eager.value, both(trial.expected, None),
        f"the value {what}",
    )  # fmt: skip
    for wrt in trial.wrt:
        got, wanted = compiled.gradients[wrt], eager.gradients[wrt]
        expectations = both(trial.expected, wrt)
        name = f"the gradient for {wrt} {what}"
        yield equal(trial, law, wrt, got, wanted, expectations, name)
