"""The MLX backend: arrays keep their numbers and types, and each ability answers."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import pytest

from gradient_conformance.implementations.loading import load
from gradient_conformance.implementations.protocol import LAYOUTS, NESTINGS, Backend
from gradient_conformance.laws import NEEDS, laws_of

mx = pytest.importorskip("mlx.core")

TYPES = ("float64", "float32", "float16", "bfloat16")
X = np.array([1.0, -2.0, 0.5])
YBAR = np.array([1.0, -2.0, 3.0])
V = np.array([4.0, 1.0, -8.0])


@pytest.fixture
def backend() -> Backend:
    return load("mlx")


def cubes(x: Any) -> Any:
    return x * x * x


def of(backend: Backend, *arrays: np.ndarray) -> tuple[Any, ...]:
    return tuple(backend.from_numpy(a) for a in arrays)


def test_the_bits_of_bfloat16_survive_both_ways(backend: Backend) -> None:
    bits = np.arange(2**16, dtype=np.uint16)
    converted = backend.from_numpy(bits.view(ml_dtypes.bfloat16))
    assert converted.dtype == mx.bfloat16
    assert backend.to_numpy(converted).view(np.uint16).tolist() == bits.tolist()


@pytest.mark.parametrize("dtype", [*TYPES, "int64", "bool"])
def test_arrays_keep_their_type_shape_and_numbers(backend: Backend, dtype: str) -> None:
    for shape in ((), (0, 2), (3,), (2, 3, 4)):
        x = np.arange(np.prod(shape)).reshape(shape)
        x = x.astype(ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype)
        converted = backend.from_numpy(x)
        assert str(converted.dtype).removesuffix("_") == f"mlx.core.{dtype}"
        back = backend.to_numpy(converted)
        assert (back.shape, back.dtype) == (shape, x.dtype)
        assert np.array_equal(back, x)


def test_a_copy_is_a_copy(backend: Backend) -> None:
    x = X.copy()
    converted = backend.from_numpy(x)
    x[0] = 9
    backend.to_numpy(converted)[1] = 9
    assert backend.to_numpy(converted).tolist() == X.tolist()
    assert backend.to_numpy(backend.from_numpy(X[::-2])).tolist() == [0.5, 1.0]


@pytest.mark.parametrize("dtype", TYPES)
def test_value_and_gradients_have_the_type_that_is_asked(backend: Backend, dtype: str) -> None:
    kind = ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype
    x, ybar = of(backend, X.astype(kind), YBAR.astype(kind))
    y, gradients = backend.vjp(cubes, {"x": x}, ("x",), ybar)
    assert backend.to_numpy(y).tolist() == [1.0, -8.0, 0.125]
    assert backend.to_numpy(gradients["x"]).tolist() == [3.0, -24.0, 2.25]
    assert backend.to_numpy(gradients["x"]).dtype == kind


def test_an_argument_without_a_gradient_stays(backend: Backend) -> None:
    x, ybar, i = of(backend, X, YBAR[:2], np.array([2, 2]))
    _, gradients = backend.vjp(lambda x, i: x[i], {"x": x, "i": i}, ("x",), ybar)
    assert backend.to_numpy(gradients["x"]).tolist() == [0.0, 0.0, -1.0]


def test_forward_mode(backend: Backend) -> None:
    x, v = of(backend, X, V)
    y, along = backend.jvp(cubes, {"x": x}, {"x": v})
    assert backend.to_numpy(y).tolist() == [1.0, -8.0, 0.125]
    assert backend.to_numpy(along).tolist() == [12.0, 12.0, -6.0]


@pytest.mark.parametrize("nesting", NESTINGS)
def test_every_nesting_gives_the_second_derivative(backend: Backend, nesting: str) -> None:
    x, ybar, v = of(backend, X, YBAR, V)
    product = backend.hvp(nesting, cubes, {"x": x}, ybar, {"x": v})["x"]
    assert backend.to_numpy(product).tolist() == [24.0, 24.0, -72.0]


def test_a_batch(backend: Backend) -> None:
    points, ybars = of(backend, np.stack([X, V]), np.stack([YBAR, YBAR]))
    _, gradients = backend.batched_vjp(cubes, {"x": points}, ("x",), ybars)
    assert backend.to_numpy(gradients["x"]).tolist() == [[3.0, -24.0, 2.25], [48.0, -6.0, 576.0]]


def test_compiled() -> None:
    backend = load("mlx_compiled")
    if reason := backend.missing("compiled_vjp"):
        pytest.skip(reason)
    x, ybar = of(backend, X, YBAR)
    y, gradients = backend.compiled_vjp(cubes, {"x": x}, ("x",), ybar)
    assert backend.to_numpy(y).tolist() == [1.0, -8.0, 0.125]
    assert backend.to_numpy(gradients["x"]).tolist() == [3.0, -24.0, 2.25]


def test_without_g_plus_plus_nothing_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    backend = load("mlx_compiled")
    assert "there is no g++" in backend.missing("compiled_vjp")
    assert laws_of(backend) == []


def test_what_is_claimed(backend: Backend) -> None:
    lacking = {law for law in NEEDS if law not in laws_of(backend)}
    assert lacking == {"compiled_equals_eager", "accumulation"}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_layout_holds_the_same_numbers(backend: Backend, layout: str) -> None:
    assert set(backend.layouts) == set(LAYOUTS)
    x = np.tile(np.arange(4.0), (3, 1))
    for a in (x, x[:0], x[0, 0]) if layout != "expanded" else (x,):
        placed = backend.laid_out(backend.from_numpy(a), layout)
        assert np.array_equal(backend.to_numpy(placed), a)


def test_no_entries_come_from_numpy_as_they_are_made_by_mlx(backend: Backend) -> None:
    """Made otherwise, a sum over them may be garbage, or never end."""
    e, b = of(backend, np.zeros((0, 4, 5)), np.zeros(5))
    _, gradients = backend.vjp(lambda e, b: e + b, {"e": e, "b": b}, ("e", "b"), e)
    assert backend.to_numpy(gradients["b"]).tolist() == [0.0] * 5
