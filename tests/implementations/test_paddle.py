"""The PaddlePaddle backend: arrays keep their numbers and types, and each ability answers."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from gradient_conformance.implementations.loading import load
from gradient_conformance.implementations.protocol import Backend
from gradient_conformance.laws import NEEDS, laws_of

if importlib.util.find_spec("paddle") is None:  # importorskip would let its warnings through
    pytest.skip("paddle is not installed", allow_module_level=True)

# Of a static graph, which has no device.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")

X = np.array([1.0, -2.0, 0.5])
YBAR = np.array([1.0, -2.0, 3.0])
V = np.array([4.0, 1.0, -8.0])


@pytest.fixture
def backend() -> Backend:
    return load("paddle")


def cubes(x: Any) -> Any:
    return x * x * x


def of(backend: Backend, *arrays: np.ndarray) -> tuple[Any, ...]:
    return tuple(backend.from_numpy(a) for a in arrays)


@pytest.mark.parametrize("dtype", ["float64", "float32", "int64", "bool"])
def test_arrays_keep_their_type_shape_and_numbers(backend: Backend, dtype: str) -> None:
    for shape in ((), (0, 2), (3,), (2, 3, 4)):
        x = np.arange(np.prod(shape)).reshape(shape).astype(dtype)
        converted = backend.from_numpy(x)
        assert str(converted.dtype) == f"paddle.{dtype}"
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


@pytest.mark.parametrize("method", ["vjp", "compiled_vjp"])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_value_and_gradients_have_the_type_that_is_asked(
    backend: Backend, dtype: str, method: str
) -> None:
    assert set(backend.dtypes) == {"float64", "float32"}
    x, ybar = of(backend, X.astype(dtype), YBAR.astype(dtype))
    y, gradients = getattr(backend, method)(cubes, {"x": x}, ("x",), ybar)
    assert backend.to_numpy(y).tolist() == [1.0, -8.0, 0.125]
    assert backend.to_numpy(gradients["x"]).tolist() == [3.0, -24.0, 2.25]
    assert backend.to_numpy(gradients["x"]).dtype == dtype


def test_an_argument_without_a_gradient_stays(backend: Backend) -> None:
    x, ybar, i = of(backend, X, YBAR[:2], np.array([2, 2]))
    _, gradients = backend.vjp(lambda x, i: x[i], {"x": x, "i": i}, ("x",), ybar)
    assert backend.to_numpy(gradients["x"]).tolist() == [0.0, 0.0, -1.0]


def test_the_second_derivative(backend: Backend) -> None:
    (nesting,) = backend.nestings
    for function, product in ((cubes, [24.0, 24.0, -72.0]), (lambda x: 3 * x, [0.0] * 3)):
        x, ybar, v = of(backend, X, YBAR, V)
        found = backend.hvp(nesting, function, {"x": x}, ybar, {"x": v})["x"]
        assert backend.to_numpy(found).tolist() == product
    with pytest.raises(NotImplementedError, match="reverse mode only"):
        backend.hvp("forward over reverse", cubes, {"x": x}, ybar, {"x": v})


def test_gradients_add_up(backend: Backend) -> None:
    x, ybars = of(backend, X, np.stack([YBAR, -2 * YBAR]))
    _, gradients = backend.accumulated_vjp(cubes, {"x": x}, ("x",), ybars)
    assert backend.to_numpy(gradients["x"]).tolist() == [-3.0, 24.0, -2.25]


def test_what_is_claimed(backend: Backend) -> None:
    lacking = {law for law in NEEDS if law not in laws_of(backend)}
    forward = {f"hvp_{a}_over_{b}" for a, b in (("forward", "reverse"), ("reverse", "forward"))}
    other = {"jvp", "adjointness", "hvp_forward_over_forward", "batched_equals_looped"}
    assert lacking == forward | other


def test_a_layout_holds_the_same_numbers_in_other_places(backend: Backend) -> None:
    x = np.arange(12.0).reshape(3, 4)
    for layout in backend.layouts:
        placed = backend.laid_out(backend.from_numpy(x), layout)
        assert np.array_equal(backend.to_numpy(placed), x)
        assert placed.is_contiguous() == (layout == "offset")


def test_the_same_memory_is_another_leaf(backend: Backend) -> None:
    (x,) = of(backend, X)
    again = backend.same_memory(x)
    assert again.data_ptr() == x.data_ptr()
    again.stop_gradient = False
    assert x.stop_gradient


def test_it_is_quiet() -> None:
    """Nothing is written when it is imported, nor when it raises."""
    code = (
        "from gradient_conformance.implementations.loading import load\n"
        "b = load('paddle')\n"
        "import paddle\n"
        "x = paddle.ones([2], 'bfloat16')\n"
        "x.stop_gradient = False\n"
        "try:\n    paddle.grad([paddle.log(x)], [x])\nexcept RuntimeError:\n    pass\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")
