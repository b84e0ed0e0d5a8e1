"""The tinygrad backend: tensors keep their numbers, and every ability gives a derivative."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from gradient_conformance.implementations.loading import load
from gradient_conformance.implementations.protocol import Backend
from gradient_conformance.laws import laws_of

tinygrad = pytest.importorskip("tinygrad")

X = np.array([1.0, -2.0])
V = np.array([4.0, 1.0])
YBAR = np.array([1.0, -2.0])


@pytest.fixture
def backend() -> Backend:
    return load("tinygrad")


def skip_without(backend: Backend, dtype: str) -> None:
    """An old compiler knows no bfloat16."""
    if dtype == "bfloat16" and dtype not in backend.dtypes:
        pytest.skip("the compiler here has no bfloat16")


def cube(x: Any) -> Any:
    return x * x * x


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16", "int64", "bool"])
def test_arrays_keep_their_numbers_type_and_shape(backend: Backend, dtype: str) -> None:
    skip_without(backend, dtype)
    for shape in ((), (0, 2), (3,), (2, 3)):
        x = np.arange(np.prod(shape)).reshape(shape).astype(dtype)
        converted = backend.from_numpy(x)
        assert isinstance(converted, tinygrad.Tensor)
        back = backend.to_numpy(converted)
        assert (back.shape, back.dtype.name) == (shape, dtype)
        assert np.array_equal(back, x)


def test_numbers_that_are_not_finite_survive_both_ways(backend: Backend) -> None:
    types = {"float32": np.float32, "bfloat16": ml_dtypes.bfloat16}
    for dtype in (types[name] for name in types if name in backend.dtypes):
        x = np.array([np.inf, -np.inf, np.nan, -0.0], dtype)
        back = backend.to_numpy(backend.from_numpy(x))
        assert np.array_equal(np.signbit(back[[0, 1, 3]]), [False, True, True])
        assert np.array_equal(np.isnan(back), [False, False, True, False])


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_arrays_are_copies_both_ways(backend: Backend, dtype: str) -> None:
    skip_without(backend, dtype)
    x = np.zeros(4).astype(dtype)
    converted = backend.from_numpy(x)
    x += 1
    assert not backend.to_numpy(converted).any()
    back = backend.to_numpy(converted)
    back += 1
    assert not backend.to_numpy(converted).any()


def test_two_scalars_that_are_equal_are_two_arguments(backend: Backend) -> None:
    """Of scalars tinygrad makes constants, and equal constants are one node of the graph."""
    x, y, ybar = (backend.from_numpy(np.array(1.0)) for _ in range(3))
    _, gradients = backend.vjp(lambda x, y: 3 * x + y, {"x": x, "y": y}, ("x", "y"), ybar)
    assert [float(backend.to_numpy(gradients[name])) for name in "xy"] == [3, 1]


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
def test_a_gradient_is_right_and_of_its_type(backend: Backend, dtype: str) -> None:
    skip_without(backend, dtype)
    x, ybar = (backend.from_numpy(a.astype(dtype)) for a in (X, YBAR))
    value, gradients = backend.vjp(cube, {"x": x}, ("x",), ybar)
    assert backend.to_numpy(value).astype(float).tolist() == [1, -8]
    found = backend.to_numpy(gradients["x"])
    assert found.astype(float).tolist() == [3, -24]
    assert found.dtype.name == dtype


def test_several_gradients_are_keyed_by_name(backend: Backend) -> None:
    arguments = {n: backend.from_numpy(a) for n, a in zip("xyu", (X, V, YBAR), strict=True)}
    ybar = backend.from_numpy(np.array(2.0))
    _, gradients = backend.vjp(lambda x, y, u: (x * y).sum(), arguments, ("u", "y", "x"), ybar)
    found = {name: backend.to_numpy(gradients[name]).tolist() for name in "xyu"}
    assert found == {"x": [8, 2], "y": [2, -4], "u": [0, 0]}


def test_a_second_derivative_is_right(backend: Backend) -> None:
    x, v, ybar = (backend.from_numpy(a) for a in (X, V, YBAR))
    product = backend.hvp("reverse over reverse", cube, {"x": x}, ybar, {"x": v})
    assert backend.to_numpy(product["x"]).tolist() == [24, 24]


def test_gradients_add_up_from_call_to_call(backend: Backend) -> None:
    x, ybar = backend.from_numpy(X), backend.from_numpy(np.stack([YBAR, V]))
    _, gradients = backend.accumulated_vjp(cube, {"x": x}, ("x",), ybar)
    assert backend.to_numpy(gradients["x"]).tolist() == [15, -12]


@pytest.mark.parametrize("layout", ["transposed", "strided", "reversed", "offset", "expanded"])
def test_a_layout_keeps_the_numbers_and_has_a_gradient(backend: Backend, layout: str) -> None:
    x = np.ones((2, 3)) * np.arange(3.0)
    laid = backend.laid_out(backend.from_numpy(x), layout)
    assert np.array_equal(backend.to_numpy(laid), x)
    ones = backend.from_numpy(np.ones((2, 3)))
    _, gradients = backend.vjp(cube, {"x": laid}, ("x",), ones)
    assert np.array_equal(backend.to_numpy(gradients["x"]), 3 * x**2)


def test_what_tinygrad_has_not_is_not_claimed(backend: Backend) -> None:
    """No forward mode and no vmap."""
    held = laws_of(backend)
    assert {"hvp_reverse_over_reverse", "accumulation", "layout_independent"} <= set(held)
    assert not {"jvp", "batched_equals_looped", "same_array_twice"} & set(held)


@pytest.mark.parametrize(
    ("given", "device", "told"),
    [
        ({"CC": "no-such-compiler"}, "python", True),
        ({"CC": "no-such-compiler", "DEV": "PYTHON"}, "python", False),
        ({"CC": sys.executable}, "cpu", False),
    ],
)
def test_without_a_compiler_the_device_is_another_and_that_is_said(
    given: dict[str, str], device: str, told: bool
) -> None:
    done = loaded(given, "version")
    assert done.stdout.strip().endswith(f"+{device}")
    assert ("compiles with no-such-compiler, which is not here" in done.stderr) == told


def test_bfloat16_is_claimed_where_the_compiler_has_it() -> None:
    """An old clang, as Python is none, has not; the device PYTHON asks no compiler."""
    types = "('float64', 'float32', 'float16'"
    assert loaded({"CC": sys.executable}, "dtypes").stdout.strip() == f"{types})"
    assert loaded({"DEV": "PYTHON"}, "dtypes").stdout.strip() == f"{types}, 'bfloat16')"


def loaded(given: dict[str, str], what: str) -> subprocess.CompletedProcess[str]:
    """Something of the backend, in an environment where CC and DEV are what is given."""
    environment = {k: v for k, v in os.environ.items() if k not in ("CC", "DEV")} | given
    load = "from gradient_conformance.implementations.loading import load"
    return subprocess.run(
        [sys.executable, "-c", f"{load}; print(load('tinygrad').{what})"],
        env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def test_a_nesting_that_is_not_claimed_is_not_answered_by_another(backend: Backend) -> None:
    """Else the run says that it works, and is to be claimed."""
    x, v, ybar = (backend.from_numpy(a) for a in (X, V, YBAR))
    assert backend.nestings == ("reverse over reverse",)
    with pytest.raises(NotImplementedError, match="not forward over reverse"):
        backend.hvp("forward over reverse", cube, {"x": x}, ybar, {"x": v})
