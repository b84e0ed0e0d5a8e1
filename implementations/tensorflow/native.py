"""TensorFlow's own primitive for each identity that has one."""

from __future__ import annotations

import math
from typing import Any

from ..protocol import Function
from .arrays import of_tensors
from .quiet import tf

_OF_TENSORS: dict[str, Function] = {
    "linear_form": lambda a, x: tf.tensordot(a, x, 1),
    "quadratic_form": lambda A, x: tf.einsum("i,ij,j->", x, A, x),
    "squared_norm": lambda x: 2 * tf.nn.l2_loss(x),
    "least_squares": lambda A, x, b: tf.reduce_sum(
        tf.math.squared_difference(tf.linalg.matvec(A, x), b)
    ),
    "trace": lambda X: tf.linalg.trace(X),
    "trace_of_product": lambda A, X: tf.einsum("ij,ji->", A, X),
    "trace_of_quadratic": lambda A, X: tf.einsum("ji,jk,ki->", X, A, X),
    "log_determinant": lambda X: tf.linalg.slogdet(X).log_abs_determinant,
    "determinant": lambda X: tf.linalg.det(X),
    "determinant_by_cofactors": lambda X: tf.linalg.det(X),
    "sigmoid": lambda z: tf.sigmoid(z),
    "tanh": lambda z: tf.tanh(z),
    "relu": lambda z: tf.nn.relu(z),
    "gelu": lambda z: tf.nn.gelu(z),
    "gelu_tanh": lambda z: tf.nn.gelu(z, approximate=True),
    "square": lambda X: tf.square(X),
    "softmax": lambda z: tf.nn.softmax(z),
    "log_softmax": lambda z: tf.nn.log_softmax(z),
    "logsumexp": lambda z: tf.reduce_logsumexp(z, axis=-1),
    "softmax_cross_entropy": lambda z, y: tf.nn.softmax_cross_entropy_with_logits(y, z),
    "softmax_cross_entropy_by_index": lambda z, t: tf.nn.sparse_softmax_cross_entropy_with_logits(
        t, z
    ),
    "binary_cross_entropy_with_logits": lambda z, y: tf.nn.sigmoid_cross_entropy_with_logits(y, z),
    "mean_squared_error": lambda x, y, reduction: (
        tf.reduce_mean if reduction == "mean" else tf.reduce_sum
    )(tf.math.squared_difference(x, y)),
    "linear_layer": lambda W, x, b: tf.linalg.matvec(W, x) + b,
    "linear_layer_on_batch": lambda X, W, b: tf.nn.bias_add(tf.matmul(X, W, transpose_b=True), b),
    "matrix_product": lambda X, W: tf.matmul(X, W),
    "residual": lambda X, Z: tf.add(X, Z),
    "identity_map": lambda X: tf.identity(X),
    "outer_product": lambda a, b: tf.tensordot(a, b, 0),
    "matrix_vector_product": lambda A, x: tf.linalg.matvec(A, x),
    "hadamard_product": lambda X, Y: tf.multiply(X, Y),
    "sum_reduction": lambda X, axis, keepdims: tf.reduce_sum(X, axis, keepdims),
    "transpose": lambda X: tf.transpose(X),
    "permutation": lambda X, axes: tf.transpose(X, axes),
    "reshape": lambda X, shape: tf.reshape(X, _shape(X, shape)),
    "slice_of_rows": lambda X, rows: X[slice(*rows)],
    "boolean_selection": lambda X, keep: tf.boolean_mask(X, keep),
    "broadcast_sum": lambda x, y: tf.add(x, y),
    "broadcast_difference": lambda x, y: tf.subtract(x, y),
    "broadcast_product": lambda x, y: tf.multiply(x, y),
    "broadcast_quotient": lambda x, y: tf.divide(x, y),
    "embedding": lambda W, i: tf.nn.embedding_lookup(W, i),
    "gather": lambda X, i: tf.gather(X, i, axis=1, batch_dims=1),
    "gather_in_columns": lambda X, i, axis: tf.experimental.numpy.take_along_axis(X, i, axis),
    "scatter_add": lambda X, i, Z: tf.tensor_scatter_nd_add(Z, i[:, None], X),
    "layer_normalisation": lambda x, scale, shift, eps: tf.nn.batch_normalization(
        x, *tf.nn.moments(x, [-1], keepdims=True), shift, scale, eps
    ),
    "batch_normalisation": lambda X, scale, shift, eps: tf.nn.batch_normalization(
        X, *tf.nn.moments(X, [0]), shift, scale, eps
    ),
    "batch_normalisation_of_images": lambda X, scale, shift, eps: tf.transpose(
        tf.compat.v1.nn.fused_batch_norm(
            tf.transpose(X, (0, 2, 3, 1)),
            tf.cast(scale, tf.float32),
            tf.cast(shift, tf.float32),
            epsilon=eps,
        )[0],
        (0, 3, 1, 2),
    ),
    "convolution_1d": lambda x, w, b: (
        tf.nn.conv1d(x[None, :, None], w[:, None, None], 1, "VALID")[0, :, 0] + b
    ),
    "convolution_2d": lambda X, W, b: tf.nn.bias_add(tf.nn.conv2d(X[None], W, 1, "VALID"), b)[0],
    "attention_output": lambda A, V: tf.matmul(A, V),
    "attention_weights": lambda S: tf.nn.softmax(S),
    "attention_scores": lambda Q, K: tf.matmul(Q, K, transpose_b=True) / Q.shape[-1] ** 0.5,
    "silu": lambda z: tf.nn.silu(z),
    "softplus": lambda z: tf.nn.softplus(z),
    "log_sigmoid": lambda z: tf.math.log_sigmoid(z),
    "softsign": lambda z: tf.nn.softsign(z),
    "elu": lambda z, alpha: (
        tf.nn.elu(z) if alpha == 1 else tf.where(z > 0, z, alpha * tf.nn.elu(z))
    ),
    "selu": lambda z: tf.nn.selu(z),
    "leaky_relu": lambda z, slope: tf.nn.leaky_relu(z, slope),
    "relu6": lambda z: tf.nn.relu6(z),
    "hard_tanh": lambda z: tf.clip_by_value(z, -1, 1),
    "geglu": lambda X, W, V: tf.nn.gelu(tf.matmul(X, W)) * tf.matmul(X, V),
    "swiglu": lambda X, W, V: tf.nn.silu(tf.matmul(X, W)) * tf.matmul(X, V),
    "absolute_value": lambda x: tf.abs(x),
    "maximum": lambda x, y: tf.maximum(x, y),
    "clip": lambda x: tf.clip_by_value(x, -1, 1),
    "max_reduction": lambda x: tf.reduce_max(x, axis=-1),
    "sort": lambda x: tf.sort(x),
    "euclidean_norm": lambda x: tf.norm(x, axis=-1),
    "square_root": lambda x: tf.sqrt(x),
    "power": lambda x, p: tf.pow(x, tf.constant(p, x.dtype)),
    "xlogy": lambda x, y: tf.math.xlogy(x, y),
    "masked_quotient": lambda a, b, keep: tf.where(
        keep, tf.math.divide_no_nan(a, b), tf.zeros_like(a)
    ),
}

NATIVE: dict[str, Function] = {name: of_tensors(f) for name, f in _OF_TENSORS.items()}
"""By the identity's name. On a CPU a convolution with groups or dilation has no gradient, so that
those of batches are left out; attention, mish, celu, glu, the hard sigmoids and RMS normalisation
are parts of Keras."""


def _shape(X: Any, words: str) -> list[int]:
    """The shape that words of size letters stand for: ``"l mn"`` is (l, m·n)."""
    size = dict(zip("lmn", X.shape, strict=True))
    return [math.prod([size[letter] for letter in word]) for word in words.split()]
