"""tinygrad's own function for each identity that has one."""

from __future__ import annotations

import math
from typing import Any

from tinygrad import Tensor

from ..protocol import Function

NATIVE: dict[str, Function] = {
    "linear_form": lambda a, x: a.dot(x),
    "quadratic_form": lambda A, x: Tensor.einsum("i,ij,j->", x, A, x),
    "squared_norm": lambda x: x.square().sum(),
    "least_squares": lambda A, x, b: (A.dot(x) - b).square().sum(),
    "trace": lambda X: X.diagonal().sum(),
    "trace_of_product": lambda A, X: Tensor.einsum("ij,ji->", A, X),
    "trace_of_quadratic": lambda A, X: Tensor.einsum("ji,jk,ki->", X, A, X),
    "sigmoid": lambda z: z.sigmoid(),
    "tanh": lambda z: z.tanh(),
    "relu": lambda z: z.relu(),
    "gelu": lambda z: z.gelu(approximate="none"),
    "gelu_tanh": lambda z: z.gelu(approximate="tanh"),
    "square": lambda X: X.square(),
    "softmax": lambda z: z.softmax(-1),
    "log_softmax": lambda z: z.log_softmax(-1),
    "logsumexp": lambda z: z.logsumexp(-1),
    "softmax_cross_entropy": lambda z, y: _by_class(z, y),
    "softmax_cross_entropy_by_index": lambda z, t: z.sparse_categorical_crossentropy(
        t, reduction="none"
    ),
    "binary_cross_entropy_with_logits": lambda z, y: z.binary_crossentropy_logits(
        y, reduction="none"
    ),
    "linear_layer": lambda W, x, b: x.linear(W.T, b),
    "linear_layer_on_batch": lambda X, W, b: X.linear(W.T, b),
    "matrix_product": lambda X, W: X.matmul(W),
    "residual": lambda X, Z: X.add(Z),
    "identity_map": lambda X: X.clone(),
    "matrix_vector_product": lambda A, x: A.dot(x),
    "hadamard_product": lambda X, Y: X.mul(Y),
    "sum_reduction": lambda X, axis, keepdims: X.sum(axis, keepdims),
    "transpose": lambda X: X.transpose(),
    "permutation": lambda X, axes: X.permute(axes),
    "reshape": lambda X, shape: X.reshape(_shape(X, shape)),
    "slice_of_rows": lambda X, rows: X[slice(*rows)],
    "broadcast_sum": lambda x, y: x.add(y),
    "broadcast_difference": lambda x, y: x.sub(y),
    "broadcast_product": lambda x, y: x.mul(y),
    "broadcast_quotient": lambda x, y: x.div(y),
    "embedding": lambda W, i: W[i],
    "gather": lambda X, i: X.gather(1, i),
    "gather_in_columns": lambda X, i, axis: X.gather(axis, i),
    "scatter_add": lambda X, i, Z: Z.scatter_reduce(0, i[:, None].expand(X.shape), X, "sum"),
    "layer_normalisation": lambda x, scale, shift, eps: x.layernorm(-1, eps) * scale + shift,
    "batch_normalisation": lambda X, scale, shift, eps: _batchnorm(X, scale, shift, eps, (0,)),
    "batch_normalisation_of_images": lambda X, scale, shift, eps: _batchnorm(
        X, scale, shift, eps, (0, 2, 3)
    ),
    "convolution_1d": lambda x, w, b: x[None, None].conv2d(w[None, None], b[None])[0, 0],
    "convolution_2d": lambda X, W, b: (
        X[None].permute(0, 3, 1, 2).conv2d(W.permute(3, 2, 0, 1), b).permute(0, 2, 3, 1)[0]
    ),
    "batched_convolution_1d": lambda X, W, bias, geometry: (
        X.permute(0, 2, 1).conv2d(W.permute(2, 1, 0), bias, **_geometry(geometry)).permute(0, 2, 1)
    ),
    "batched_convolution_2d": lambda X, W, bias, geometry: (
        X.permute(0, 3, 1, 2)
        .conv2d(W.permute(3, 2, 0, 1), bias, **_geometry(geometry))
        .permute(0, 2, 3, 1)
    ),
    "attention": lambda Q, K, V: Q.scaled_dot_product_attention(K, V),
    "attention_output": lambda A, V: A.matmul(V),
    "attention_weights": lambda S: S.softmax(-1),
    "attention_scores": lambda Q, K: Q.matmul(K.T) / math.sqrt(Q.shape[-1]),
    "causal_attention": lambda Q, K, V: Q.scaled_dot_product_attention(K, V, is_causal=True),
    "masked_attention": lambda Q, K, V, M: Q.scaled_dot_product_attention(K, V, attn_mask=M),
    "additive_mask_attention": lambda Q, K, V, B: Q.scaled_dot_product_attention(K, V, attn_mask=B),
    "grouped_query_attention": lambda Q, K, V: Q.scaled_dot_product_attention(
        K, V, enable_gqa=True
    ),
    "self_attention": lambda X, Wq, Wk, Wv: (X @ Wq).scaled_dot_product_attention(X @ Wk, X @ Wv),
    "token_cross_entropy": lambda Z, y, reduction: Z.sparse_categorical_crossentropy(
        y, ignore_index=-100, reduction=reduction
    ),
    "silu": lambda z: z.silu(),
    "softplus": lambda z: z.softplus(),
    "log_sigmoid": lambda z: z.logsigmoid(),
    "mish": lambda z: z.mish(),
    "softsign": lambda z: z.softsign(),
    "elu": lambda z, alpha: z.elu(alpha),
    "celu": lambda z, alpha: z.celu(alpha),
    "selu": lambda z: z.selu(),
    "leaky_relu": lambda z, slope: z.leaky_relu(slope),
    "relu6": lambda z: z.relu6(),
    "hard_tanh": lambda z: z.hardtanh(),
    "hard_sigmoid": lambda z: z.hardsigmoid(),
    "hard_swish": lambda z: z.hardswish(),
    "geglu": lambda X, W, V: (X @ W).gelu(approximate="none") * (X @ V),
    "swiglu": lambda X, W, V: (X @ W).silu() * (X @ V),
    "absolute_value": lambda x: x.abs(),
    "maximum": lambda x, y: x.maximum(y),
    "clip": lambda x: x.clip(-1.0, 1.0),
    "max_reduction": lambda x: x.max(-1),
    "sort": lambda x: x.sort(-1)[0],
    "square_root": lambda x: x.sqrt(),
    "power": lambda x, p: x.pow(p),
    "masked_quotient": lambda a, b, keep: keep.where(a / keep.where(b, 1), 0),
}
"""By the identity's name; the functions are methods of a tensor. The adapter converts where
tinygrad has another layout: channels first, classes second."""


def _by_class(z: Tensor, y: Tensor) -> Tensor:
    """``cross_entropy`` has the classes on the second axis, behind one of a batch."""
    classes = z.shape[-1]
    loss = z.reshape(-1, classes).cross_entropy(y.reshape(-1, classes), reduction="none")
    return loss.reshape(z.shape[:-1])


def _batchnorm(
    X: Tensor, scale: Tensor, shift: Tensor, eps: float, axes: tuple[int, ...]
) -> Tensor:
    """As ``nn.BatchNorm`` calls it in training, with the variance of the batch itself."""
    mean, variance = X.mean(axes), X.var(axes, correction=0)
    return X.batchnorm(scale, shift, mean, variance.add(eps).rsqrt())


def _geometry(geometry: tuple[Any, ...]) -> dict[str, Any]:
    stride, padding, dilation, groups = geometry
    return {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}


def _shape(X: Any, words: str) -> tuple[int, ...]:
    """The shape that words of size letters stand for: ``"l mn"`` is (l, m·n)."""
    size = dict(zip("lmn", X.shape, strict=True))
    return tuple(math.prod(size[letter] for letter in word) for word in words.split())
