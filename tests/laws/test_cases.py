"""Cases: a line says everything, and the arrays are what the identity asks for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.identities.shapes import concrete, dimensions_of, is_many
from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.laws.cases import Case, expected, output_shape, parse
from gradient_conformance.laws.regimes import REGIMES
from gradient_conformance.laws.strategies import PROFILES, cases, fixed_cases, static_choices
from gradient_conformance.oracles.machine import MACHINES, is_discrete

EVERY_IDENTITY = pytest.mark.parametrize("identity", CATALOGUE)
EVERY_TYPE = pytest.mark.parametrize("dtype", MACHINES)
few = settings(max_examples=12, database=None, deadline=None, derandomize=True)


def any_case(identity: str) -> st.SearchStrategy[Case]:
    """Cases of shapes, numbers and positions that no profile would draw."""
    declared = CATALOGUE[identity]
    sizes = {
        name: st.lists(st.integers(0, 12), max_size=4).map(tuple)
        if is_many(name)
        else st.integers(declared.sizes.get(name, 0), 40)
        for name in dimensions_of(declared.shapes)
    }
    number = st.floats(allow_nan=False, allow_infinity=False)
    entry = st.tuples(st.sampled_from([*declared.shapes, "ybar"]), st.integers(0, 99), number)
    return st.builds(
        Case,
        identity=st.just(identity),
        dtype=st.sampled_from(list(MACHINES)),
        sizes=st.fixed_dictionaries(sizes).map(lambda drawn: tuple(drawn.items())),
        static=st.sampled_from(static_choices(identity)),
        regime=st.sampled_from(list(REGIMES)),
        seed=st.integers(0, 2**64),
        injections=st.lists(entry, max_size=4).map(tuple),
    )


@EVERY_IDENTITY
def test_a_line_is_read_back_as_the_same_case(identity: str) -> None:
    @few
    @given(any_case(identity))
    def holds(case: Case) -> None:
        again = parse(identity, case.dtype, case.line())
        assert again == case
        assert again.line() == case.line()  # == takes −0 for 0
        assert "\n" not in case.line()

    holds()


@pytest.mark.parametrize(
    ("identity", "line"),
    [
        ("square", "...=- regime=ordinary seed=0"),
        ("square", "...=2x0x3 regime=ties seed=5 X[4]=-0.0"),
        ("softmax", "...=4 n=2 regime=wide seed=18446744073709551616"),
        ("mean_squared_error", "m=1 n=2 reduction:sum regime=special seed=7"),
        ("least_squares", "m=2 n=3 regime=large seed=1 A[0]=1e-320 ybar[0]=-20.0 b[35]=1e+300"),
    ],
)
def test_lines_look_like_this(identity: str, line: str) -> None:
    assert parse(identity, "float32", line).line() == line


def test_what_a_line_leaves_out_is_ordinary() -> None:
    assert parse("square", "float16", "...=3") == Case("square", "float16", (("...", (3,)),))


@pytest.mark.parametrize(
    "part",
    [
        "n=1.5",
        "n=",
        "n",
        "seed=x",
        "regime=calm",
        "...=2x",
        "x[0]=one",
        "x[a]=1.0",
        "x[]=1.0",
        "x[0]",
        "reduction:mean",
        "reduction:",
    ],
)
def test_a_bad_part_is_named(part: str) -> None:
    assert parse("linear_form", "float64", "n=3 seed=1").seed == 1
    with pytest.raises(ValueError, match="cannot be read: linear_form has the sizes n") as said:
        parse("linear_form", "float64", f"n=3 {part} seed=1")
    assert f"{part!r} in the case" in str(said.value)


def test_a_value_that_a_parameter_does_not_have_is_named() -> None:
    assert parse("mean_squared_error", "float64", "m=1 n=1 reduction:sum").parameters
    with pytest.raises(ValueError, match="'reduction:max' in the case"):
        parse("mean_squared_error", "float64", "m=1 n=1 reduction:max")


def breaches(case: Case, arguments: Mapping[str, Any]) -> list[str]:
    """What is wrong with a case's arguments: names, shapes, types, numbers, conditions."""
    declared, sizes = CATALOGUE[case.identity], dict(case.sizes)
    exact = {k: x if is_discrete(x) else np.asarray(x, np.float64) for k, x in arguments.items()}
    found = ["names"] * (list(arguments) != list(declared.shapes))
    for name, x in arguments.items():
        found += [f"{name}: shape"] * (x.shape != concrete(declared.shapes[name], sizes))
        allowed = is_discrete(x) and name not in declared.gradients
        found += [f"{name}: type"] * (not allowed and x.dtype != MACHINES[case.dtype].dtype)
        found += [f"{name}: not finite"] * (not np.isfinite(exact[name]).all())
    return found + [c.says for c in declared.domain if not c.holds(np, exact[c.argument], sizes)]


