"""MLX's own primitive for each identity that has one."""

from __future__ import annotations

import math
from typing import Any

import mlx.core as mx
import mlx.nn as nn

from ..protocol import Function

NATIVE: dict[str, Function] = {
    "linear_form": lambda a, x: mx.inner(a, x),
    "quadratic_form": lambda A, x: mx.einsum("i,ij,j->", x, A, x),
    "squared_norm": lambda x: mx.sum(mx.square(x)),
    "least_squares": lambda A, x, b: nn.losses.mse_loss(mx.matmul(A, x), b, reduction="sum"),
    "trace": lambda X: mx.trace(X),
    "trace_of_product": lambda A, X: mx.einsum("ij,ji->", A, X),
    "trace_of_quadratic": lambda A, X: mx.einsum("ji,jk,ki->", X, A, X),
    "log_determinant": lambda X: mx.linalg.slogdet(X)[1],
    "determinant": lambda X: mx.linalg.det(X),
    "determinant_by_cofactors": lambda X: mx.linalg.det(X),
    "sigmoid": lambda z: mx.sigmoid(z),
    "tanh": lambda z: mx.tanh(z),
    "relu": lambda z: nn.relu(z),
    "gelu": lambda z: nn.gelu(z),
    "gelu_tanh": lambda z: nn.gelu_approx(z),
    "square": lambda X: mx.square(X),
    "softmax": lambda z: mx.softmax(z, axis=-1),
    "log_softmax": lambda z: nn.log_softmax(z, axis=-1),
    "logsumexp": lambda z: mx.logsumexp(z, axis=-1),
    "softmax_cross_entropy": lambda z, y: nn.losses.cross_entropy(z, y),
    "softmax_cross_entropy_by_index": lambda z, t: nn.losses.cross_entropy(z, t),
    "binary_cross_entropy_with_logits": lambda z, y: nn.losses.binary_cross_entropy(
        z, y, reduction="none"
    ),
    "mean_squared_error": lambda x, y, reduction: nn.losses.mse_loss(x, y, reduction=reduction),
    "linear_layer": lambda W, x, b: mx.addmm(b, x, W.T),
    "linear_layer_on_batch": lambda X, W, b: mx.addmm(b, X, W.T),
    "matrix_product": lambda X, W: mx.matmul(X, W),
    "residual": lambda X, Z: mx.add(X, Z),
    "identity_map": lambda X: mx.contiguous(X),
    "outer_product": lambda a, b: mx.outer(a, b),
    "matrix_vector_product": lambda A, x: mx.matmul(A, x),
    "hadamard_product": lambda X, Y: mx.multiply(X, Y),
    "sum_reduction": lambda X, axis, keepdims: mx.sum(X, axis=axis, keepdims=keepdims),
    "transpose": lambda X: mx.transpose(X),
    "permutation": lambda X, axes: mx.transpose(X, axes),
    "reshape": lambda X, shape: mx.reshape(X, _shape(X, shape)),
    "slice_of_rows": lambda X, rows: X[slice(*rows)],
    "boolean_selection": lambda X, keep: mx.take(
        X, mx.array([i for i, kept in enumerate(keep) if kept], dtype=mx.int32), axis=0
    ),
    "broadcast_sum": lambda x, y: mx.add(x, y),
    "broadcast_difference": lambda x, y: mx.subtract(x, y),
    "broadcast_product": lambda x, y: mx.multiply(x, y),
    "broadcast_quotient": lambda x, y: mx.divide(x, y),
    "embedding": lambda W, i: W[i],
    "gather": lambda X, i: mx.take_along_axis(X, i, axis=1),
    "gather_in_columns": lambda X, i, axis: mx.take_along_axis(X, i, axis=axis),
    "scatter_add": lambda X, i, Z: Z.at[i].add(X),
    "layer_normalisation": lambda x, scale, shift, eps: mx.fast.layer_norm(x, scale, shift, eps),
    "batch_normalisation": lambda X, scale, shift, eps: _batch_norm(X, scale, shift, eps),
    "batch_normalisation_of_images": lambda X, scale, shift, eps: mx.transpose(
        _batch_norm(mx.transpose(X, (0, 2, 3, 1)), scale, shift, eps), (0, 3, 1, 2)
    ),
    "rms_normalisation": lambda x, scale, eps: mx.fast.rms_norm(x, scale, eps),
    "convolution_1d": lambda x, w, b: mx.conv1d(x[None, :, None], w[None, :, None])[0, :, 0] + b,
    "convolution_2d": lambda X, W, b: mx.conv2d(X[None], mx.transpose(W, (3, 0, 1, 2)))[0] + b,
    "batched_convolution_1d": lambda X, W, bias, geometry: (
        mx.conv1d(X, mx.transpose(W, (2, 0, 1)), *geometry) + bias
    ),
    "batched_convolution_2d": lambda X, W, bias, geometry: (
        mx.conv2d(X, mx.transpose(W, (3, 0, 1, 2)), *geometry) + bias
    ),
    "attention": lambda Q, K, V: _attention(Q, K, V),
    "attention_output": lambda A, V: mx.matmul(A, V),
    "attention_weights": lambda S: mx.softmax(S, axis=-1),
    "attention_scores": lambda Q, K: mx.matmul(Q, K.T) / Q.shape[-1] ** 0.5,
    "causal_attention": lambda Q, K, V: _attention(Q, K, V, mask="causal"),
    "masked_attention": lambda Q, K, V, M: _attention(Q, K, V, mask=M),
    "additive_mask_attention": lambda Q, K, V, B: _attention_of_heads(
        Q[None], K[None], V[None], mask=B
    ).squeeze(0),
    "grouped_query_attention": lambda Q, K, V: _attention_of_heads(Q, K, V),
    "self_attention": lambda X, Wq, Wk, Wv: _attention(X @ Wq, X @ Wk, X @ Wv),
    "multi_head_attention": lambda Q, K, V, Wq, Wk, Wv, Wo, heads: _multi_head_attention(
        Q, K, V, (Wq, Wk, Wv, Wo), heads
    ),
    "silu": lambda z: nn.silu(z),
    "softplus": lambda z: nn.softplus(z),
    "log_sigmoid": lambda z: nn.log_sigmoid(z),
    "mish": lambda z: nn.mish(z),
    "softsign": lambda z: nn.softsign(z),
    "elu": lambda z, alpha: nn.elu(z, alpha),
    "selu": lambda z: nn.selu(z),
    "celu": lambda z, alpha: nn.celu(z, alpha),
    "leaky_relu": lambda z, slope: nn.leaky_relu(z, slope),
    "relu6": lambda z: nn.relu6(z),
    "hard_tanh": lambda z: nn.hard_tanh(z),
    "hard_swish": lambda z: nn.hardswish(z),
    "glu": lambda x: nn.glu(x, axis=-1),
    "geglu": lambda X, W, V: nn.gelu(X @ W) * (X @ V),
    "swiglu": lambda X, W, V: nn.silu(X @ W) * (X @ V),
    "absolute_value": lambda x: mx.abs(x),
    "maximum": lambda x, y: mx.maximum(x, y),
    "clip": lambda x: mx.clip(x, -1.0, 1.0),
    "max_reduction": lambda x: mx.max(x, axis=-1),
    "sort": lambda x: mx.sort(x, axis=-1),
    "euclidean_norm": lambda x: mx.linalg.norm(x, axis=-1),
    "square_root": lambda x: mx.sqrt(x),
    "power": lambda x, p: mx.power(x, mx.array(p, x.dtype)),
    "masked_quotient": lambda a, b, keep: mx.where(keep, a / mx.where(keep, b, 1), 0),
}
"""By the identity's name. MLX has no hardsigmoid, no x log y, no multivariate normal distribution,
no cross-entropy on probabilities of this form, and no loss that leaves out marked tokens."""


