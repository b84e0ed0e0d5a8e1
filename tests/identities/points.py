"""Points at which the documented claims are tried: drawn by Hypothesis, the same on every run."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.identities.shapes import concrete, dimensions_of, parse_shape
from gradient_conformance.laws.cases import REGIMES, Case
from gradient_conformance.laws.strategies import PROFILES, cases, static_choices
from gradient_conformance.oracles.proofs import Proof

EXAMPLES = 25


def points(identity: str) -> st.SearchStrategy[Case]:
    """Cases of an identity in float64, of any shape that it takes."""
    return cases(identity, "float64", PROFILES["ci"])


def narrowed(identity: str, shapes: Mapping[str, str]) -> st.SearchStrategy[Case]:
    """Cases of the shapes that a Jacobian or component form is documented for.

    A case is built from the identity's own shapes, so ``"n"`` in place of ``"... n"`` or of
    ``"..."`` says how long the leading dimensions are.
    """
    declared = CATALOGUE[identity]
    if dict(shapes) == dict(declared.shapes):
        return points(identity)
    names = dimensions_of(shapes)
    smallest = {name: declared.sizes.get(name, 0) for name in names}
    sizes = st.fixed_dictionaries({name: st.integers(smallest[name], 5) for name in names})
    return st.builds(
        Case,
        identity=st.just(identity),
        dtype=st.just("float64"),
        sizes=sizes.map(lambda drawn: _sizes_of_identity(identity, shapes, drawn)),
        static=st.sampled_from(static_choices(identity)),
        regime=st.sampled_from(list(REGIMES)),
        seed=st.integers(0, 2**31 - 1),
    )


def _sizes_of_identity(
    identity: str, shapes: Mapping[str, str], drawn: Mapping[str, int]
) -> tuple[tuple[str, int | tuple[int, ...]], ...]:
    wide = CATALOGUE[identity].shapes
    sizes: dict[str, int | tuple[int, ...]] = {}
    for argument, text in wide.items():
        shape = concrete(shapes[argument], drawn)
        dimensions = parse_shape(text)
        if dimensions[:1] == ("...",):
            leading = len(shape) - len(dimensions) + 1
            sizes["..."], dimensions, shape = shape[:leading], dimensions[1:], shape[leading:]
        sizes |= dict(zip(dimensions, shape, strict=True))
    return tuple(sizes.items())


def filled(case: Case) -> bool:
    """Whether every argument has entries: on empty arrays any formula holds."""
    return all(x.size for x in case.arguments().values())


def over(
    drawn_from: st.SearchStrategy[Case],
    prove: Callable[[Case, np.random.Generator], list[Proof]],
    examples: int = EXAMPLES,
) -> list[Proof]:
    """Prove something at drawn points; the proofs of the points whose arguments have entries.

    An AssertionError from ``prove`` is shrunk to a small case as usual.
    """
    found: list[Proof] = []

    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=True,  # what is counted over a run must not vary from run to run
        suppress_health_check=list(HealthCheck),
    )
    @given(drawn_from)
    def drawn(case: Case) -> None:
        proofs = prove(case, np.random.default_rng(case.seed))
        if filled(case):
            found.extend(proofs)

    drawn()
    return found
