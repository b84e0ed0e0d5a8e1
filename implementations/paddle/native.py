"""PaddlePaddle's own primitive for each identity that has one."""

from __future__ import annotations

import math
from typing import Any

from ..protocol import Function
from .quietly import F, Tensor, paddle

NATIVE: dict[str, Function] = {
    "linear_form": lambda a, x: paddle.dot(a, x),
    "quadratic_form": lambda A, x: paddle.dot(x, paddle.mv(A, x)),
    "squared_norm": lambda x: paddle.sum(paddle.square(x)),
    "least_squares": lambda A, x, b: F.mse_loss(paddle.mv(A, x), b, reduction="sum"),
    "trace": lambda X: paddle.trace(X),
    "trace_of_product": lambda A, X: paddle.einsum("ij,ji->", A, X),
    "trace_of_quadratic": lambda A, X: paddle.einsum("ji,jk,ki->", X, A, X),
    "log_determinant": lambda X: paddle.linalg.slogdet(X)[1],
    "determinant": lambda X: paddle.linalg.det(X),
    "determinant_by_cofactors": lambda X: paddle.linalg.det(X),
    "sigmoid": lambda z: F.sigmoid(z),
    "tanh": lambda z: paddle.tanh(z),
    "relu": lambda z: F.relu(z),
    "gelu": lambda z: F.gelu(z),
    "gelu_tanh": lambda z: F.gelu(z, approximate=True),
    "square": lambda X: paddle.square(X),
    "softmax": lambda z: F.softmax(z, axis=-1),
    "log_softmax": lambda z: F.log_softmax(z, axis=-1),
    "logsumexp": lambda z: paddle.logsumexp(z, axis=-1),
    "softmax_cross_entropy": lambda z, y: F.cross_entropy(
        z, y, soft_label=True, axis=-1, reduction="none"
    )[..., 0],
    "softmax_cross_entropy_by_index": lambda z, t: F.cross_entropy(z, t, reduction="none"),
    "binary_cross_entropy_with_logits": lambda z, y: F.binary_cross_entropy_with_logits(
        z, y, reduction="none"
    ),
    "mean_squared_error": lambda x, y, reduction: F.mse_loss(x, y, reduction=reduction),
    "linear_layer": lambda W, x, b: F.linear(x, W.T, b),
    "linear_layer_on_batch": lambda X, W, b: F.linear(X, W.T, b),
    "matrix_product": lambda X, W: paddle.mm(X, W),
    "residual": lambda X, Z: paddle.add(X, Z),
    "identity_map": lambda X: paddle.assign(X),
    "outer_product": lambda a, b: paddle.outer(a, b),
    "matrix_vector_product": lambda A, x: paddle.mv(A, x),
    "hadamard_product": lambda X, Y: paddle.multiply(X, Y),
    "sum_reduction": lambda X, axis, keepdims: paddle.sum(X, axis=axis, keepdim=keepdims),
    "transpose": lambda X: paddle.t(X),
    "permutation": lambda X, axes: paddle.transpose(X, list(axes)),
    "reshape": lambda X, shape: paddle.reshape(X, _shape(X, shape)),
    "slice_of_rows": lambda X, rows: X[slice(*rows)],
    "boolean_selection": lambda X, keep: X[paddle.to_tensor(list(keep))],
    "broadcast_sum": lambda x, y: paddle.add(x, y),
    "broadcast_difference": lambda x, y: paddle.subtract(x, y),
    "broadcast_product": lambda x, y: paddle.multiply(x, y),
    "broadcast_quotient": lambda x, y: paddle.divide(x, y),
    "embedding": lambda W, i: F.embedding(i, W),
    "gather": lambda X, i: paddle.take_along_axis(X, i, 1, broadcast=False),
    "gather_in_columns": lambda X, i, axis: paddle.take_along_axis(X, i, axis, broadcast=False),
    "scatter_add": lambda X, i, Z: paddle.index_add(Z, i, 0, X),
    "layer_normalisation": lambda x, scale, shift, eps: F.layer_norm(
        x[None], [x.shape[-1]], scale, shift, eps
    )[0],
    "batch_normalisation": lambda X, scale, shift, eps: _batch_norm(X, scale, shift, eps),
    "batch_normalisation_of_images": lambda X, scale, shift, eps: _batch_norm(X, scale, shift, eps),
    "convolution_1d": lambda x, w, b: F.conv1d(x[None, None], w[None, None], b[None])[0, 0],
    "convolution_2d": lambda X, W, b: _channels_last(
        F.conv2d(_channels_first(X[None]), _kernel_first(W), b)
    )[0],
    "batched_convolution_1d": lambda X, W, bias, geometry: paddle.transpose(
        F.conv1d(
            paddle.transpose(X, [0, 2, 1]), paddle.transpose(W, [2, 1, 0]), bias, *_each(geometry)
        ),
        [0, 2, 1],
    ),
    "batched_convolution_2d": lambda X, W, bias, geometry: _channels_last(
        F.conv2d(_channels_first(X), _kernel_first(W), bias, *_each(geometry))
    ),
    "attention": lambda Q, K, V: _attention(Q, K, V),
    "attention_output": lambda A, V: paddle.mm(A, V),
    "attention_weights": lambda S: F.softmax(S, axis=-1),
    "attention_scores": lambda Q, K: paddle.matmul(Q, K, transpose_y=True) / Q.shape[-1] ** 0.5,
    "causal_attention": lambda Q, K, V: _attention(Q, K, V, is_causal=True),
    "masked_attention": lambda Q, K, V, M: _attention(Q, K, V, attn_mask=M[None, None]),
    "additive_mask_attention": lambda Q, K, V, B: paddle.transpose(
        F.scaled_dot_product_attention(
            *(paddle.transpose(x, [1, 0, 2])[None] for x in (Q, K, V)),
            attn_mask=B[(None,) * (4 - B.ndim)],
        )[0],
        [1, 0, 2],
    ),
    "self_attention": lambda X, Wq, Wk, Wv: _attention(X @ Wq, X @ Wk, X @ Wv),
    "multi_head_attention": lambda Q, K, V, Wq, Wk, Wv, Wo, heads: (
        F.scaled_dot_product_attention(
            *(_split(x, heads) for x in (Q @ Wq, K @ Wk, V @ Wv))
        ).reshape(Q.shape)
        @ Wo
    ),
    "token_cross_entropy": lambda Z, y, reduction: F.cross_entropy(
        Z, y, ignore_index=-100, reduction=reduction
    ),
    "silu": lambda z: F.silu(z),
    "softplus": lambda z: F.softplus(z),
    "log_sigmoid": lambda z: F.log_sigmoid(z),
    "mish": lambda z: F.mish(z),
    "softsign": lambda z: F.softsign(z),
    "elu": lambda z, alpha: F.elu(z, alpha),
    "selu": lambda z: F.selu(z),
    "celu": lambda z, alpha: F.celu(z, alpha),
    "leaky_relu": lambda z, slope: F.leaky_relu(z, slope),
    "relu6": lambda z: F.relu6(z),
    "hard_tanh": lambda z: F.hardtanh(z),
    "hard_sigmoid": lambda z: F.hardsigmoid(z),
    "hard_swish": lambda z: F.hardswish(z),
    "glu": lambda x: F.glu(x, axis=-1),
    "geglu": lambda X, W, V: F.gelu(X @ W) * (X @ V),
    "swiglu": lambda X, W, V: F.silu(X @ W) * (X @ V),
    "gaussian_log_likelihood": lambda x, mu, S: paddle.distribution.MultivariateNormal(
        mu, covariance_matrix=S
    ).log_prob(x),
    "absolute_value": lambda x: paddle.abs(x),
    "maximum": lambda x, y: paddle.maximum(x, y),
    "clip": lambda x: paddle.clip(x, -1.0, 1.0),
    "max_reduction": lambda x: paddle.max(x, axis=-1),
    "sort": lambda x: paddle.sort(x, axis=-1),
    "euclidean_norm": lambda x: paddle.linalg.vector_norm(x, axis=-1),
    "square_root": lambda x: paddle.sqrt(x),
    "power": lambda x, p: paddle.pow(x, paddle.to_tensor(p, x.dtype)),
    "masked_quotient": lambda a, b, keep: paddle.where(
        keep, a / paddle.where(keep, b, paddle.ones_like(b)), paddle.zeros_like(a)
    ),
}
"""By the identity's name. Paddle has no x log y, no attention whose heads share keys, no RMS
normalisation on a CPU, and no cross-entropy on probabilities of this form; layer_norm wants an axis
that it does not normalise."""


