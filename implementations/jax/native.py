"""JAX's own primitive for each identity that has one."""

from __future__ import annotations

import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from ..protocol import Function

NATIVE: dict[str, Function] = {
    "linear_form": lambda a, x: jnp.dot(a, x),
    "quadratic_form": lambda A, x: jnp.einsum("i,ij,j->", x, A, x),
    "squared_norm": lambda x: jnp.vdot(x, x),
    "least_squares": lambda A, x, b: jnp.sum(jnp.square(jnp.dot(A, x) - b)),
    "trace": lambda X: jnp.trace(X),
    "trace_of_product": lambda A, X: jnp.einsum("ij,ji->", A, X),
    "trace_of_quadratic": lambda A, X: jnp.einsum("ji,jk,ki->", X, A, X),
    "log_determinant": lambda X: jnp.linalg.slogdet(X).logabsdet,
    "determinant": lambda X: jnp.linalg.det(X),
    "determinant_by_cofactors": lambda X: jnp.linalg.det(X),
    "sigmoid": lambda z: jax.nn.sigmoid(z),
    "tanh": lambda z: jnp.tanh(z),
    "relu": lambda z: jax.nn.relu(z),
    "gelu": lambda z: jax.nn.gelu(z, approximate=False),
    "gelu_tanh": lambda z: jax.nn.gelu(z, approximate=True),
    "square": lambda X: jnp.square(X),
    "softmax": lambda z: jax.nn.softmax(z, axis=-1),
    "log_softmax": lambda z: jax.nn.log_softmax(z, axis=-1),
    "logsumexp": lambda z: jax.nn.logsumexp(z, axis=-1),
    "softmax_cross_entropy": lambda z, y: -jnp.sum(y * jax.nn.log_softmax(z, axis=-1), axis=-1),
    "softmax_cross_entropy_by_index": lambda z, t: (
        -jnp.sum(
            jax.nn.one_hot(t, z.shape[-1], dtype=z.dtype) * jax.nn.log_softmax(z, axis=-1), axis=-1
        )
    ),
    "binary_cross_entropy_with_logits": lambda z, y: jax.nn.softplus(z) - z * y,
    "linear_layer": lambda W, x, b: jnp.matvec(W, x) + b,
    "linear_layer_on_batch": lambda X, W, b: jnp.einsum("kn,mn->km", X, W) + b,
    "matrix_product": lambda X, W: jnp.matmul(X, W),
    "residual": lambda X, Z: jnp.add(X, Z),
    "identity_map": lambda X: jnp.copy(X),
    "outer_product": lambda a, b: jnp.outer(a, b),
    "matrix_vector_product": lambda A, x: jnp.matvec(A, x),
    "hadamard_product": lambda X, Y: jnp.multiply(X, Y),
    "sum_reduction": lambda X, axis, keepdims: jnp.sum(X, axis=axis, keepdims=keepdims),
    "transpose": lambda X: jnp.transpose(X),
    "permutation": lambda X, axes: jnp.transpose(X, axes),
    "reshape": lambda X, shape: jnp.reshape(X, _shape(X, shape)),
    "slice_of_rows": lambda X, rows: X[slice(*rows)],
    "boolean_selection": lambda X, keep: X[np.array(keep)],
    "broadcast_sum": lambda x, y: jnp.add(x, y),
    "broadcast_difference": lambda x, y: jnp.subtract(x, y),
    "broadcast_product": lambda x, y: jnp.multiply(x, y),
    "broadcast_quotient": lambda x, y: jnp.divide(x, y),
    "embedding": lambda W, i: W[i],
    "gather": lambda X, i: jnp.take_along_axis(X, i, axis=1),
    "gather_in_columns": lambda X, i, axis: jnp.take_along_axis(X, i, axis=axis),
    "scatter_add": lambda X, i, Z: Z.at[i].add(X),
    "layer_normalisation": lambda x, scale, shift, eps: (
        scale * jax.nn.standardize(x, axis=-1, epsilon=eps) + shift
    ),
    "batch_normalisation": lambda X, scale, shift, eps: (
        scale * jax.nn.standardize(X, axis=0, epsilon=eps) + shift
    ),
    "batch_normalisation_of_images": lambda X, scale, shift, eps: (
        scale[:, None, None] * jax.nn.standardize(X, axis=(0, 2, 3), epsilon=eps)
        + shift[:, None, None]
    ),
    "convolution_1d": lambda x, w, b: jnp.correlate(x, w, mode="valid") + b,
    "convolution_2d": lambda X, W, b: _convolution(X[None], W, "NHWC", 1, 0, 1, 1)[0] + b,
    "batched_convolution_1d": lambda X, W, bias, geometry: (
        _convolution(X, W, "NHC", *geometry) + bias
    ),
    "batched_convolution_2d": lambda X, W, bias, geometry: (
        _convolution(X, W, "NHWC", *geometry) + bias
    ),
    "attention": lambda Q, K, V: _attention(Q, K, V),
    "attention_output": lambda A, V: jnp.matmul(A, V),
    "attention_weights": lambda S: jax.nn.softmax(S, axis=-1),
    "attention_scores": lambda Q, K: jnp.matmul(Q, K.T) / Q.shape[-1] ** 0.5,
    "causal_attention": lambda Q, K, V: _attention(Q, K, V, is_causal=True),
    "masked_attention": lambda Q, K, V, M: _attention(Q, K, V, mask=M[None, None]),
    "additive_mask_attention": lambda Q, K, V, B: jnp.swapaxes(
        _attention_of_heads(
            *(jnp.swapaxes(x, 0, 1)[None] for x in (Q, K, V)), bias=B[(None,) * (4 - B.ndim)]
        )[0],
        0,
        1,
    ),
    "grouped_query_attention": lambda Q, K, V: jnp.swapaxes(
        _attention_of_heads(*(jnp.swapaxes(x, 1, 2) for x in (Q, K, V))), 1, 2
    ),
    "self_attention": lambda X, Wq, Wk, Wv: _attention(X @ Wq, X @ Wk, X @ Wv),
    "multi_head_attention": lambda Q, K, V, Wq, Wk, Wv, Wo, heads: (
        _attention_of_heads(*(_split(x, heads) for x in (Q @ Wq, K @ Wk, V @ Wv))).reshape(Q.shape)
        @ Wo
    ),
    "silu": lambda z: jax.nn.silu(z),
    "softplus": lambda z: jax.nn.softplus(z),
    "log_sigmoid": lambda z: jax.nn.log_sigmoid(z),
    "mish": lambda z: jax.nn.mish(z),
    "softsign": lambda z: jax.nn.soft_sign(z),
    "elu": lambda z, alpha: jax.nn.elu(z, alpha),
    "selu": lambda z: jax.nn.selu(z),
    "celu": lambda z, alpha: jax.nn.celu(z, alpha),
    "leaky_relu": lambda z, slope: jax.nn.leaky_relu(z, slope),
    "relu6": lambda z: jax.nn.relu6(z),
    "hard_tanh": lambda z: jax.nn.hard_tanh(z),
    "hard_sigmoid": lambda z: jax.nn.hard_sigmoid(z),
    "hard_swish": lambda z: jax.nn.hard_swish(z),
    "glu": lambda x: jax.nn.glu(x, axis=-1),
    "geglu": lambda X, W, V: jax.nn.gelu(X @ W, approximate=False) * (X @ V),
    "swiglu": lambda X, W, V: jax.nn.silu(X @ W) * (X @ V),
    "gaussian_log_likelihood": lambda x, mu, S: jax.scipy.stats.multivariate_normal.logpdf(
        x, mu, S
    ),
    "absolute_value": lambda x: jnp.abs(x),
    "maximum": lambda x, y: jnp.maximum(x, y),
    "clip": lambda x: jax.lax.clamp(jnp.asarray(-1.0, x.dtype), x, jnp.asarray(1.0, x.dtype)),
    "max_reduction": lambda x: jnp.max(x, axis=-1),
    "sort": lambda x: jnp.sort(x, axis=-1),
    "euclidean_norm": lambda x: jnp.linalg.norm(x, axis=-1),
    "square_root": lambda x: jnp.sqrt(x),
    "power": lambda x, p: jnp.power(x, jnp.asarray(p, x.dtype)),
    "xlogy": lambda x, y: jax.scipy.special.xlogy(x, y),
    "masked_quotient": lambda a, b, keep: jnp.where(keep, a / jnp.where(keep, b, 1), 0),
}
"""By the identity's name. JAX ships no losses: those in logits are its log_softmax and softplus
with a sum; mean-squared error, cross-entropy on probabilities and RMS normalisation have no part of
their own and are left out."""


