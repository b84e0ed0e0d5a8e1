"""The autograd backend: arrays are NumPy's, and every ability gives a derivative."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradient_conformance.implementations.loading import load
from gradient_conformance.implementations.protocol import LAYOUTS, NESTINGS, Backend
from gradient_conformance.laws import laws_of

pytest.importorskip("autograd")
pytest.importorskip("scipy")

X = np.array([1.0, -2.0])
V = np.array([4.0, 1.0])
YBAR = np.array([1.0, -2.0])


@pytest.fixture
def backend() -> Backend:
    return load("autograd")


def cube(x: Any) -> Any:
    return x * x * x


def cubes_times_sum(x: Any, y: Any) -> Any:
    return x * x * x * y.sum()


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "int64", "bool"])
def test_arrays_keep_their_numbers_type_and_shape(backend: Backend, dtype: str) -> None:
    for shape in ((), (0, 2), (3,), (2, 3, 4)):
        x = np.arange(np.prod(shape)).reshape(shape).astype(dtype)
        back = backend.to_numpy(backend.from_numpy(x))
        assert (back.shape, back.dtype.name) == (shape, dtype)
        assert np.array_equal(back, x)


def test_arrays_are_copies_both_ways(backend: Backend) -> None:
    x = np.zeros(4)
    converted = backend.from_numpy(x)
    x += 1
    assert not converted.any()
    back = backend.to_numpy(converted)
    back += 1
    assert not converted.any()


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_a_gradient_is_right_and_of_its_type(backend: Backend, dtype: str) -> None:
    x, ybar = X.astype(dtype), YBAR.astype(dtype)
    value, gradients = backend.vjp(cube, {"x": x}, ("x",), ybar)
    assert backend.to_numpy(value).tolist() == [1, -8]
    assert gradients["x"].tolist() == [3, -24]
    assert gradients["x"].dtype == dtype


def test_several_gradients_are_keyed_by_name(backend: Backend) -> None:
    arguments = {"x": X, "y": np.array([1.0, 0.5, -4.0]), "unused": np.ones(2)}
    names = ("unused", "y", "x")

    def function(x: Any, y: Any, unused: Any) -> Any:
        return cubes_times_sum(x, y)

    value, gradients = backend.vjp(function, arguments, names, YBAR)
    assert value.tolist() == [-2.5, 20]
    assert {name: gradients[name].tolist() for name in names} == {
        "x": [-7.5, 60],
        "y": [17, 17, 17],
        "unused": [0, 0],
    }


def test_the_forward_mode_is_right(backend: Backend) -> None:
    value, slope = backend.jvp(cube, {"x": X}, {"x": V})
    assert value.tolist() == [1, -8]
    assert slope.tolist() == [12, 12]
    tangents = {"x": V, "y": np.array([1.0, 0, 0])}
    _, slope = backend.jvp(cubes_times_sum, {"x": X, "y": np.ones(3)}, tangents)
    assert slope.tolist() == [37, 28]


@pytest.mark.parametrize("nesting", NESTINGS)
def test_a_second_derivative_is_right(backend: Backend, nesting: str) -> None:
    assert backend.hvp(nesting, cube, {"x": X}, YBAR, {"x": V})["x"].tolist() == [24, 24]
    arguments, tangents = {"x": X, "y": np.ones(3)}, {"x": V, "y": np.array([1.0, 0, 0])}
    products = backend.hvp(nesting, cubes_times_sum, arguments, YBAR, tangents)
    # ȳ 6 x v Σy + ȳ 3 x² Σw, and Σ ȳ 3 x² v
    assert products["x"].tolist() == [75, 48]
    assert products["y"].tolist() == [-12, -12, -12]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_keeps_the_numbers(backend: Backend, layout: str) -> None:
    x = np.ones((2, 3)) * np.arange(3.0)
    laid = backend.laid_out(x, layout)
    assert np.array_equal(laid, x)
    assert laid.strides != x.strides or layout == "offset"
    _, gradients = backend.vjp(cube, {"x": laid}, ("x",), np.ones((2, 3)))
    assert np.array_equal(gradients["x"], 3 * x**2)


def test_the_same_memory_is_the_same_array(backend: Backend) -> None:
    assert np.shares_memory(backend.same_memory(X), X)


def test_what_autograd_has_not_is_not_claimed(backend: Backend) -> None:
    """No vmap, no compiler, and no gradients that add up from call to call."""
    held = laws_of(backend)
    assert {"jvp", "hvp_forward_over_forward", "layout_independent"} <= set(held)
    assert not {"batched_equals_looped", "compiled_equals_eager", "accumulation"} & set(held)
    assert backend.dtypes == ("float64", "float32", "float16")


def test_a_gradient_that_is_zero_is_no_warning(backend: Backend) -> None:
    """What autograd warns of, that the output does not depend on the input, is no error here."""
    _, gradients = backend.vjp(lambda x: np.ones(2), {"x": X}, ("x",), YBAR)
    assert gradients["x"].tolist() == [0, 0]
    assert backend.hvp("reverse over reverse", lambda x: x, {"x": X}, YBAR, {"x": V})[
        "x"
    ].tolist() == [0, 0]
