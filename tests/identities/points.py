"""Points at which the documented claims are tried: drawn by Hypothesis, the same on every run."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.identities.shapes import concrete, dimensions_of, is_many, parse_shape
from gradient_conformance.laws.cases import COTANGENT, Case
from gradient_conformance.laws.regimes import REACH, REGIMES
from gradient_conformance.laws.shape_pool import Sizes, starred_names
from gradient_conformance.laws.strategies import ODD, broadcastable, static_choices
from gradient_conformance.oracles.proofs import Proof

EXAMPLES = 20
LIKELY = ("ordinary", "exponents", "special", "ties")
"""Regimes drawn twice as often as those whose numbers are too far apart for 200 bits; at the ends
of the type's range (*extreme*) those would hold nothing."""
CROWDED = 5
"""An identity of more named dimensions than this is tried on sizes 1 and 2: cost is a product."""


def points(identity: str, dtype: str = "float64") -> st.SearchStrategy[Case]:
    """Cases of an identity, of any shape that it takes, small ones: a proof needs no more."""
    return narrowed(identity, CATALOGUE[identity].shapes, dtype)


def narrowed(
    identity: str, shapes: Mapping[str, str], dtype: str = "float64"
) -> st.SearchStrategy[Case]:
    """Cases of the shapes that a Jacobian or component form is documented for.

    A case is built from the identity's own shapes, so ``"n"`` in place of ``"... n"`` or of
    ``"..."`` says how long the leading dimensions are.
    """
    names = [*shapes, COTANGENT]
    odd = [number for number in ODD if abs(number) <= 10 ** REACH[dtype]]
    injection = st.tuples(st.sampled_from(names), st.integers(0, 35), st.sampled_from(odd))
    return st.builds(
        Case,
        identity=st.just(identity),
        dtype=st.just(dtype),
        sizes=_sizes(identity, shapes),
        static=st.sampled_from(static_choices(identity)),
        regime=st.sampled_from([*LIKELY, *(r for r in REGIMES if r != "extreme")]),
        seed=st.integers(0, 2**31 - 1),
        injections=st.lists(injection, max_size=2).map(tuple),
    )


def _sizes(identity: str, shapes: Mapping[str, str]) -> st.SearchStrategy[Sizes]:
    smallest = CATALOGUE[identity].sizes
    names = dimensions_of(shapes)
    if len(starred_names(names)) > 1:
        return broadcastable(names)
    likely = [2, 1, 2, 1] if len(names) > CROWDED else [2, 3, 1, 2, 3, 1, 0]
    drawn: dict[str, st.SearchStrategy[int | tuple[int, ...]]] = {}
    for name in names:
        at_least = smallest.get(name, 0)
        one = st.sampled_from([n for n in likely if n >= at_least] or [at_least])
        drawn[name] = st.lists(one, max_size=2).map(tuple) if is_many(name) else one
    return st.fixed_dictionaries(drawn).map(lambda sizes: _widened(identity, shapes, sizes))


def _widened(
    identity: str, shapes: Mapping[str, str], drawn: Mapping[str, int | tuple[int, ...]]
) -> Sizes:
    """The sizes of the identity's own dimensions that give the narrowed shapes."""
    wide = CATALOGUE[identity].shapes
    if dict(shapes) == dict(wide):
        return tuple(drawn.items())
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