@EVERY_TYPE
@EVERY_IDENTITY
def test_arguments_are_valid_and_of_the_type_after_rounding(identity: str, dtype: str) -> None:
    @few
    @given(cases(identity, dtype, PROFILES["ci"]))
    def holds(case: Case) -> None:
        assert not breaches(case, case.arguments())

    holds()


RESTRICTED = [
    (name, condition.says)
    for name, declared in CATALOGUE.items()
    for condition in declared.domain
    if name != "determinant_by_cofactors"  # any square matrix will do
]


@pytest.mark.parametrize(("identity", "says"), RESTRICTED)
def test_arguments_that_break_a_condition_would_be_noticed(identity: str, says: str) -> None:
    case = fixed_cases(identity, "float64", PROFILES["smoke"], 0)[1]
    zeros = {name: 0 * x for name, x in case.arguments().items()}
    below = {name: x - 1 for name, x in zeros.items()}
    assert says in breaches(case, zeros) + breaches(case, below)


def test_arguments_of_another_shape_or_type_would_be_noticed() -> None:
    case = parse("linear_form", "float32", "n=3")
    right = case.arguments()
    assert breaches(case, {**right, "x": right["x"][:2]}) == ["x: shape"]
    assert breaches(case, {**right, "x": right["x"].astype(np.float64)}) == ["x: type"]
    assert breaches(case, {**right, "x": right["x"] * np.float32(np.inf)}) == ["x: not finite"]


@EVERY_TYPE
@pytest.mark.parametrize("regime", REGIMES)
def test_no_regime_needs_clipping(regime: str, dtype: str) -> None:
    """Nothing is at the largest number of the type, which is where clipping would put it."""
    for seed in range(20):
        case = parse("residual", dtype, f"...=6x6 regime={regime} seed={seed}")
        for x in (*case.arguments().values(), case.cotangent()):
            assert np.abs(np.asarray(x, np.float64)).max() < MACHINES[dtype].largest


def test_a_number_beyond_the_type_is_its_largest() -> None:
    x = parse("squared_norm", "float16", "n=2 x[1]=-1e+300").arguments()["x"]
    assert float(x[1]) == -65504


def test_two_calls_give_equal_arrays_and_never_the_same_one() -> None:
    case = parse("least_squares", "float64", "m=3 n=2 seed=4")
    first, second = case.arguments(), case.arguments()
    for name, x in first.items():
        assert np.array_equal(x, second[name])
        assert not np.shares_memory(x, second[name])
        x += 1
        assert not np.array_equal(x, second[name])
    assert all(np.array_equal(x, second[name]) for name, x in case.arguments().items())


def test_a_cotangent_that_is_written_to_does_not_come_back() -> None:
    case = parse("softmax", "float64", "...=- n=3")
    ybar = case.cotangent()
    ybar += 1
    assert not np.array_equal(ybar, case.cotangent())
    assert np.array_equal(case.cotangent(), case.cotangent())


DIGEST = """
import hashlib
from gradient_conformance.identities import CATALOGUE
from gradient_conformance.laws.strategies import PROFILES, fixed_cases
digest = hashlib.sha256()
for identity in CATALOGUE:
    for case in fixed_cases(identity, "bfloat16", PROFILES["smoke"], {seed}):
        digest.update(case.line().encode())
        for x in (*case.arguments().values(), case.cotangent()):
            digest.update(x.tobytes())
print(digest.hexdigest())
"""


