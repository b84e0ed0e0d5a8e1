"""Finite differences of functions of one number: right within their error, or declined."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradient_conformance.oracles import differences
from gradient_conformance.oracles.differences import (
    Difference,
    directional_difference,
    numpy_namespace,
    rademacher,
)

U = 2.0**-53


def test_what_a_difference_admits() -> None:
    found = Difference(2.0, 0.5)
    assert found.decided
    assert [found.admits(x) for x in (1.4, 1.5, 2.0, 2.5, 2.6)] == [False, True, True, True, False]
    assert not found.admits(math.inf)
    assert not found.admits(math.nan)
    declined = Difference(0.0, math.inf)
    assert not declined.decided
    assert declined.admits(1e300)
    assert declined.admits(math.nan)


def slope(function: Callable[[Any], Any], x: Any, relative: float = 4 * U) -> Difference:
    """The derivative of a function of one number, at x along 1."""

    def noise(x: np.ndarray) -> np.ndarray:
        return relative * (np.abs(function(x)) + np.abs(x))

    x = np.asarray(x, np.float64)
    return directional_difference(
        lambda x: function(x), {"x": x}, {"x": np.ones(x.shape)}, np.ones(x.shape), noise
    )


SMOOTH: dict[str, tuple[Callable[[Any], Any], Callable[[float], float]]] = {
    "sin": (np.sin, math.cos),
    "exp": (np.exp, math.exp),
    "tanh": (np.tanh, lambda x: 1 - math.tanh(x) ** 2),
    "cubic": (lambda x: x**3 - x, lambda x: 3 * x * x - 1),
    "constant": (lambda x: 0 * x + 3, lambda x: 0.0),
    "steep": (lambda x: np.tanh(1e5 * x), lambda x: 1e5 * (1 - math.tanh(1e5 * x) ** 2)),
    "wiggly": (lambda x: np.sin(100 * x), lambda x: 100 * math.cos(100 * x)),
}


@pytest.mark.parametrize("name", SMOOTH)
@pytest.mark.parametrize("x", [-1.5, 0.0, 1e-6, 0.3, 2.0])
def test_smooth_functions(name: str, x: float) -> None:
    function, derivative = SMOOTH[name]
    found = slope(function, x)
    right = derivative(x)
    assert found.decided
    assert found.admits(right)
    assert found.error <= 5e-13 * max(1.0, abs(right))
    assert not found.admits(right + 1e-12 * max(1.0, abs(right)))


@pytest.mark.parametrize("distance", [0.0, 1e-300, 1e-16, 1e-12, 1e-9])
@pytest.mark.parametrize(
    "function",
    [
        np.abs,
        lambda x: np.maximum(x, 0),
        lambda x: np.maximum(x, 0.01 * x),
        lambda x: np.sin(x) + 0.1 * np.abs(x),
        lambda x: np.sin(x) + 1e-3 * np.abs(x),
        np.sign,
        np.floor,
        lambda x: np.sqrt(np.abs(x)),
    ],
    ids=["abs", "relu", "leaky", "sum", "slight", "sign", "floor", "root"],
)
def test_a_kink_inside_every_stencil_is_declined(
    function: Callable[[Any], Any], distance: float
) -> None:
    for x in (distance, -distance):
        assert not slope(function, x).decided


DISTANCES = [*np.geomspace(3e-10, 1e-7, 80), *np.geomspace(1.3e-7, 0.3, 20)]


@pytest.mark.parametrize("jump", [1.0, -0.3, 0.02, 1e-3])
def test_a_kink_beside_the_point_is_never_taken_for_the_slope(jump: float) -> None:
    """It sees the slope of the right side, or declines: near the smallest step, either."""
    for distance in DISTANCES:
        for side in (-1, 1):

            def bent(x: Any, kink: float = side * distance) -> Any:
                return np.sin(x) + jump * np.maximum(x - kink, 0)

            found = slope(bent, 0.0)
            assert found.admits(1.0 + (jump if side < 0 else 0.0)), (distance, found)
            assert found.decided or distance < 1e-7


@pytest.mark.parametrize(
    ("width", "jump", "beside", "side"),
    [
        (5.081783153969408e-08, 13.260607054293422, 0.39334544420638995, -1),
        (5.7893763888487424e-08, 0.16052593807633356, 1.7418290884325345, 1),
        (5.17828169103363e-08, -1.8964856609088334, -3.0462671644084605, 1),
        (1.0383748552281836e-07, -0.024551301513066705, 0.026369261005778837, 1),
    ],
)
def test_a_rounded_kink(width: float, jump: float, beside: float, side: int) -> None:
    """Found by search: without the gap between the two sides the error would be too small."""

    def rounded(x: Any) -> Any:
        return np.sin(beside * x) + jump * width * np.tanh(x / width - side)

    assert slope(rounded, 0.0).admits(beside + jump * (1 - math.tanh(1) ** 2))


@pytest.mark.parametrize("width", 10.0 ** -np.arange(7.0, 14.0))
def test_a_slope_that_hides_in_a_narrow_place_is_declined_or_found(width: float) -> None:
    found = slope(lambda x: x + 100 * width * np.tanh(x / width), 0.0)
    assert found.admits(101.0)
    assert found.decided == (width > 2e-8)


def test_without_looking_at_smaller_steps_a_kink_would_be_missed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each of the guards is needed: this one against a slope in a narrow place."""
    monkeypatch.setattr(differences, "_settled", lambda raw, noise, slope, error: True)
    found = slope(lambda x: x + 1e-11 * np.tanh(x / 1e-13), 0.0)
    assert found.decided
    assert not found.admits(101.0)


