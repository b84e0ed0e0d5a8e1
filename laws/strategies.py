"""Hypothesis strategies for cases, the profiles, and the fixed layer that every run tries."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

from hypothesis import strategies as st

from ..identities import CATALOGUE
from ..oracles.machine import MACHINES
from .cases import COTANGENT, REACH, REGIMES, Case
from .shape_pool import shapes_of

ODD = (0.0, -0.0, 1.0, -1.0, 0.5, 1e-4, -1e-4, 20.0, -20.0, 100.0, -100.0, 1e4, -1e4)
"""Entries that are injected into an otherwise ordinary argument, as far as the type reaches."""


@dataclass(frozen=True)
class Profile:
    """How hard to look: shapes per identity, drawn cases, fixed cases, and the types tried.

    ``every_input`` adds all inputs of the 16-bit types to element-wise functions.
    """

    shapes: int
    examples: int
    fixed: int
    dtypes: tuple[str, ...]
    every_input: bool = False


PROFILES = {
    "smoke": Profile(shapes=4, examples=4, fixed=6, dtypes=("float64", "float32")),
    "ci": Profile(shapes=8, examples=40, fixed=24, dtypes=tuple(MACHINES)),
    "thorough": Profile(
        shapes=16, examples=400, fixed=72, dtypes=tuple(MACHINES), every_input=True
    ),
}


def static_choices(identity: str) -> list[tuple[tuple[str, object], ...]]:
    """Every combination of the identity's static parameters."""
    parameters = CATALOGUE[identity].parameters
    return [
        tuple(zip(parameters, values, strict=True))
        for values in itertools.product(*parameters.values())
    ]


def fixed_cases(identity: str, dtype: str, profile: Profile, seed: int) -> list[Case]:
    """The layer of special values that runs first and always: regimes in turn, shape by shape."""
    regimes = ("special", "ties", "ordinary", "large", "exponents", "wide")
    shapes = shapes_of(identity, profile.shapes, 0)
    statics = static_choices(identity)
    # Diagonals, so that few turns see every shape, every parameter and every regime; many see all.
    pairs = [
        (shapes[k % len(shapes)], statics[(k // len(shapes) + k % len(shapes)) % len(statics)])
        for k in range(len(shapes) * len(statics))
    ]
    together = math.lcm(len(pairs), len(regimes))
    turns = range(min(profile.fixed, len(pairs) * len(regimes)))
    return [
        Case(
            identity,
            dtype,
            *pairs[turn % len(pairs)],
            regime=regimes[(turn + turn // together) % len(regimes)],
            seed=seed + turn,
        )
        for turn in turns
    ]


def cases(identity: str, dtype: str, profile: Profile) -> st.SearchStrategy[Case]:
    """Draw a shape from the identity's pool, a regime, a seed and up to three odd entries."""
    names = [*CATALOGUE[identity].shapes, COTANGENT]
    within_reach = [number for number in ODD if abs(number) <= 10 ** REACH[dtype]]
    injection = st.tuples(st.sampled_from(names), st.integers(0, 35), st.sampled_from(within_reach))
    return st.builds(
        Case,
        identity=st.just(identity),
        dtype=st.just(dtype),
        sizes=st.sampled_from(shapes_of(identity, profile.shapes, 0)),
        static=st.sampled_from(static_choices(identity)),
        regime=st.sampled_from(list(REGIMES)),
        seed=st.integers(0, 2**31 - 1),
        injections=st.lists(injection, max_size=3).map(tuple),
    )
