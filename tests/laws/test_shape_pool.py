"""The pool of shapes: different ones, the telling ones first, and the same in every run."""

from __future__ import annotations

import itertools
import math

import pytest

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.identities.shapes import dimensions_of, is_many
from gradient_conformance.laws.shape_pool import (
    BLOCKS,
    LARGEST,
    LONG,
    Sizes,
    block_shapes_of,
    is_long,
    shapes_of,
    telling_shapes_of,
)

EVERY_IDENTITY = pytest.mark.parametrize("identity", CATALOGUE)
COUNTS = (1, 3, 4, 8, 16)


def entries(sizes: Sizes) -> int:
    """How many entries an array of all these dimensions has."""
    return math.prod(math.prod(n) if isinstance(n, tuple) else n for _, n in sizes)


def may_be_empty(identity: str) -> bool:
    """Whether a dimension of the identity may have size 0."""
    declared = CATALOGUE[identity]
    return any(declared.sizes.get(name, 0) == 0 for name in dimensions_of(declared.shapes))


@EVERY_IDENTITY
def test_shapes_are_different_and_no_more_than_asked_for(identity: str) -> None:
    for count in COUNTS:
        pool = shapes_of(identity, count, 0)
        assert len(set(pool)) == len(pool) <= count
        assert len(pool) >= min(count, 5)


def test_one_of_few_shapes_gives_all_that_there_are() -> None:
    assert {dict(sizes)["n"] for sizes in shapes_of("trace", 16, 0)} == set(range(LARGEST + 1))
    assert len(shapes_of("least_squares", 16, 0)) == 16


@EVERY_IDENTITY
def test_every_dimension_has_a_size(identity: str) -> None:
    names = dimensions_of(CATALOGUE[identity].shapes)
    assert all(tuple(dict(sizes)) == names for sizes in shapes_of(identity, 8, 0))


@EVERY_IDENTITY
def test_the_first_is_all_ones(identity: str) -> None:
    """Or as small as the identity allows: a batch that is normalised has two entries."""
    smallest = CATALOGUE[identity].sizes
    for name, n in shapes_of(identity, 1, 0)[0]:
        assert n == (() if is_many(name) else max(1, smallest.get(name, 1)))


@EVERY_IDENTITY
def test_the_second_has_no_two_alike(identity: str) -> None:
    """A transposed or a swapped gradient has another shape there."""
    second = [n for name, n in shapes_of(identity, 2, 0)[1] if not is_many(name)]
    assert len(set(second)) == len(second)
    assert all(isinstance(n, int) and n > 2 for n in second)


@EVERY_IDENTITY
def test_one_is_empty_where_that_makes_sense(identity: str) -> None:
    """In the profile that looks least, which has four shapes."""
    empty = [sizes for sizes in shapes_of(identity, 4, 0) if entries(sizes) == 0]
    assert bool(empty) == may_be_empty(identity)


def test_there_are_identities_of_both_kinds() -> None:
    assert may_be_empty("trace")
    assert not may_be_empty("mean_squared_error")


def test_each_dimension_is_empty_in_one() -> None:
    pool = shapes_of("least_squares", 6, 0)
    assert {name for sizes in pool for name, n in sizes if n == 0} == {"m", "n"}


@EVERY_IDENTITY
@pytest.mark.parametrize("seed", range(4))
def test_smallest_and_largest_sizes_are_kept_to(identity: str, seed: int) -> None:
    smallest = CATALOGUE[identity].sizes
    largest = max(LARGEST, 2 + len(dimensions_of(CATALOGUE[identity].shapes)))  # all different
    for sizes in shapes_of(identity, 16, seed):
        for name, n in sizes:
            each = n if isinstance(n, tuple) else (n,)
            assert all(smallest.get(name, 0) <= size <= largest for size in each)


@EVERY_IDENTITY
def test_the_same_seed_gives_the_same_shapes(identity: str) -> None:
    first = shapes_of(identity, 8, 3)
    shapes_of.cache_clear()
    assert shapes_of(identity, 8, 3) == first


def test_another_seed_gives_others_after_the_telling_ones() -> None:
    one, other = shapes_of("least_squares", 12, 0), shapes_of("least_squares", 12, 1)
    assert one[:2] == other[:2]
    assert one[2:] != other[2:]


@EVERY_IDENTITY
def test_more_shapes_are_those_and_others(identity: str) -> None:
    """A profile that looks harder compiles what a smaller one compiled, and more."""
    few, many = shapes_of(identity, 4, 0), shapes_of(identity, 16, 0)
    assert many[:4] == few
    assert len(many) > 4


@EVERY_IDENTITY
def test_one_dimension_at_a_time_is_as_large_as_a_block(identity: str) -> None:
    around = {size for sizes in BLOCKS for size in sizes}
    seen: dict[str, list[int]] = {}
    for sizes in block_shapes_of(identity):
        assert tuple(dict(sizes)) == dimensions_of(CATALOGUE[identity].shapes)
        large = [(name, n) for name, n in sizes if n in around]
        assert len(large) == 1
        assert all(n in (2, 3, (2,)) for name, n in sizes if (name, n) not in large)
        seen.setdefault(large[0][0], []).append(large[0][1])
    assert tuple(seen) == CATALOGUE[identity].blocks
    assert all(
        [size in block for size, block in zip(found, BLOCKS, strict=True)] == [True] * len(BLOCKS)
        for found in seen.values()
    )


def test_attention_and_convolution_meet_every_size_around_a_block() -> None:
    families = {n: i.family for n, i in CATALOGUE.items() if i.blocks}
    assert set(families.values()) == {
        "attention", "attention_heads", "attention_masks", "batched_convolution", "convolution",
    }  # fmt: skip
    for name in ("attention", "convolution_2d"):
        found = {n for sizes in block_shapes_of(name) for _, n in sizes if n not in (2, 3)}
        assert found == {size for sizes in BLOCKS for size in sizes}


@EVERY_IDENTITY
def test_telling_shapes_are_alike_then_some_ones_then_long(identity: str) -> None:
    alike, *others = telling_shapes_of(identity)
    names = dimensions_of(CATALOGUE[identity].shapes)
    flat = [n for _, size in alike for n in (size if isinstance(size, tuple) else (size,))]
    assert set(flat) <= {3} or (identity == "glu" and set(flat) == {4})
    long = [sizes for sizes in others if is_long(sizes)]
    assert len(long) == len(CATALOGUE[identity].blocks or names)
    assert all(sum(size in (LONG, (LONG,)) for _, size in sizes) == 1 for sizes in long)
    ones = [sizes for sizes in others if not is_long(sizes)]
    smallest = CATALOGUE[identity].sizes
    can_be_one = {name for name in names if smallest.get(name, 0) <= 1}
    seen = {name for sizes in ones for name, size in sizes if size in (1, (1,))}
    assert seen == (can_be_one if len(names) > 1 else set())


@EVERY_IDENTITY
def test_of_any_two_dimensions_one_is_1_where_the_other_is_not(identity: str) -> None:
    smallest = CATALOGUE[identity].sizes
    names = dimensions_of(CATALOGUE[identity].shapes)
    ones = {frozenset(n for n, size in s if size in (1, (1,))) for s in telling_shapes_of(identity)}
    for one, other in itertools.permutations(names, 2):
        if smallest.get(one, 0) <= 1:
            assert any(one in found and other not in found for found in ones)


def test_long_is_longer_than_blocks_and_no_whole_number_of_them() -> None:
    for block in (8, 16, 32):
        assert block < LONG
        assert LONG % block