def test_a_ladder_that_does_not_converge_is_declined() -> None:
    rng = np.random.default_rng(0)
    assert not slope(lambda x: rng.standard_normal(x.shape), 0.3).decided
    assert not slope(lambda x: np.sin(1e12 * x), 0.3).decided
    assert not slope(lambda x: x * np.nan, 0.3).decided
    assert not slope(lambda x: np.asarray(x, np.float32).astype(float), 0.3).decided


def test_noise_widens_the_error() -> None:
    """A forward function in float32, with noise that says so, is usable; the error is honest."""

    def single(x: Any) -> Any:
        return np.sin(np.asarray(x, np.float32)).astype(float)

    found = slope(single, 0.3, relative=2.0**-22)
    assert found.decided
    assert found.admits(math.cos(0.3))
    assert 1e-9 < found.error < 1e-3
    assert slope(np.sin, 0.3).error < 1e-12
    errors = [slope(np.sin, 0.3, relative=2.0**-k).error for k in (20, 30, 40, 50)]
    assert errors == sorted(errors, reverse=True)


def test_steps_out_of_the_domain_are_left_out() -> None:
    found = slope(np.log, 1e-4)
    assert found.admits(1e4)
    assert found.decided
    assert not slope(np.log, 0.0).decided
    assert not slope(np.log, 1e-12).decided


def test_steps_onto_a_singular_matrix_are_left_out() -> None:
    """NumPy raises there."""

    def inverse(x: np.ndarray) -> np.ndarray:
        return np.linalg.inv(np.diag([1.0, float(x)]))[1, 1]

    def at(x: float) -> Difference:
        one = np.ones(())
        return directional_difference(
            inverse, {"x": np.array(x)}, {"x": one}, one, lambda x: np.array(1e-14)
        )

    assert at(0.125).admits(-64.0)
    assert at(0.125).error < 1e-6
    assert not at(0.0).decided


def test_other_errors_of_the_function_come_through() -> None:
    def broken(x: np.ndarray) -> np.ndarray:
        raise TypeError("no such function")

    with pytest.raises(TypeError, match="no such function"):
        slope(broken, 1.0)


def test_outputs_that_do_not_count_are_not_looked_at() -> None:
    x = {"x": np.array([0.0, 1.0])}
    ones = {"x": np.ones(2)}

    def at_cotangent(ybar: list[float]) -> Difference:
        return directional_difference(np_abs, x, ones, np.array(ybar), lambda x: 4 * U * np.abs(x))

    def np_abs(x: np.ndarray) -> np.ndarray:
        return np.abs(x)

    assert at_cotangent([0.0, 3.0]).admits(3.0)
    assert at_cotangent([0.0, 3.0]).decided
    assert not at_cotangent([1.0, 3.0]).decided
    assert at_cotangent([0.0, 0.0]) == Difference(0.0, 0.0)


def test_arguments_without_a_direction_stay_and_none_is_changed() -> None:
    seen: set[bytes] = set()

    def product(a: np.ndarray, b: np.ndarray, k: np.ndarray) -> np.ndarray:
        seen.add(b.tobytes() + k.tobytes())
        return a[k] * b

    a, b, k = np.array([2.0, 3.0]), np.array([5.0]), np.array([1])
    found = directional_difference(
        product,
        {"a": a, "b": b, "k": k},
        {"a": np.array([1.0, 1.0])},
        np.array([1.0]),
        lambda a, b, k: np.full(1, 1e-15),
    )
    assert found.admits(5.0)
    assert found.error < 1e-12
    assert seen == {b.tobytes() + k.tobytes()}
    assert a.tolist() == [2.0, 3.0]


@pytest.mark.parametrize("shape", [(), (0,), (2, 0)])
def test_arrays_without_entries_or_dimensions(shape: tuple[int, ...]) -> None:
    found = slope(np.sin, np.zeros(shape))
    assert found.value == pytest.approx(math.prod(shape))
    assert found.error < 1e-12


def test_directions() -> None:
    arguments = {"x": np.array([0.0, 1e-9, 1.0, -3.0, 1e6]), "n": np.array([1])}
    signs = set()
    for seed in range(20):
        drawn = rademacher(np.random.default_rng(seed), arguments, ["x"])
        assert list(drawn) == ["x"]
        assert np.abs(drawn["x"]).tolist() == [1, 1, 1, 4, 2.0**20]
        signs.add(tuple(np.sign(drawn["x"])))
    assert len(signs) > 5


def test_the_namespace_is_numpys_with_erf() -> None:
    x = np.array([[-1.0, 0.0], [0.3, 30.0]])
    assert numpy_namespace.exp is np.exp
    assert numpy_namespace.linalg.trace(x) == 29.0
    assert numpy_namespace.special.erf(x).tolist() == [[math.erf(v) for v in row] for row in x]
    assert numpy_namespace.special.erf(np.zeros((0, 2))).shape == (0, 2)
    assert numpy_namespace.special.erf(np.array(0.5)) == math.erf(0.5)
    with pytest.raises(AttributeError, match="softmax"):
        _ = numpy_namespace.softmax
