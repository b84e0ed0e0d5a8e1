"""Hypothesis strategies for cases, the profiles, and the fixed layer that every run tries."""

from __future__ import annotations

import dataclasses
import itertools
import math
from dataclasses import dataclass

from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes

from ..identities import CATALOGUE
from ..identities.shapes import dimensions_of
from ..oracles.machine import MACHINES
from .axis import AXIS, POINTS
from .cases import COTANGENT, Case, output_shape
from .regimes import REACH, REGIMES, SMALL
from .shape_pool import (
    Sizes,
    block_shapes_of,
    is_long,
    shapes_of,
    starred_names,
    telling_shapes_of,
)

Static = tuple[tuple[str, object], ...]

ODD = (0.0, -0.0, 1.0, -1.0, 0.5, 1e-4, -1e-4, 20.0, -20.0, 100.0, -100.0, 1e4, -1e4)
"""Entries that are injected into an otherwise ordinary argument, as far as the type reaches."""


PLAIN = 8
"""Plain cases that are tried where no other case came to a decision."""


@dataclass(frozen=True)
class Profile:
    """How hard to look: shapes per identity, drawn cases, fixed cases, and the types tried.

    ``telling`` adds a fixed case for each shape that shows what others hide, ``blocks`` shapes
    around the block sizes of kernels, for the identities that name some, and ``every_input`` all
    inputs of the 16-bit types, for element-wise functions; ``paths`` tries every path through a
    framework's code, where no backend is named. ``costly`` is for how many shapes the laws that
    cost compiling anew are tried: forward mode, second order, transformations; ``accuracy`` is how
    many drawn cases measure the digits lost, beside the fixed ones, if any. Where ``only_sizes`` or
    ``only_statics`` are given, no other shapes, or static parameters, are tried.
    """

    shapes: int
    examples: int
    fixed: int
    dtypes: tuple[str, ...]
    telling: bool = False
    blocks: bool = False
    every_input: bool = False
    costly: int = 0
    paths: bool = False
    accuracy: int = 0
    only_sizes: tuple[Sizes, ...] = ()
    only_statics: tuple[Static, ...] = ()


PROFILES = {
    "smoke": Profile(shapes=4, examples=4, fixed=7, dtypes=("float64", "float32")),
    "ci": Profile(
        shapes=8,
        examples=40,
        fixed=24,
        dtypes=tuple(MACHINES),
        telling=True,
        costly=1,
        accuracy=20,
    ),
    "thorough": Profile(
        shapes=16,
        examples=400,
        fixed=72,
        dtypes=tuple(MACHINES),
        telling=True,
        blocks=True,
        every_input=True,
        costly=16,
        paths=True,
        accuracy=100,
    ),
}


def pool_of(identity: str, profile: Profile) -> tuple[Sizes, ...]:
    """The shapes that a profile tries, the small ones first."""
    if profile.only_sizes:
        return profile.only_sizes
    small = shapes_of(identity, profile.shapes, 0)
    return small + (block_shapes_of(identity) if profile.blocks else ())


def costly_sizes(identity: str, profile: Profile) -> frozenset[Sizes] | None:
    """The sizes at which the costly laws are tried: without the smallest; None where at all."""
    if profile.costly >= profile.shapes:
        return None
    pool = pool_of(identity, profile)
    chosen = (pool[1:] or pool)[: profile.costly]
    return frozenset(
        Case(identity, profile.dtypes[0], sizes, static).sizes  # made to fit the parameters
        for sizes in chosen
        for static in static_choices(identity)
    )


def static_choices(identity: str) -> list[Static]:
    """Every combination of the identity's static parameters."""
    parameters = CATALOGUE[identity].parameters
    return [
        tuple(zip(parameters, values, strict=True))
        for values in itertools.product(*parameters.values())
    ]


def fixed_cases(identity: str, dtype: str, profile: Profile, seed: int) -> list[Case]:
    """The layer that runs first and always: special values shape by shape, then telling shapes."""
    regimes = ("special", "ties", "ordinary", "large", "exponents", "wide", "extreme")
    shapes = pool_of(identity, profile)
    statics = profile.only_statics or static_choices(identity)
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
    ] + (_telling_cases(identity, dtype, seed + profile.fixed) if profile.telling else [])


def axis_case(identity: str, dtype: str) -> Case | None:
    """All points of the axis at once, for an element-wise function.

    Of its parameters the last are taken: the first may be trivial, as is the power 0.
    """
    if not CATALOGUE[identity].elementwise:
        return None
    static = static_choices(identity)[-1]
    return Case(identity, dtype, (("...", (len(POINTS),)),), static, AXIS)


