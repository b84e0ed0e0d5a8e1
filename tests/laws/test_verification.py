"""Verifying arrays of one's own: what is right, what is wrong and where, and what is no input."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from gradient_conformance import Backend, verify_attention_gradients, verify_gradients
from gradient_conformance.implementations.numpy import NumPy
from gradient_conformance.tests.implementations import broken

RNG = np.random.default_rng(0)
Q, K, V = (RNG.standard_normal(shape) for shape in ((3, 4), (5, 4), (5, 2)))
DOCUMENTED = tuple(RNG.standard_normal(shape) for shape in ((10, 64), (20, 64), (20, 64)))
"""The sizes of attention-8."""


def with_entry(x: np.ndarray, number: float) -> np.ndarray:
    """The same array with one entry replaced."""
    changed = x.copy()
    changed[2, 3] = number
    return changed


class OnlyK(NumPy):
    """Gets the gradient for K wrong, and nothing else."""

    name = "only_k"

    def vjp(
        self, function: Any, arguments: Mapping[str, Any], wrt: tuple[str, ...], ybar: Any
    ) -> tuple[Any, dict[str, Any]]:
        value, gradients = super().vjp(function, arguments, wrt, ybar)
        return value, {**gradients, "K": gradients["K"] * (1 + 1e-9)}


@pytest.mark.parametrize(
    ("backend", "route"),
    [
        ("numpy", "native"),
        ("jax", "composed"),
        ("torch", "native"),
        ("torch", "composed"),
        ("gradient_conformance.implementations.numpy:NumPy", None),
        (NumPy(), None),
    ],
)
def test_the_documented_sizes_are_right(backend: str | Backend, route: str | None) -> None:
    if backend in ("jax", "torch"):
        pytest.importorskip(str(backend))
    found = verify_attention_gradients(*DOCUMENTED, backend=backend, route=route)
    assert found
    assert found.conforms
    assert list(found.gradients) == ["Q", "K", "V"]
    for verdict in (found.value, *found.gradients.values()):
        assert verdict.outcome == "pass"
        assert verdict.digits is not None
        assert verdict.digits > 14
        assert verdict.margin is not None
        assert verdict.margin < 1
    assert "all right" in str(found)


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_each_type_is_tried_in_itself(dtype: str) -> None:
    pytest.importorskip("torch")
    kind = ml_dtypes.bfloat16 if dtype == "bfloat16" else dtype
    arrays = [np.array(x).astype(kind) for x in ([[0.25]], [[0.5], [-0.5]], [[2.0], [-1.0]])]
    found = verify_attention_gradients(*arrays, backend="torch", seed=1)
    assert found.dtype == dtype
    assert found, str(found)


def test_one_wrong_gradient_is_named() -> None:
    found = verify_attention_gradients(Q, K, V, backend=OnlyK())
    assert not found
    assert found.not_right == ("K",)
    assert found.gradients["K"].outcome == "imprecise"
    assert found.gradients["K"].digits == pytest.approx(9, abs=0.2)
    assert found.gradients["Q"].outcome == found.value.outcome == "pass"
    assert "only_k" in str(found).splitlines()[0]
    assert str(found).splitlines()[0].endswith("not right: K")


@pytest.mark.parametrize(
    ("adapter", "names", "outcome"),
    [
        (broken.Zeros, ("Q", "K", "V"), "wrong"),
        (broken.WrongShape, ("Q", "K", "V"), "wrong"),
        (broken.WrongType, ("Q", "K", "V"), "wrong"),
        (broken.NotANumber, ("Q", "K", "V"), "wrong"),
        (broken.IgnoresCotangent, ("Q", "K", "V"), "wrong"),
        (broken.ScaledByBillionth, ("Q", "K", "V"), "imprecise"),
        (broken.ValueOff, ("value",), "imprecise"),
        (broken.Raising, ("value", "Q", "K", "V"), "error"),
        (broken.MissingGradient, ("value", "Q", "K", "V"), "error"),
        (broken.Nothing, ("value", "Q", "K", "V"), "error"),
    ],
)
def test_a_broken_adapter_is_not_right(
    adapter: type[Backend], names: tuple[str, ...], outcome: str
) -> None:
    spec = f"{broken.__name__}:{adapter.__qualname__}"
    for backend in (adapter(), spec) if hasattr(broken, adapter.__qualname__) else (adapter(),):
        found = verify_attention_gradients(Q, K, V, backend=backend)
        assert not found.conforms
        assert found.not_right == names
        verdicts = {"value": found.value, **found.gradients}
        assert {verdicts[name].outcome for name in names} == {outcome}
        assert all(verdicts[name].message in str(found) for name in names)


def test_what_hides_any_answer_is_undecided_and_not_right() -> None:
    arrays = [x.astype(np.float16) for x in DOCUMENTED]
    found = verify_attention_gradients(*arrays)
    assert not found
    assert "Q" in found.undecided
    assert found.not_right == ()
    assert "undecided: " in str(found).splitlines()[0]


def test_what_is_recorded_is_said() -> None:
    pytest.importorskip("jax")
    found = verify_attention_gradients(Q, K, V, backend="jax", route="native")
    assert found.not_right == ("value", "Q", "K", "V")
    assert "float32" in found.recorded
    assert found.recorded in str(found)


def test_a_primitive_that_is_lacking_is_unsupported() -> None:
    pytest.importorskip("jax")
    arrays = [x.astype(np.float16) for x in (Q, K, V)]
    found = verify_attention_gradients(*arrays, backend="jax", route="native")
    assert {v.outcome for v in found.gradients.values()} == {"unsupported"}
    assert not found


def test_arrays_of_a_framework_are_read() -> None:
    torch = pytest.importorskip("torch")
    jax = pytest.importorskip("jax")
    assert verify_attention_gradients(*(torch.tensor(x) for x in (Q, K, V)), backend="torch")
    found = verify_attention_gradients(*map(jax.numpy.array, (Q, K, V)), backend="jax")
    assert found.dtype == "float32"  # as JAX made them
    assert found


def test_a_cotangent_decides_what_is_looked_at() -> None:
    """An adapter that takes it for ones is right where it is ones, and only there."""
    ones = np.ones((3, 2))
    assert verify_attention_gradients(Q, K, V, backend=broken.IgnoresCotangent(), Obar=ones)
    other = verify_attention_gradients(Q, K, V, backend=broken.IgnoresCotangent(), Obar=-ones)
    assert other.not_right == ("Q", "K", "V")


def test_the_arrays_are_left_as_they_were_and_any_byte_order_is_read() -> None:
    before = [x.copy() for x in (Q, K, V)]
    assert verify_attention_gradients(*(x.astype(">f8") for x in (Q, K, V)))
    verify_attention_gradients(Q, K, V, backend=broken.WithoutCopies())
    assert all(np.array_equal(x, y) for x, y in zip((Q, K, V), before, strict=True))


@pytest.mark.parametrize(
    ("arrays", "options", "error", "words"),
    [
        ((Q.tolist(), K, V), {}, TypeError, "Q is a list, not an array"),
        ((None, K, V), {}, TypeError, "Q is a NoneType"),
        ((Q.astype(int), K, V), {}, TypeError, "Q holds int64; it must hold float64"),
        ((Q.astype(complex), K, V), {}, TypeError, "Q holds complex128"),
        ((Q[0], K, V), {}, ValueError, r"Q has shape \(4,\); it must have 2 dimensions: n d"),
        ((Q[None], K, V), {}, ValueError, "it must have 2 dimensions"),
        ((Q[:, :3], K, V), {}, ValueError, "where d is 4 here, and is 3 in Q"),
        ((Q, K[:4], V), {}, ValueError, "where m is 5 here, and is 4 in K"),
        ((Q, K.astype("f4"), V), {}, ValueError, "must all hold one type"),
        ((with_entry(Q, np.nan), K, V), {}, ValueError, r"Q holds nan at \[2, 3\]"),
        ((Q, with_entry(K, np.inf), V), {}, ValueError, r"K holds inf at \[2, 3\]"),
        ((Q[:0], K, V), {}, ValueError, "Q is empty"),
        ((Q, K, V), {"backend": "nope"}, ValueError, "there is no backend 'nope'"),
        ((Q, K, V), {"backend": "nope:Nope"}, ValueError, "cannot be imported"),
        ((Q, K, V), {"backend": NumPy}, TypeError, "the backend is a type"),
        ((Q, K, V), {"route": "scenic"}, ValueError, "there is no route 'scenic'"),
        ((Q, K, V), {"route": "composed"}, ValueError, "no composed implementation"),
        ((Q, K, V), {"seed": -1}, ValueError, "the seed is -1"),
        ((Q, K, V), {"Obar": np.ones(2)}, ValueError, r"the value has shape \(3, 2\)"),
        ((Q, K, V), {"Obar": np.ones((3, 2), "f4")}, ValueError, "the cotangent holds float32"),
        ((Q, K, V), {"Obar": np.zeros((3, 2))}, ValueError, "zero all over"),
        ((Q, K, V), {"Obar": 1.0}, TypeError, "the cotangent is a float"),
    ],
)
def test_what_is_no_input_is_said_in_a_sentence(
    arrays: tuple, options: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        verify_attention_gradients(*arrays, **options)


def test_a_type_that_the_backend_lacks_is_said() -> None:
    arrays = (x.astype(ml_dtypes.bfloat16) for x in (Q, K, V))
    with pytest.raises(ValueError, match="the arrays hold bfloat16, which numpy does not have"):
        verify_attention_gradients(*arrays)


@pytest.mark.parametrize(
    ("identity", "arguments", "parameters", "error", "words"),
    [
        ("nope", {}, {}, LookupError, "there is no identity 'nope'"),
        (3, {}, {}, TypeError, "the identity is a int"),
        ("softmax", [Q], {}, TypeError, "arguments is a list"),
        ("softmax", {"z": Q, "y": Q}, {}, LookupError, "takes the arguments z; given are z, y"),
        ("softmax", {"z": Q}, {"a": 1}, LookupError, "has no parameter a"),
        ("mean_squared_error", {"x": Q, "y": Q}, {}, ValueError, "needs the parameter reduction"),
        ("mean_squared_error", {"x": Q, "y": Q}, {"reduction": []}, ValueError, "must be one of"),
        ("log_determinant", {"X": -np.eye(3)}, {}, ValueError, "det X > 0"),
        ("convolution_1d", {"x": V[:2, 0], "w": Q[0], "b": Q[0, 0]}, {}, ValueError, "n = 4"),
        ("embedding", {"W": Q, "i": Q[0]}, {}, TypeError, "i holds float64; it must hold integers"),
        ("batch_normalisation", {"X": Q[:1], "scale": Q[0], "shift": Q[0]}, {"eps": 1e-3},
         ValueError, "needs n ≥ 2"),
    ],
)  # fmt: skip
def test_the_same_for_any_identity(
    identity: Any, arguments: Any, parameters: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        verify_gradients(identity, arguments, parameters=parameters)


def test_any_identity_can_be_verified() -> None:
    assert verify_gradients("softmax", {"z": Q})
    assert verify_gradients("broadcast_sum", {"x": Q, "y": Q[0]})
    index = np.array([[2, 0], [1, 1]])
    found = verify_gradients("embedding", {"W": Q, "i": index.ravel()})
    assert list(found.gradients) == ["W"]
    assert found
    scaled = {"x": Q, "scale": Q[0], "shift": Q[1]}
    assert verify_gradients("layer_normalisation", scaled, parameters={"eps": 0.25})
    assert not verify_gradients("softmax", {"z": Q}, backend=broken.Zeros())
