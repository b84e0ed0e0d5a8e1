"""The PyTorch backend: arrays keep their bits, and nothing of the caller's is touched."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import pytest

from gradient_conformance.identities import CATALOGUE
from gradient_conformance.implementations.implementation import Implementation
from gradient_conformance.implementations.loading import load
from gradient_conformance.implementations.protocol import Backend
from gradient_conformance.laws import laws_of
from gradient_conformance.laws.cases import parse

torch = pytest.importorskip("torch")
pytest.importorskip("array_api_compat")


@pytest.fixture
def backend() -> Backend:
    return load("torch")


def test_the_bits_of_bfloat16_survive_both_ways(backend: Backend) -> None:
    """Every pattern of 16 bits, what is not a number among them."""
    bits = np.arange(2**16, dtype=np.uint16)
    converted = backend.from_numpy(bits.view(ml_dtypes.bfloat16))
    assert converted.dtype == torch.bfloat16
    assert converted.view(torch.int16).numpy().view(np.uint16).tolist() == bits.tolist()
    back = backend.to_numpy(converted)
    assert back.dtype == ml_dtypes.bfloat16
    assert back.view(np.uint16).tolist() == bits.tolist()


def test_a_bfloat16_means_the_same_number(backend: Backend) -> None:
    x = np.array([1.0, -0.0, 3.140625, 1e38], ml_dtypes.bfloat16)
    converted = backend.from_numpy(x)
    assert converted.double().tolist() == x.astype(np.float64).tolist()
    assert (converted + 1).double().tolist()[0] == 2


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16", "int64", "bool"])
def test_arrays_keep_their_type_and_shape(backend: Backend, dtype: str) -> None:
    for shape in ((), (0, 2), (3,), (2, 3, 4)):
        x = np.ones(shape).astype(ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype)
        converted = backend.from_numpy(x)
        assert str(converted.dtype) == f"torch.{dtype}"
        back = backend.to_numpy(converted)
        assert (back.shape, back.dtype.name) == (shape, dtype)
        assert np.array_equal(back, x)


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_arrays_need_not_be_contiguous(backend: Backend, dtype: str) -> None:
    x = np.arange(12).reshape(3, 4).astype(ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype)
    for view in (x.T, x[:, ::2], x[1:, 1:].T, np.broadcast_to(x[0], (2, 4)).copy(order="F")):
        assert np.array_equal(backend.to_numpy(backend.from_numpy(view)), view)
    t = backend.from_numpy(x)
    for viewed, wanted in ((t.T, x.T), (t[:, ::2], x[:, ::2]), (t[0].expand(2, 4), x[[0, 0]])):
        back = backend.to_numpy(viewed)
        assert np.array_equal(back, wanted)
        assert back.flags.c_contiguous


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_arrays_are_copies_both_ways(backend: Backend, dtype: str) -> None:
    x = np.zeros(4).astype(ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype)
    converted = backend.from_numpy(x)
    x += 1
    assert not converted.any()
    back = backend.to_numpy(converted)
    back += 1
    assert not converted.any()


def test_what_needs_a_gradient_is_converted_as_well(backend: Backend) -> None:
    x = torch.ones(2, requires_grad=True)
    assert backend.to_numpy(x * 2).tolist() == [2, 2]


def test_gradients_are_keyed_by_name_whatever_the_order(backend: Backend) -> None:
    arguments = {
        "a": backend.from_numpy(np.array([1.0, 2.0])),
        "x": backend.from_numpy(np.array([3.0, 4.0])),
    }
    ybar = backend.from_numpy(np.array(1.0))
    for wrt in (("a", "x"), ("x", "a"), ("x",)):
        fresh = {name: t.detach().clone() for name, t in arguments.items()}
        value, gradients = backend.vjp(backend.native["linear_form"], fresh, wrt, ybar)
        assert float(value.detach()) == 11
        assert tuple(gradients) == wrt
        assert gradients["x"].tolist() == [1, 2]
        assert "a" not in wrt or gradients["a"].tolist() == [3, 4]


def test_a_mask_or_an_index_is_not_differentiated(backend: Backend) -> None:
    arguments = {
        "z": backend.from_numpy(np.array([[1.0, 2.0]])),
        "t": backend.from_numpy(np.array([1])),
    }
    ybar = backend.from_numpy(np.array([1.0]))
    function = backend.native["softmax_cross_entropy_by_index"]
    _, gradients = backend.vjp(function, arguments, ("z",), ybar)
    assert list(gradients) == ["z"]
    assert not arguments["t"].requires_grad


@pytest.mark.parametrize("route", ["composed", "native"])
@pytest.mark.parametrize("dtype", ["float64", "bfloat16"])
def test_the_arrays_of_the_caller_are_left_as_they_were(
    backend: Backend, route: str, dtype: str
) -> None:
    case = parse("least_squares", dtype, "m=3 n=2 seed=1")
    arguments, ybar = case.arguments(), case.cotangent()
    before = {name: x.tobytes() for name, x in {**arguments, "ybar": ybar}.items()}
    forward = CATALOGUE["least_squares"].forward
    implementation = Implementation(backend, route, "least_squares", forward)
    first = implementation.vjp(arguments, ("A", "x", "b"), ybar, {})
    second = implementation.vjp(arguments, ("A", "x", "b"), ybar, {})
    after = {name: x.tobytes() for name, x in {**arguments, "ybar": ybar}.items()}
    assert after == before
    # Gradients do not add up from call to call.
    assert first.gradients["A"].tobytes() == second.gradients["A"].tobytes()
    assert first.gradients["A"].any()


def test_the_default_type_of_the_process_is_left_alone(backend: Backend) -> None:
    before = torch.get_default_dtype()
    backend.from_numpy(np.zeros(2))
    assert backend.namespace.asarray([1.0]).dtype == before == torch.get_default_dtype()
    assert torch.is_grad_enabled()


# PyTorch's own modules warn of each other when its compiler is imported.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_is_compiled_is_compiled_for_any_number_of_shapes(backend: Backend) -> None:
    """Inside the function PyTorch says that it compiles; it does not fall back to eager mode."""

    def doubled_when_compiled(x: Any) -> Any:
        return x * 2 if torch.compiler.is_compiling() else x * 3

    assert "compiled_equals_eager" in laws_of(backend)
    for n in range(1, 12):
        x, ybar = torch.ones(n), torch.arange(1.0, n + 1)
        value, gradients = backend.compiled_vjp(doubled_when_compiled, {"x": x}, ("x",), ybar)
        assert torch.equal(value, 2 * x)
        assert torch.equal(gradients["x"], 2 * ybar)
    value, _ = backend.vjp(doubled_when_compiled, {"x": x}, ("x",), ybar)
    assert torch.equal(value, 3 * x)


# PyTorch's own modules warn of each other when its compiler is imported.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_graph_that_breaks_raises(backend: Backend) -> None:
    def breaks(x: Any) -> Any:
        print(x)
        return x

    with pytest.raises(Exception, match=r"(?i)unsupported|print"):
        backend.compiled_vjp(breaks, {"x": torch.ones(3)}, ("x",), torch.ones(3))
