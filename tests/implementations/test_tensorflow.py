"""The TensorFlow backend: tensors both ways, and each ability that it claims."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from gradient_conformance.implementations.loading import load
from gradient_conformance.implementations.protocol import NESTINGS, Backend
from gradient_conformance.laws.assertion import assert_conforms
from gradient_conformance.tests.commands.command_line import environment

pytest.importorskip("tensorflow")


@pytest.fixture(scope="module")
def backend() -> Backend:
    return load("tensorflow")


ON_TWO = """
import numpy as np
from gradient_conformance.implementations.tensorflow.quiet import tf
(processor,) = tf.config.list_physical_devices("CPU")
tf.config.set_logical_device_configuration(processor, [tf.config.LogicalDeviceConfiguration()] * 2)
from gradient_conformance.implementations.devices import at_its_device
from gradient_conformance.implementations.loading import load
backend = load("tensorflow@cpu:1")
with at_its_device(backend):
    x = backend.from_numpy(np.ones(2))
    y, gradients = backend.vjp(lambda x: x * x, {"x": x}, ("x",), backend.from_numpy(np.ones(2)))
print(backend.devices, *(a.device.rpartition("/")[2] for a in (x, y, gradients["x"])))
print(backend.product_bits("float32"))
"""


def test_the_second_of_two_devices(tmp_path: Path) -> None:
    """TensorFlow makes several devices of one processor where it is asked to."""
    done = subprocess.run(
        [sys.executable, "-c", ON_TWO], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    second = "device:CPU:1"
    assert done.stdout.splitlines() == [f"('cpu:0', 'cpu:1') {second} {second} {second}", "None"]


def cubes(x: Any) -> Any:
    return x * x * x


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16", "int64", "bool"])
def test_arrays_keep_their_type_and_numbers(backend: Backend, dtype: str) -> None:
    for shape in ((), (0, 2), (3,), (2, 3, 4)):
        x = np.ones(shape).astype(ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype)
        back = backend.to_numpy(backend.from_numpy(x))
        assert (back.shape, back.dtype.name) == (shape, dtype)
        assert np.array_equal(back, x)


def test_arrays_are_copies_both_ways(backend: Backend) -> None:
    x = np.zeros(64)
    converted = backend.from_numpy(x)
    x += 1
    assert not backend.to_numpy(converted).any()
    back = backend.to_numpy(converted)
    back += 1
    assert not backend.to_numpy(converted).any()
    assert backend.to_numpy(backend.from_numpy(np.arange(3.0)[::-1])).tolist() == [2, 1, 0]


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16"])
def test_gradients_have_the_type_of_their_arguments(backend: Backend, dtype: str) -> None:
    kind = ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype
    x, ybar = (backend.from_numpy(np.array(v).astype(kind)) for v in ([1.0, -2.0], [1.0, 3.0]))
    y, gradients = backend.vjp(cubes, {"x": x}, ("x",), ybar)
    for got, wanted in ((y, [1, -8]), (gradients["x"], [3, 36])):
        assert backend.to_numpy(got).dtype.name == dtype
        assert backend.to_numpy(got).tolist() == wanted


def test_a_row_that_is_looked_up_twice_gets_a_dense_gradient(backend: Backend) -> None:
    W, i = backend.from_numpy(np.zeros((3, 1))), backend.from_numpy(np.array([2, 0, 2]))
    ybar = backend.from_numpy(np.array([[1.0], [2.0], [4.0]]))
    for function in (
        backend.native["embedding"],
        lambda W, i: backend.namespace.take(W, i, axis=0),
    ):
        _, gradients = backend.vjp(function, {"W": W, "i": i}, ("W",), ybar)
        assert backend.to_numpy(gradients["W"]).tolist() == [[2], [0], [5]]


def test_what_an_argument_does_not_move_has_a_gradient_of_zeros(backend: Backend) -> None:
    x = backend.from_numpy(np.ones(2))
    arguments = {"x": x, "y": backend.from_numpy(np.ones(3))}
    _, gradients = backend.vjp(lambda x, y: 2 * x, arguments, ("x", "y"), x)
    assert backend.to_numpy(gradients["y"]).tolist() == [0, 0, 0]


def test_vectors_and_matrices_are_multiplied_and_transposed(backend: Backend) -> None:
    A, x = np.arange(6.0).reshape(2, 3), np.array([1.0, -1.0, 2.0])
    y = np.array([1.0, 3.0])
    ybar = backend.from_numpy(np.array(1.0))
    arguments = {"A": backend.from_numpy(A), "x": backend.from_numpy(x), "y": backend.from_numpy(y)}
    value, gradients = backend.vjp(
        lambda A, x, y: y @ (A @ x) + (y @ A) @ x + y @ (A.T.mT @ x), arguments, ("x",), ybar
    )
    assert backend.to_numpy(value) == 3 * y @ A @ x
    assert backend.to_numpy(gradients["x"]).tolist() == (3 * y @ A).tolist()


def test_forward_mode(backend: Backend) -> None:
    x, v = (backend.from_numpy(np.array(n)) for n in ([1.0, 2.0], [1.0, 10.0]))
    value, along = backend.jvp(cubes, {"x": x}, {"x": v})
    assert backend.to_numpy(value).tolist() == [1, 8]
    assert backend.to_numpy(along).tolist() == [3, 120]


@pytest.mark.parametrize("nesting", NESTINGS[:3])
def test_every_nesting_gives_the_second_derivative(backend: Backend, nesting: str) -> None:
    x, v, ybar = (
        backend.from_numpy(np.array(n))
        for n in ([1.0, -2.0, 0.5], [4.0, 1.0, -8.0], [1.0, -2.0, 3.0])
    )

    def hvp(function: Any, n: int = 3) -> list[float]:
        product = backend.hvp(nesting, function, {"x": x[:n]}, ybar[:n], {"x": v[:n]})
        return backend.to_numpy(product["x"]).tolist()

    assert hvp(cubes) == [24, 24, -72]
    assert hvp(lambda x: 3 * x) == [0, 0, 0]
    assert hvp(cubes, 0) == []


@pytest.mark.parametrize("method", ["batched_vjp", "compiled_vjp"])
def test_batches_and_graphs_see_the_function_once(backend: Backend, method: str) -> None:
    seen = []

    def function(x: Any) -> Any:
        seen.append(x.shape)
        return cubes(x)

    x = backend.from_numpy(np.array([[1.0, 2.0], [3.0, -1.0]]))
    for _ in range(2):
        value, gradients = getattr(backend, method)(function, {"x": x}, ("x",), x)
        assert backend.to_numpy(value).tolist() == [[1, 8], [27, -1]]
        assert backend.to_numpy(gradients["x"]).tolist() == [[3, 24], [81, -3]]
    assert seen == [(2,) if method == "batched_vjp" else (2, 2)]


def test_the_same_memory_is_another_source(backend: Backend) -> None:
    x = backend.from_numpy(np.array([3.0]))
    again = backend.same_memory(x)
    one, other = (np.asarray(memoryview(tensor)) for tensor in (x, again))
    assert np.shares_memory(one, other)
    arguments = {"x": x, "y": again}
    _, gradients = backend.vjp(lambda x, y: x * x * y, arguments, ("x", "y"), x)
    assert [backend.to_numpy(g).tolist() for g in gradients.values()] == [[54], [27]]


def test_a_function_of_tensors_is_taken_as_it_is() -> None:
    import tensorflow as tf

    @tf.custom_gradient
    def square(X: Any) -> Any:
        return X * X, lambda ybar: 2 * X * ybar

    assert_conforms("square", square, backend="tensorflow", dtypes=["float32"])
    assert_conforms("softmax", tf.nn.softmax, backend="tensorflow", dtypes=["bfloat16"])


def test_importing_it_logs_nothing(tmp_path: Path) -> None:
    script = "from gradient_conformance import load; print(load('tensorflow').version[0])"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("2\n", "")
