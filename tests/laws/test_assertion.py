"""``assert_conforms``: one function of one's own, held to the laws inside any test."""

from __future__ import annotations

import re
import unittest
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gradient_conformance import assert_conforms


def softmax(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def softmax_backward(ybar: np.ndarray, z: np.ndarray) -> np.ndarray:
    y = softmax(z)
    return y * (ybar - (y * ybar).sum(axis=-1, keepdims=True))


def softmax_backward_by_the_mean(ybar: np.ndarray, z: np.ndarray) -> np.ndarray:
    """The sum over a row taken for its mean."""
    y = softmax(z)
    return y * (ybar - (y * ybar).mean(axis=-1, keepdims=True))


class Normalised(torch.autograd.Function):
    """Layer normalisation with a backward function by hand; ``off`` is what it is multiplied by."""

    off = 1.0

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, a: torch.Tensor, b: torch.Tensor, eps: float) -> Any:
        centred = x - x.mean(-1, keepdim=True)
        inverse = 1 / torch.sqrt((centred * centred).mean(-1, keepdim=True) + eps)
        ctx.save_for_backward(centred * inverse, inverse, a)
        return a * centred * inverse + b

    @staticmethod
    def backward(ctx: Any, ybar: torch.Tensor) -> Any:
        xhat, inverse, a = ctx.saved_tensors
        along = ybar * a
        mean, part = along.mean(-1, keepdim=True), (along * xhat).mean(-1, keepdim=True)
        rows = tuple(range(ybar.ndim - 1))
        over_rows = (lambda g: g.sum(rows)) if rows else (lambda g: g)
        xbar = (along - mean - xhat * part) * inverse
        return xbar, over_rows(ybar * xhat) * Normalised.off, over_rows(ybar), None


def normalised(x: Any, scale: Any, shift: Any, eps: float) -> Any:
    return Normalised.apply(x, scale, shift, eps)


@jax.custom_vjp
def smooth(z: jax.Array) -> jax.Array:
    return jax.nn.gelu(z, approximate=False)


def smooth_backward(z: jax.Array, ybar: jax.Array) -> tuple[jax.Array]:
    normal = jax.scipy.stats.norm
    return (ybar * (normal.cdf(z) + z * normal.pdf(z) * 1.001),)


smooth.defvjp(lambda z: (smooth(z), z), smooth_backward)


def test_a_pair_of_numpy_functions() -> None:
    assert_conforms("softmax", forward=softmax, backward=softmax_backward)


def test_a_wrong_pair_and_a_message_that_reads_by_itself() -> None:
    wrong = softmax_backward_by_the_mean
    with pytest.raises(AssertionError) as raised:
        assert_conforms("softmax", forward=softmax, backward=wrong, dtypes=["float32"])
    said = str(raised.value)
    assert said.startswith("softmax: softmax and softmax_backward_by_the_mean does not conform in")
    assert "✗ wrong: gradient of z" in said
    assert "gradient of z, exact = " in said
    assert "ybar = " in said
    line = re.search(r"case='([^']+)'", said)
    assert line is not None
    with pytest.raises(AssertionError, match="gradient of z"):
        assert_conforms(
            "softmax", forward=softmax, backward=wrong, dtypes=["float32"], case=line[1]
        )
    assert_conforms("softmax", forward=softmax, backward=softmax_backward, case=line[1])


def test_a_torch_autograd_function(monkeypatch: pytest.MonkeyPatch) -> None:
    assert_conforms("layer_normalisation", normalised, backend="torch")
    monkeypatch.setattr(Normalised, "off", 1 + 1e-9)
    with pytest.raises(AssertionError, match="gradient of scale"):
        assert_conforms("layer_normalisation", normalised, backend="torch", dtypes=["float64"])


def test_a_jax_custom_vjp() -> None:
    with pytest.raises(AssertionError, match=r"gelu: .*smooth by jax does not conform in float32"):
        assert_conforms("gelu", smooth, backend="jax", dtypes=["float32"])
    assert_conforms("square", jnp.square, backend="jax", dtypes=["float32"])


