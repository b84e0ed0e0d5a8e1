"""A pool of shapes for each identity: a new shape costs a compiler run, a new value nothing."""

from __future__ import annotations

import functools
import itertools
import zlib
from collections.abc import Iterable
from typing import Any

import numpy as np

from ..identities import CATALOGUE
from ..identities.declaration import Identity
from ..identities.shapes import dimensions_of, is_many

Sizes = tuple[tuple[str, int | tuple[int, ...]], ...]
LARGEST = 6
BOTH_STRETCHED = ((3, 1), (2, 1, 4))
"""Shapes that broadcast: the first lacks a dimension, and each has a 1 where the other has more."""
BLOCKS = ((15, 16, 17), (31, 32, 33), (63, 64, 65))
"""Sizes at which kernels change: a block less one, full, and one more."""
ALIKE = 3
"""A size that all dimensions have at once: there a transposed gradient keeps its shape."""
LONG = 39
"""Longer than blocks of 8, 16 and 32, and no whole number of any."""


@functools.lru_cache(maxsize=1024)
def shapes_of(identity: str, count: int, seed: int) -> tuple[Sizes, ...]:
    """``count`` different shapes: all ones, all different, by turns one dimension empty or random.

    For two arrays that broadcast there is one more, in which both are stretched. A dimension with
    a smallest size keeps to it. An identity of few shapes gives fewer.
    """
    declared = CATALOGUE[identity]
    names = dimensions_of(declared.shapes)
    smallest = {name: declared.sizes.get(name, 0) for name in names}
    rng = np.random.default_rng([seed, zlib.crc32(identity.encode())])
    found: dict[Sizes, None] = {}
    for sizes in itertools.islice(_in_turn(names, smallest, rng), 200):
        found.setdefault(tuple(sizes.items()))
        if len(found) == count:
            break
    return tuple(found)


def _in_turn(names: tuple[str, ...], smallest: dict[str, int], rng: np.random.Generator) -> Any:
    """All ones, all different; one dimension empty, random; another one empty, random; random.

    With two starred names, a pair of which each is stretched comes before the empty ones.
    """
    many = itertools.cycle([(2, 3), (3,), (2, 1), (1, 3)])
    distinct = {name: next(many) if is_many(name) else 3 + i for i, name in enumerate(names)}
    yield {name: () if is_many(name) else max(1, smallest[name]) for name in names}
    yield distinct
    starred = starred_names(names)
    if len(starred) == 2:
        yield {**distinct, **dict(zip(starred, BOTH_STRETCHED, strict=True))}
    may_be_empty = [name for name in names if smallest[name] == 0]
    for name in rng.permutation(may_be_empty):
        empty: Any = (2, 0) if is_many(name) else 0
        yield {**distinct, str(name): empty}
        yield _random(rng, names, smallest)
    while True:
        yield _random(rng, names, smallest)


def starred_names(names: Iterable[str]) -> tuple[str, ...]:
    """The dimensions like ``*a``: any number of them, which may have to broadcast."""
    return tuple(name for name in names if name.startswith("*"))


def _random(rng: np.random.Generator, names: tuple[str, ...], smallest: dict[str, int]) -> Any:
    sizes: dict[str, Any] = {}
    for name in names:
        if is_many(name):
            sizes[name] = tuple(int(n) for n in rng.choice([1, 2, 3, 4, 5], rng.integers(0, 4)))
        else:
            sizes[name] = int(rng.integers(max(1, smallest[name]), LARGEST + 1))
    return sizes


@functools.lru_cache(maxsize=256)
def block_shapes_of(identity: str) -> tuple[Sizes, ...]:
    """Shapes in which one of the dimensions that the identity names is about as large as a block.

    Three for each of them, one for each size of block, by turns a block less one, full, and one
    more; the other dimensions have 2 or 3, so that the exact answer stays cheap.
    """
    declared = CATALOGUE[identity]
    names = dimensions_of(declared.shapes)
    small = {
        name: (2,) if is_many(name) else max(2 + i % 2, declared.sizes.get(name, 0))
        for i, name in enumerate(names)
    }
    return tuple(
        tuple({**small, name: around[(i + turn) % len(around)]}.items())
        for i, name in enumerate(declared.blocks)
        for turn, around in enumerate(BLOCKS)
    )


@functools.lru_cache(maxsize=256)
def telling_shapes_of(identity: str) -> tuple[Sizes, ...]:
    """Shapes that show what ordinary ones hide: all dimensions alike; half of them 1; one long.

    Long is, in turn, each dimension that kernels cut into blocks, or where the identity names none
    each of all; the others have 2 there, so that the exact answer stays cheap.
    """
    declared = CATALOGUE[identity]
    names = dimensions_of(declared.shapes)
    smallest = {name: declared.sizes.get(name, 0) for name in names}

    def sizes(plain: int, odd: dict[str, int]) -> Sizes:
        chosen = {name: max(odd.get(name, plain), smallest[name]) for name in names}
        return tuple((n, _as_dimensions(n, size, plain)) for n, size in chosen.items())

    found = [sizes(_alike(declared), {})]
    if len(names) > 1:
        found += [sizes(ALIKE, dict.fromkeys(ones, 1)) for ones in _halves(names)]
    elif names and is_many(names[0]):
        found.append(((names[0], (ALIKE, 1)),))
    found += [sizes(2, {name: LONG}) for name in declared.blocks or names]
    return tuple(dict.fromkeys(found))


def _halves(names: tuple[str, ...]) -> list[list[str]]:
    """Half of the names and the other half, in such ways that any two names are parted by one.

    By the binary digits of their places: a gradient that vanishes where two dimensions are 1 (of
    attention to one key) is there with one of them by itself.
    """
    digits = range((len(names) - 1).bit_length())
    return [
        [name for place, name in enumerate(names) if place >> digit & 1 == side]
        for digit in digits
        for side in (0, 1)
    ]


def _alike(declared: Identity) -> int:
    """The size of all dimensions at once; one more where that size does not fit (an even one)."""
    names = dimensions_of(declared.shapes)
    if declared.fit is None or declared.parameters or any(map(is_many, names[1:])):
        return ALIKE
    alike: Any = {name: (ALIKE,) * 2 if is_many(name) else ALIKE for name in names}
    return ALIKE if declared.fit(alike) == alike else ALIKE + 1


def _as_dimensions(name: str, size: int, plain: int) -> int | tuple[int, ...]:
    """The size itself; of a name that stands for many dimensions, one that is odd, or two alike."""
    if not is_many(name):
        return size
    return (size,) if size != plain else (size,) * 2


def is_long(sizes: Sizes) -> bool:
    """Whether a dimension is longer than 32: as the long ones are, also once they fit together."""
    return any(n > 32 for _, size in sizes for n in (size if isinstance(size, tuple) else (size,)))