def plain_cases(identity: str, dtype: str, seed: int) -> list[Case]:
    """Ordinary numbers in the smallest shape, with the static parameters in turn.

    There rounding hides least: of sums that cancel few terms are left, or one.
    """
    (smallest,) = shapes_of(identity, 1, 0)
    statics = static_choices(identity)
    return [
        Case(identity, dtype, smallest, statics[k % len(statics)], seed=seed + k)
        for k in range(PLAIN)
    ]


def _telling_cases(identity: str, dtype: str, seed: int) -> list[Case]:
    """Ordinary numbers in each of the telling shapes; in the first, with all parameters in turn.

    Where a dimension is long they are small, so that what takes a sum of them is not saturated.
    """
    alike, *others = telling_shapes_of(identity)
    chosen = [(alike, static) for static in static_choices(identity)]
    chosen += [(sizes, _telling_static(identity, sizes, k + 1)) for k, sizes in enumerate(others)]
    chosen += [
        (sizes, kept)
        for sizes, static in chosen
        if not _keeps_ones(identity, sizes, static)
        and (kept := _static_that_keeps_ones(identity, sizes)) is not None
    ]
    cases = [
        Case(identity, dtype, sizes, static, seed=seed + k)
        for k, (sizes, static) in enumerate(chosen)
    ]
    cases[0] = dataclasses.replace(cases[0], injections=_beside_kinks(identity))
    return [
        dataclasses.replace(case, regime=SMALL) if is_long(case.sizes) else case for case in cases
    ]


def _beside_kinks(identity: str) -> tuple[tuple[str, int, float], ...]:
    """Entries an eighth above and below each kink: there it shows which side is taken for which."""
    return tuple(
        (name, 2 * k + side, kink + (0.125 if side else -0.125))
        for name, kinks in CATALOGUE[identity].kinks.items()
        for k, kink in enumerate(kinks)
        for side in (0, 1)
    )


def _telling_static(identity: str, sizes: Sizes, k: int) -> Static:
    """The k-th of the static parameters, or the next one with which there is an output."""
    statics = static_choices(identity)
    turned = [statics[(k + turn) % len(statics)] for turn in range(len(statics))]
    shapes = (
        output_shape(identity, Case(identity, "float64", sizes, static).sizes, static)
        for static in turned
    )
    found = (static for static, shape in zip(turned, shapes, strict=True) if 0 not in shape)
    return next(found, turned[0])


def _keeps_ones(identity: str, sizes: Sizes, static: Static) -> bool:
    """Whether the dimensions that are to be 1 are 1 with these static parameters."""
    fitted = dict(Case(identity, "float64", sizes, static).sizes)
    return all(fitted[name] == 1 for name, size in sizes if size == 1)


def _static_that_keeps_ones(identity: str, sizes: Sizes) -> Static | None:
    """The first static parameters that do, and with which there is an output: one head, say."""
    for static in static_choices(identity):
        fitted = Case(identity, "float64", sizes, static).sizes
        if _keeps_ones(identity, sizes, static) and 0 not in output_shape(identity, fitted, static):
            return static
    return None


def cases(identity: str, dtype: str, profile: Profile) -> st.SearchStrategy[Case]:
    """Draw a shape, a regime, a seed and up to three odd entries."""
    names = [*CATALOGUE[identity].shapes, COTANGENT]
    within_reach = [number for number in ODD if abs(number) <= 10 ** REACH[dtype]]
    injection = st.tuples(st.sampled_from(names), st.integers(0, 35), st.sampled_from(within_reach))
    return st.builds(
        Case,
        identity=st.just(identity),
        dtype=st.just(dtype),
        sizes=_sizes(identity, profile),
        static=st.sampled_from(profile.only_statics or static_choices(identity)),
        regime=st.sampled_from(list(REGIMES)),
        seed=st.integers(0, 2**31 - 1),
        injections=st.lists(injection, max_size=3).map(tuple),
    )


def _sizes(identity: str, profile: Profile) -> st.SearchStrategy[Sizes]:
    """Shapes of the pool; half of those that broadcast are drawn anew, whatever they cost."""
    pool = st.sampled_from(pool_of(identity, profile))
    names = dimensions_of(CATALOGUE[identity].shapes)
    if profile.only_sizes or len(starred_names(names)) < 2:
        return pool
    return pool | broadcastable(names)


def broadcastable(names: tuple[str, ...]) -> st.SearchStrategy[Sizes]:
    """Sizes of starred dimensions that broadcast: 1, 0 or missing on either side."""
    shapes = mutually_broadcastable_shapes(
        num_shapes=len(names), min_side=0, max_side=4, max_dims=3
    )
    return shapes.map(lambda drawn: tuple(zip(names, drawn.input_shapes, strict=True)))