def _attention(Q: jax.Array, K: jax.Array, V: jax.Array, **options: Any) -> jax.Array:
    """One head, of a batch of one."""
    batch = (x[None, :, None, :] for x in (Q, K, V))
    return _attention_of_heads(*batch, **options)[0, :, 0, :]


def _attention_of_heads(Q: jax.Array, K: jax.Array, V: jax.Array, **options: Any) -> jax.Array:
    """jax.nn.dot_product_attention on (batch, length, heads, width); it wants one width for all, so
    the narrower ones are filled up with zeros, which change no score and no value.
    """
    d, v = Q.shape[-1], V.shape[-1]

    def filled(x: jax.Array) -> jax.Array:
        return jnp.pad(x, [(0, 0)] * 3 + [(0, max(d, v) - x.shape[-1])])

    O = jax.nn.dot_product_attention(filled(Q), filled(K), filled(V), scale=d**-0.5, **options)
    return O[..., :v]


def _split(x: jax.Array, heads: int) -> jax.Array:
    """(length, heads · width) as a batch of one, (1, length, heads, width)."""
    return jnp.reshape(x, (1, x.shape[0], heads, x.shape[1] // heads))


def _convolution(
    X: jax.Array, W: jax.Array, layout: str, stride: Any, padding: Any, dilation: Any, groups: int
) -> jax.Array:
    """Channels last, as the catalogue has them."""
    spatial = len(layout) - 2

    def each(n: Any) -> tuple[int, ...]:
        return n if isinstance(n, tuple) else (n,) * spatial

    kernel = layout[1:-1] + "IO"
    return jax.lax.conv_general_dilated(
        X,
        W,
        window_strides=each(stride),
        padding=[(p, p) for p in each(padding)],
        rhs_dilation=each(dilation),
        dimension_numbers=(layout, kernel, layout),
        feature_group_count=groups,
    )


def _shape(X: jax.Array, words: str) -> tuple[int, ...]:
    """The shape that words of size letters stand for: ``"l mn"`` is (l, m·n)."""
    size = dict(zip("lmn", X.shape, strict=True))
    return tuple(math.prod(size[letter] for letter in word) for word in words.split())