def _batch_norm(X: mx.array, scale: mx.array, shift: mx.array, eps: float) -> mx.array:
    """MLX's layer in training mode, channels last."""
    layer = nn.BatchNorm(X.shape[-1], eps, track_running_stats=False)
    layer.weight, layer.bias = scale, shift
    return layer(X)


def _attention(Q: mx.array, K: mx.array, V: mx.array, **options: Any) -> mx.array:
    """One head, of a batch of one."""
    return _attention_of_heads(Q[None, None], K[None, None], V[None, None], **options).squeeze(
        (0, 1)
    )


def _attention_of_heads(Q: mx.array, K: mx.array, V: mx.array, mask: Any = None) -> mx.array:
    return mx.fast.scaled_dot_product_attention(Q, K, V, scale=Q.shape[-1] ** -0.5, mask=mask)


def _multi_head_attention(
    Q: mx.array, K: mx.array, V: mx.array, projections: tuple[mx.array, ...], heads: int
) -> mx.array:
    """MLX's weights multiply from the right, transposed; no biases.

    The axis of one is squeezed out: the gradient of ``[0]``, a scatter, dies of what is empty.
    """
    of_query, of_key, of_value, of_output = projections
    layer = nn.MultiHeadAttention(
        of_query.shape[1],
        heads,
        query_input_dims=of_query.shape[0],
        key_input_dims=of_key.shape[0],
        value_input_dims=of_value.shape[0],
        value_output_dims=of_output.shape[1],
    )
    layer.query_proj.weight = of_query.T
    layer.key_proj.weight = of_key.T
    layer.value_proj.weight = of_value.T
    layer.out_proj.weight = of_output.T
    return layer(Q[None], K[None], V[None]).squeeze(0)


def _shape(X: mx.array, words: str) -> tuple[int, ...]:
    """The shape that words of size letters stand for: ``"l mn"`` is (l, m·n)."""
    size = dict(zip("lmn", X.shape, strict=True))
    return tuple(math.prod(size[letter] for letter in word) for word in words.split())
