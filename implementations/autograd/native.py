"""autograd's own primitive for each identity that has one."""

from __future__ import annotations

import math
from typing import Any

import autograd.numpy as anp
import numpy as np
from autograd.scipy.signal import convolve
from autograd.scipy.special import expit, logsumexp
from autograd.scipy.stats import multivariate_normal, norm

from ..protocol import Function

NATIVE: dict[str, Function] = {
    "linear_form": lambda a, x: anp.dot(a, x),
    "quadratic_form": lambda A, x: anp.einsum("i,ij,j->", x, A, x),
    "squared_norm": lambda x: anp.inner(x, x),
    "least_squares": lambda A, x, b: anp.sum(anp.square(anp.dot(A, x) - b)),
    "trace": lambda X: anp.trace(X),
    "trace_of_product": lambda A, X: anp.einsum("ij,ji->", A, X),
    "trace_of_quadratic": lambda A, X: anp.einsum("ji,jk,ki->", X, A, X),
    "log_determinant": lambda X: anp.linalg.slogdet(X)[1],
    "determinant": lambda X: anp.linalg.det(X),
    "determinant_by_cofactors": lambda X: anp.linalg.det(X),
    "sigmoid": lambda z: expit(z),
    "tanh": lambda z: anp.tanh(z),
    "relu": lambda z: anp.maximum(z, 0),
    "gelu": lambda z: z * norm.cdf(z),
    "square": lambda X: anp.square(X),
    "logsumexp": lambda z: logsumexp(z, axis=-1),
    "mean_squared_error": lambda x, y, reduction: {"mean": anp.mean, "sum": anp.sum}[reduction](
        anp.square(x - y)
    ),
    "linear_layer": lambda W, x, b: anp.dot(W, x) + b,
    "linear_layer_on_batch": lambda X, W, b: anp.inner(X, W) + b,
    "matrix_product": lambda X, W: anp.dot(X, W),
    "residual": lambda X, Z: anp.add(X, Z),
    "identity_map": lambda X: anp.array(X),
    "outer_product": lambda a, b: anp.outer(a, b),
    "matrix_vector_product": lambda A, x: anp.dot(A, x),
    "hadamard_product": lambda X, Y: anp.multiply(X, Y),
    "sum_reduction": lambda X, axis, keepdims: anp.sum(X, axis=axis, keepdims=keepdims),
    "transpose": lambda X: anp.transpose(X),
    "permutation": lambda X, axes: anp.transpose(X, axes),
    "reshape": lambda X, shape: anp.reshape(X, _shape(X, shape)),
    "slice_of_rows": lambda X, rows: X[slice(*rows)],
    "boolean_selection": lambda X, keep: X[np.array(keep)],
    "broadcast_sum": lambda x, y: anp.add(x, y),
    "broadcast_difference": lambda x, y: anp.subtract(x, y),
    "broadcast_product": lambda x, y: anp.multiply(x, y),
    "broadcast_quotient": lambda x, y: anp.divide(x, y),
    "embedding": lambda W, i: W[i],
    "gather": lambda X, i: X[np.arange(len(i))[:, None], i],
    "gather_in_columns": lambda X, i, axis: X[i, np.arange(i.shape[1])],
    "layer_normalisation": lambda x, scale, shift, eps: scale * _standardised(x, eps, -1) + shift,
    "batch_normalisation": lambda X, scale, shift, eps: scale * _standardised(X, eps, 0) + shift,
    "batch_normalisation_of_images": lambda X, scale, shift, eps: (
        scale[:, None, None] * _standardised(X, eps, (0, 2, 3)) + shift[:, None, None]
    ),
    "convolution_1d": lambda x, w, b: convolve(x, w[::-1], mode="valid") + b,
    "convolution_2d": lambda X, W, b: (
        anp.moveaxis(
            convolve(X, W[::-1, ::-1], axes=[[0, 1], [0, 1]], dot_axes=[[2], [2]], mode="valid"),
            0,
            -1,
        )
        + b
    ),
    "attention_output": lambda A, V: anp.tensordot(A, V, 1),
    "attention_scores": lambda Q, K: anp.inner(Q, K) / Q.shape[-1] ** 0.5,
    "elu": lambda z, alpha: anp.where(z > 0, z, alpha * anp.expm1(anp.where(z > 0, 0 * z, z))),
    "relu6": lambda z: anp.clip(z, 0, 6),
    "hard_tanh": lambda z: anp.clip(z, -1, 1),
    "gaussian_log_likelihood": lambda x, mu, S: multivariate_normal.logpdf(x, mu, S),
    "absolute_value": lambda x: anp.abs(x),
    "maximum": lambda x, y: anp.maximum(x, y),
    "clip": lambda x: anp.clip(x, -1.0, 1.0),
    "max_reduction": lambda x: anp.max(x, axis=-1),
    "sort": lambda x: anp.sort(x, axis=-1),
    "euclidean_norm": lambda x: anp.linalg.norm(x, axis=-1),
    "square_root": lambda x: anp.sqrt(x),
    "power": lambda x, p: anp.power(x, p),
    "masked_quotient": lambda a, b, keep: anp.where(keep, a / anp.where(keep, b, 1), 0),
}
"""By the identity's name: NumPy's and SciPy's functions, as autograd wraps them. Neither library
has neural networks: softmax, the losses in logits, attention as a whole and convolutions with a
stride have no part of their own and are left out."""


def _standardised(x: Any, eps: float, axis: Any) -> Any:
    """NumPy's mean and var, the second of which has a rule of its own."""
    deviation = anp.sqrt(anp.var(x, axis=axis, keepdims=True) + eps)
    return (x - anp.mean(x, axis=axis, keepdims=True)) / deviation


def _shape(X: Any, words: str) -> tuple[int, ...]:
    """The shape that words of size letters stand for: ``"l mn"`` is (l, m·n)."""
    size = dict(zip("lmn", X.shape, strict=True))
    return tuple(math.prod(size[letter] for letter in word) for word in words.split())