def _batch_norm(X: Tensor, scale: Tensor, shift: Tensor, eps: float) -> Tensor:
    """In training mode, where the running mean and variance are written, and not read."""
    mean, variance = paddle.zeros_like(scale.detach()), paddle.ones_like(scale.detach())
    return F.batch_norm(X, mean, variance, scale, shift, training=True, epsilon=eps)


def _attention(Q: Tensor, K: Tensor, V: Tensor, **options: Any) -> Tensor:
    """One head, of a batch of one; (batch, length, heads, width)."""
    batch = (x[None, :, None, :] for x in (Q, K, V))
    return F.scaled_dot_product_attention(*batch, **options)[0, :, 0, :]


def _split(x: Tensor, heads: int) -> Tensor:
    """(length, heads · width) as a batch of one, (1, length, heads, width)."""
    return paddle.reshape(x, [1, x.shape[0], heads, x.shape[1] // heads])


def _each(geometry: tuple[Any, ...]) -> list[Any]:
    """Stride, padding, dilation and groups, with lists where there were tuples."""
    return [list(n) if isinstance(n, tuple) else n for n in geometry]


def _channels_first(X: Tensor) -> Tensor:
    return paddle.transpose(X, [0, 3, 1, 2])


def _kernel_first(W: Tensor) -> Tensor:
    return paddle.transpose(W, [3, 2, 0, 1])


def _channels_last(Z: Tensor) -> Tensor:
    return paddle.transpose(Z, [0, 2, 3, 1])


def _shape(X: Tensor, words: str) -> list[int]:
    """The shape that words of size letters stand for: ``"l mn"`` is (l, m·n)."""
    size = dict(zip("lmn", X.shape, strict=True))
    return [math.prod([size[letter] for letter in word]) for word in words.split()]