def test_shapes_parameters_and_laws_of_ones_own() -> None:
    seen = set()

    def watched(x: Any, scale: Any, shift: Any, eps: float) -> Any:
        seen.add((tuple(x.shape), eps))
        return normalised(x, scale, shift, eps)

    assert_conforms(
        "layer_normalisation",
        watched,
        backend="torch",
        shapes=[{"x": (2, 5), "scale": (5,), "shift": (5,)}],
        parameters={"eps": 1e-6},
        laws=["gradient", "layout_independent"],
        dtypes=["float64"],
    )
    assert seen == {((2, 5), 1e-6)}


@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 1000))
def test_inside_a_test_of_hypothesis(seed: int) -> None:
    assert_conforms("softmax", forward=softmax, backward=softmax_backward, seed=seed)


class TestInUnittest(unittest.TestCase):
    def test_it(self) -> None:
        with self.assertRaises(AssertionError):  # noqa: PT027
            assert_conforms(
                "softmax", forward=softmax, backward=lambda ybar, z: {"z": np.zeros_like(z)}
            )


def test_where_nothing_can_be_decided_it_fails() -> None:
    with pytest.raises(AssertionError, match="nothing was decided about square by torch"):
        assert_conforms(
            "square", torch.square, backend="torch", dtypes=["float16"], laws=["gradient"],
            case="...=1 X[0]=60000.0 ybar[0]=8.0",
        )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"identity": "softmx"}, LookupError, "there is no identity 'softmx'"),
        ({"backward": None}, TypeError, "both forward and backward"),
        ({"function": softmax}, TypeError, "both forward and backward"),
        ({"backend": "torch"}, ValueError, "take NumPy arrays; the backend is torch"),
        ({"laws": ["gradients"]}, LookupError, "there is no law gradients"),
        ({"laws": ["jvp"]}, ValueError, "numpy lacks what these laws need: jvp"),
        ({"dtypes": ["bfloat16"]}, ValueError, "not bfloat16"),
        ({"profile": "hard"}, ValueError, "there is no profile 'hard'"),
        ({"shapes": [{"x": (3,)}]}, LookupError, "softmax takes the arguments z"),
        ({"shapes": [{"z": ()}]}, ValueError, "z has shape"),
        ({"shapes": [{"z": (0,)}]}, ValueError, "softmax needs n ≥ 1"),
        ({"case": "n"}, ValueError, "the case 'n' cannot be read"),
    ],
)
def test_what_cannot_be_asked(given: dict[str, Any], error: type[Exception], said: str) -> None:
    right = {"identity": "softmax", "forward": softmax, "backward": softmax_backward}
    with pytest.raises(error, match=said):
        assert_conforms(**{**right, **given})


def test_shapes_that_do_not_fit_are_not_changed_in_silence() -> None:
    """Cofactors are tried up to 9; an odd number of columns has no two halves to gate."""
    for identity, shapes, function in (
        ("determinant_by_cofactors", {"X": (12, 12)}, torch.linalg.det),
        ("glu", {"x": (2, 5)}, torch.nn.functional.glu),
    ):
        with pytest.raises(ValueError, match="do not fit together"):
            assert_conforms(identity, function, backend="torch", shapes=[shapes])


def test_numpy_differentiates_nothing() -> None:
    with pytest.raises(ValueError, match="NumPy does not differentiate"):
        assert_conforms("softmax", softmax)


def test_too_few_gradients_are_an_error_of_the_function() -> None:
    with pytest.raises(AssertionError, match=r"backward returned 1 gradients; .* has 2: A, x"):
        assert_conforms(
            "matrix_vector_product", forward=lambda A, x: A @ x, backward=lambda ybar, A, x: ybar
        )


@pytest.mark.parametrize("law", ["value", "gradient"])
def test_one_law_of_a_function_that_raises(law: str) -> None:
    """There is nothing to show beside the exact answer, and the message is the function's own."""

    def raising(z: np.ndarray) -> np.ndarray:
        raise ZeroDivisionError("not today")

    with pytest.raises(AssertionError, match=rf"error: {law}[^$]*ZeroDivisionError: not today"):
        assert_conforms("softmax", forward=raising, backward=raising, laws=law, dtypes="float64")
