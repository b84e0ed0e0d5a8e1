"""What must be among the cases: both arrays stretched, a cube permuted, an index twice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.identities.patterns import reduced_axes
from gradient_conformance.identities.shapes import dimensions_of
from gradient_conformance.laws.cases import Case, expected
from gradient_conformance.laws.shape_pool import shapes_of
from gradient_conformance.laws.strategies import PROFILES, broadcastable, cases, fixed_cases

EVERY_PROFILE = pytest.mark.parametrize("profile", PROFILES)
BROADCAST = [n for n, i in CATALOGUE.items() if dimensions_of(i.shapes) == ("*a", "*b")]
EVERY_WAY = {f"{argument} {way}" for argument in "xy" for way in ("lacks", "is stretched")}
LOOKED_UP = {
    "embedding": ("i", -1),
    "gather": ("i", -1),
    "gather_in_columns": ("i", 0),
    "scatter_add": ("i", -1),
    "softmax_cross_entropy_by_index": ("t", -1),
}
"""Each argument that is an index, and the axis along which a repeated one must add up."""

Shape = tuple[int, ...]


def ways(x: Shape, y: Shape) -> set[str]:
    """Which argument lacks a dimension, and which has a 1 where the other has more."""
    found = set()
    for name, own, other in (("x", x, y), ("y", y, x)):
        if len(own) < len(other):
            found.add(f"{name} lacks")
        pairs = zip(reversed(own), reversed(other), strict=False)
        if any(a == 1 < b for a, b in pairs):
            found.add(f"{name} is stretched")
    return found


def ways_of(case: Case) -> set[str]:
    arguments = case.arguments()
    return ways(arguments["x"].shape, arguments["y"].shape)


def test_the_four_operations_broadcast() -> None:
    operations = {"sum", "difference", "product", "quotient"}
    assert set(BROADCAST) == {f"broadcast_{operation}" for operation in operations}


def test_ways_are_told_apart() -> None:
    assert ways((2, 3), (2, 3)) == ways((), ()) == set()
    assert ways((3,), (2, 3)) == {"x lacks"}
    assert ways((2, 3), (1, 3)) == {"y is stretched"}
    assert ways((3, 1), (2, 1, 4)) == {"x lacks", "x is stretched", "y is stretched"}


@EVERY_PROFILE
@pytest.mark.parametrize("identity", BROADCAST)
def test_either_side_lacks_a_dimension_and_is_stretched(identity: str, profile: str) -> None:
    """Also both at once, in the layer that every run tries, whatever is drawn."""
    found = [ways_of(case) for case in fixed_cases(identity, "float64", PROFILES[profile], 0)]
    assert set().union(*found) == EVERY_WAY
    assert any({"x is stretched", "y is stretched"} <= each for each in found)


@pytest.mark.parametrize("identity", BROADCAST)
def test_hypothesis_draws_shapes_that_are_not_in_the_pool(identity: str) -> None:
    chosen = PROFILES["ci"]
    pool = {Case(identity, "float64", sizes).sizes for sizes in shapes_of(identity, 8, 0)}
    found: list[Case] = []

    @settings(max_examples=chosen.examples, database=None, deadline=None, derandomize=True)
    @given(cases(identity, "float64", chosen))
    def collect(case: Case) -> None:
        found.append(case)

    collect()
    drawn = [case for case in found if case.sizes not in pool]
    assert len({case.sizes for case in drawn}) >= 5
    assert len(drawn) < len(found)


def test_what_broadcasts_is_left_as_it_was_drawn() -> None:
    """Sizes of 0, 1 and more, in every way; making them fit changes nothing."""
    found: set[str] = set()
    sides: set[int] = set()

    @settings(max_examples=200, database=None, deadline=None, derandomize=True)
    @given(broadcastable(("*a", "*b")))
    def look(sizes: tuple) -> None:
        case = Case("broadcast_sum", "float64", sizes)
        assert case.sizes == sizes
        x, y = case.arguments().values()
        np.broadcast_shapes(x.shape, y.shape)
        found.update(ways(x.shape, y.shape))
        sides.update(x.shape, y.shape)

    look()
    assert found == EVERY_WAY
    assert sides == {0, 1, 2, 3, 4}


def test_a_reduction_runs_over_every_set_of_axes() -> None:
    """Single axes as numbers, several as a tuple, counted from either end, kept or not."""
    parameters = CATALOGUE["sum_reduction"].parameters
    sets = {frozenset(reduced_axes(axis)) for axis in parameters["axis"]}
    assert len(sets) == 2**3 - 1
    numbers = [a for axis in parameters["axis"] for a in np.atleast_1d(axis if axis else 0)]
    assert min(numbers) < 0 < max(numbers)
    assert set(parameters["keepdims"]) == {False, True}


def test_permutations_are_of_every_rank_and_not_all_their_own_inverse() -> None:
    permutations = CATALOGUE["permutation"].parameters["axes"]
    assert all(sorted(axes) == list(range(len(axes))) for axes in permutations)
    assert {len(axes) for axes in permutations} == {0, 1, 2, 3, 4, 5}
    assert sum(len(axes) == 3 for axes in permutations) == 6
    for rank in (3, 4, 5):
        assert any(
            np.argsort(axes).tolist() != list(axes) for axes in permutations if len(axes) == rank
        )


@EVERY_PROFILE
def test_a_cube_is_permuted_by_what_is_not_its_own_inverse(profile: str) -> None:
    """There the shape does not show that the cotangent was permuted the wrong way."""
    found = fixed_cases("permutation", "float64", PROFILES[profile], 0)
    assert any(
        len(set(shape := case.arguments()["X"].shape)) == 1 < min(shape)
        and np.argsort(case.parameters["axes"]).tolist() != list(case.parameters["axes"])
        for case in found
    )


def repeats(index: np.ndarray, axis: int = -1) -> bool:
    """Whether a row of indices along an axis has one twice."""
    along = np.moveaxis(index, axis, -1)
    return bool(index.size) and any(
        len(set(row)) < len(row) for row in along.reshape(-1, along.shape[-1])
    )


def test_a_repeated_index_is_seen() -> None:
    assert repeats(np.array([[0, 1], [2, 2]]))
    assert not repeats(np.array([[0, 1], [1, 0]]))
    assert not repeats(np.array([[0, 0], [1, 1]]), axis=0)
    assert repeats(np.array([[0, 1], [0, 2]]), axis=0)


def test_every_identity_with_an_index_is_looked_at() -> None:
    indexed = {
        name
        for name, identity in CATALOGUE.items()
        if any(" integers" in condition.says for condition in identity.domain)
    }
    assert indexed == set(LOOKED_UP)


@EVERY_PROFILE
@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("identity", LOOKED_UP)
def test_an_index_is_repeated_with_distinct_cotangents(
    identity: str, profile: str, seed: int
) -> None:
    """Whatever the seed; and there are cases in which none is."""
    chosen = fixed_cases(identity, "float64", PROFILES[profile], 1000 * seed)
    argument, axis = LOOKED_UP[identity]
    found = [case for case in chosen if repeats(case.arguments()[argument], axis)]
    assert len(found) >= 2
    assert any(len(np.unique(case.cotangent())) > 2 for case in found)
    assert len(found) < len(chosen)


@pytest.mark.parametrize("name", [n for n, i in CATALOGUE.items() if "attention" in i.family])
def test_attention_has_gradients_where_a_dimension_is_1(name: str) -> None:
    """To one key they vanish, so that a mistake made only there would not show."""
    profile, seen = PROFILES["ci"], set()
    for case in fixed_cases(name, "float64", profile, 0)[profile.fixed :]:
        exact = expected(case, case.cotangent())
        for argument in CATALOGUE[name].gradients:
            gradient = exact.ends(argument)[0]
            if 1 in gradient.shape and gradient.any():
                seen.add(argument)
    assert seen == set(CATALOGUE[name].gradients)
