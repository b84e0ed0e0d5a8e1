"""The fixed layer, the drawn cases and the profiles."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections import Counter

import pytest
from hypothesis import find, given, settings

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.identities.shapes import dimensions_of
from gradient_conformance.laws.cases import Case, output_shape
from gradient_conformance.laws.regimes import REACH, REGIMES, SMALL
from gradient_conformance.laws.shape_pool import (
    Sizes,
    block_shapes_of,
    is_long,
    shapes_of,
    starred_names,
    telling_shapes_of,
)
from gradient_conformance.laws.strategies import (
    ODD,
    PROFILES,
    Profile,
    cases,
    fixed_cases,
    pool_of,
    static_choices,
)
from gradient_conformance.oracles.machine import MACHINES

EVERY_IDENTITY = pytest.mark.parametrize("identity", CATALOGUE)
EVERY_TYPE = pytest.mark.parametrize("dtype", MACHINES)
few = settings(max_examples=12, database=None, deadline=None, derandomize=True)
many = settings(few, max_examples=300)


def profile(shapes: int, fixed: int) -> Profile:
    """One with that many shapes and fixed cases."""
    return Profile(shapes, 0, fixed, ("float64",))


@EVERY_IDENTITY
@pytest.mark.parametrize("name", ["ci", "thorough"])
def test_the_fixed_layer_has_every_regime(identity: str, name: str) -> None:
    found = fixed_cases(identity, "float64", without_telling(name), 0)
    assert {case.regime for case in found} == set(REGIMES)


def without_telling(name: str) -> Profile:
    """A profile without the cases of telling shapes, which are not special values."""
    return dataclasses.replace(PROFILES[name], telling=False)


@EVERY_IDENTITY
@pytest.mark.parametrize("name", PROFILES)
def test_telling_shapes_come_last_in_ci_and_thorough(identity: str, name: str) -> None:
    special = fixed_cases(identity, "float64", without_telling(name), 3)
    found = fixed_cases(identity, "float64", PROFILES[name], 3)
    assert found[: len(special)] == special
    telling = found[len(special) :]
    assert bool(telling) == (name != "smoke")
    shapes = {sizes for sizes, _ in fitted(identity, telling_shapes_of(identity))}
    assert {case.sizes for case in telling} <= shapes
    statics = {case.static for case in telling}
    assert statics == set(static_choices(identity)) or not telling
    for case in telling:
        assert case.regime == (SMALL if is_long(case.sizes) else "ordinary")


@EVERY_IDENTITY
def test_a_telling_case_has_an_output_where_a_parameter_allows_one(identity: str) -> None:
    telling = fixed_cases(identity, "float64", PROFILES["ci"], 0)[24:]
    for case in telling:
        if 0 in output_shape(identity, case.sizes, case.static):
            assert case.sizes == Case(identity, "float64", telling[0].sizes, case.static).sizes


def test_two_turns_do_not_have_every_regime() -> None:
    found = fixed_cases("square", "float64", profile(4, 2), 0)
    assert {case.regime for case in found} < set(REGIMES)


def fitted(identity: str, pool: tuple[Sizes, ...]) -> set[tuple]:
    """Every shape of a pool with every parameter, in sizes that fit together."""
    return {
        (Case(identity, "float64", sizes, static).sizes, static)
        for sizes in pool
        for static in static_choices(identity)
    }


def turns_of(identity: str, fixed: int) -> Counter[tuple]:
    """How often each shape, with each parameter, meets each regime."""
    found = fixed_cases(identity, "float64", profile(5, fixed), 0)
    return Counter((case.sizes, case.static, case.regime) for case in found)


@EVERY_IDENTITY
def test_with_enough_turns_every_shape_meets_every_regime_once(identity: str) -> None:
    wanted = {
        (*pair, regime)
        for pair in fitted(identity, shapes_of(identity, 5, 0))
        for regime in REGIMES
    }
    enough = turns_of(identity, 1000)
    assert set(enough) == wanted
    assert set(enough.values()) == {1} or CATALOGUE[identity].fit  # which may make two alike
    assert len(turns_of(identity, len(wanted) // 2)) < len(wanted)


@EVERY_IDENTITY
@pytest.mark.parametrize("name", PROFILES)
def test_every_shape_and_parameter_is_in_a_fixed_layer_that_has_room(
    identity: str, name: str
) -> None:
    chosen = without_telling(name)
    pairs = fitted(identity, pool_of(identity, chosen))
    found = {(c.sizes, c.static) for c in fixed_cases(identity, "float64", chosen, 0)}
    assert found == pairs or chosen.fixed < len(pairs)
    assert found <= pairs


@EVERY_IDENTITY
def test_block_shapes_are_tried_in_the_thorough_profile_and_only_there(identity: str) -> None:
    around = set(fitted(identity, block_shapes_of(identity)))
    for name in PROFILES:
        chosen = without_telling(name)
        found = {(c.sizes, c.static) for c in fixed_cases(identity, "float64", chosen, 0)}
        shapes = {sizes for sizes, _ in found & around}
        if name == "thorough":  # each of them, with one parameter or another
            assert shapes == {sizes for sizes, _ in around} or CATALOGUE[identity].fit
            assert bool(shapes) == bool(CATALOGUE[identity].blocks)
        else:
            assert not shapes


def test_every_combination_of_parameters_is_a_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    assert static_choices("square") == [()]
    assert static_choices("mean_squared_error") == [
        (("reduction", "mean"),),
        (("reduction", "sum"),),
    ]
    monkeypatch.setattr(CATALOGUE["square"], "parameters", {"axis": (0, -1), "eps": (1e-5, 0.0)})
    assert len(set(static_choices("square"))) == 4


@EVERY_IDENTITY
def test_the_fixed_layer_is_decided_by_the_seed(identity: str) -> None:
    one, again = (fixed_cases(identity, "float32", PROFILES["ci"], 5) for _ in range(2))
    assert one == again
    assert len({case.seed for case in one}) == len(one)
    other = fixed_cases(identity, "float32", PROFILES["ci"], 1005)
    assert not {case.seed for case in one} & {case.seed for case in other}
    assert [case.sizes for case in one] == [case.sizes for case in other]  # compiled once for all


def test_profiles_look_harder_one_after_the_other() -> None:
    assert list(PROFILES) == ["smoke", "ci", "thorough"]
    efforts = [(p.shapes, p.examples, p.fixed, len(p.dtypes)) for p in PROFILES.values()]
    for less, more in itertools.pairwise(efforts):
        assert all(a <= b for a, b in zip(less, more, strict=True))
        assert less[:3] != more[:3]
    assert all(set(p.dtypes) <= set(MACHINES) for p in PROFILES.values())
    assert PROFILES["thorough"].dtypes == tuple(MACHINES)


@EVERY_TYPE
@EVERY_IDENTITY
def test_drawn_cases_are_of_the_pool_and_in_reach(identity: str, dtype: str) -> None:
    pairs = fitted(identity, shapes_of(identity, PROFILES["ci"].shapes, 0))
    stretches = len(starred_names(dimensions_of(CATALOGUE[identity].shapes))) > 1

    @few
    @given(cases(identity, dtype, PROFILES["ci"]))
    def holds(case: Case) -> None:
        assert (case.identity, case.dtype) == (identity, dtype)
        assert (case.sizes, case.static) in pairs or stretches
        assert case.regime in REGIMES
        assert len(case.injections) <= 3
        for argument, _, number in case.injections:
            assert argument in (*CATALOGUE[identity].shapes, "ybar")
            assert number in ODD
            assert abs(number) <= 10 ** REACH[dtype]
            assert number == 0 or abs(number) >= MACHINES[dtype].smallest

    holds()


@functools.cache
def drawn(dtype: str) -> list[Case]:
    """Some hundred cases of an identity of two arguments."""
    found: list[Case] = []

    @many
    @given(cases("residual", dtype, PROFILES["ci"]))
    def collect(case: Case) -> None:
        found.append(case)

    collect()
    return found


@EVERY_TYPE
def test_every_shape_and_regime_is_drawn(dtype: str) -> None:
    assert {case.regime for case in drawn(dtype)} == set(REGIMES)
    assert {case.sizes for case in drawn(dtype)} == set(shapes_of("residual", 8, 0))
    assert len({case.seed for case in drawn(dtype)}) > 50


@EVERY_TYPE
def test_every_argument_and_the_cotangent_get_odd_entries(dtype: str) -> None:
    odd = [case.injections for case in drawn(dtype)]
    assert {name for each in odd for name, _, _ in each} == {"X", "Z", "ybar"}
    assert {len(each) for each in odd} == {0, 1, 2, 3}


@EVERY_TYPE
def test_large_numbers_are_injected_where_the_type_has_room(dtype: str) -> None:
    numbers = {abs(number) for case in drawn(dtype) for _, _, number in case.injections}
    assert numbers == {abs(number) for number in ODD if abs(number) <= 10 ** REACH[dtype]}
    assert (1e4 in numbers) == (dtype != "float16")


def test_the_smallest_case_is_the_first_shape_with_nothing_odd() -> None:
    smallest = find(cases("residual", "float64", PROFILES["ci"]), lambda case: True, settings=few)
    assert smallest.sizes == (("...", ()),)
    assert smallest.injections == ()