def digest(seed: int, hashing: str, folder: Any) -> str:
    """All arrays of the fixed cases, as another process with another order of hashes sees them."""
    environment = {**os.environ, "PYTHONHASHSEED": hashing}
    command = [sys.executable, "-c", DIGEST.format(seed=seed)]
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_arrays_are_the_same_in_every_process(tmp_path) -> None:
    assert digest(0, "1", tmp_path) == digest(0, "2", tmp_path)


def test_another_seed_gives_other_arrays(tmp_path) -> None:
    assert digest(0, "1", tmp_path) != digest(1, "1", tmp_path)


def test_two_arguments_of_one_shape_are_not_alike() -> None:
    case = parse("residual", "float64", "...=3")
    X, Z = case.arguments().values()
    assert not np.array_equal(X, Z)
    assert not np.array_equal(X, case.cotangent())


@EVERY_TYPE
@pytest.mark.parametrize("regime", REGIMES)
def test_the_cotangent_is_signed_and_not_constant(regime: str, dtype: str) -> None:
    ybar = np.asarray(parse("square", dtype, f"...=6x5 regime={regime}").cotangent(), np.float64)
    assert ybar.min() < 0 < ybar.max()
    assert len(np.unique(ybar)) > 2


def test_the_cotangent_of_a_scalar_is_of_either_sign() -> None:
    drawn = [parse("squared_norm", "float64", f"n=2 seed={seed}").cotangent() for seed in range(9)]
    assert {x.shape for x in drawn} == {()}
    assert {float(np.sign(x)) for x in drawn} == {-1.0, 1.0}


def test_injections_land_and_change_nothing_else() -> None:
    plain = parse("linear_form", "float32", "n=3 seed=2")
    odd = parse("linear_form", "float32", "n=3 seed=2 x[1]=-0.0 a[5]=20.0 ybar[7]=-100.0")
    before, after = plain.arguments(), odd.arguments()
    assert after["x"][1] == 0
    assert np.signbit(after["x"][1])
    assert after["a"][2] == 20  # position 5 of 3 entries
    assert float(odd.cotangent()) == -100
    assert before["x"][1] != 0
    assert np.array_equal(np.delete(before["x"], 1), np.delete(after["x"], 1))
    assert np.array_equal(before["a"][:2], after["a"][:2])


def test_an_injection_into_an_empty_argument_goes_nowhere() -> None:
    assert parse("squared_norm", "float64", "n=0 x[3]=1.0").arguments()["x"].shape == (0,)


@pytest.mark.parametrize(("number", "becomes"), [(-20.0, 20.0), (0.0, 1.0), (1e-4, 1e-4)])
def test_conditions_are_built_from_what_was_injected(number: float, becomes: float) -> None:
    s = parse("cross_entropy", "float64", f"...=- n=3 s[1]={number!r}").arguments()["s"]
    assert s[1] == becomes


def test_the_size_is_the_entries_and_the_odd_ones() -> None:
    assert parse("least_squares", "float64", "m=2 n=3").size == 6 + 3 + 2
    assert parse("least_squares", "float64", "m=2 n=3 x[0]=1.0 b[1]=0.0").size == 11 + 2
    assert parse("trace", "float64", "n=0").size == 0


@pytest.mark.parametrize("identity", NumPy.native)
def test_the_output_shape_is_that_of_the_hand_written_value(identity: str) -> None:
    shapes = set()
    for case in fixed_cases(identity, "float64", PROFILES["ci"], 0):
        shape = output_shape(identity, case.sizes, case.static)
        with np.errstate(over="ignore", invalid="ignore"):
            value, _ = NumPy.native[identity](**case.arguments(), **case.parameters)
        assert shape == np.shape(value) == case.cotangent().shape
        shapes.add(shape)
    assert shapes == {()} or len(shapes) > 2


def test_what_is_expected_is_computed_once_for_each_cotangent() -> None:
    case = parse("squared_norm", "float64", "n=2")
    ybar = case.cotangent()
    once = expected(case, ybar)
    assert expected(case, ybar.copy()) is once
    doubled = expected(case, np.asarray(2 * ybar))
    assert doubled is not once
    single, double = once.target("x"), doubled.target("x")
    assert single is not None
    assert double is not None
    assert np.allclose(2 * single.exact, double.exact, rtol=1e-15)
