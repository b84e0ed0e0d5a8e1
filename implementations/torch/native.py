"""PyTorch's own primitive for each identity that has one."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F

from ..protocol import Function

NATIVE: dict[str, Function] = {
    "linear_form": lambda a, x: torch.dot(a, x),
    "quadratic_form": lambda A, x: torch.dot(x, torch.mv(A, x)),
    "squared_norm": lambda x: torch.sum(torch.square(x)),
    "least_squares": lambda A, x, b: F.mse_loss(torch.mv(A, x), b, reduction="sum"),
    "trace": lambda X: torch.trace(X),
    "trace_of_product": lambda A, X: torch.einsum("ij,ji->", A, X),
    "trace_of_quadratic": lambda A, X: torch.einsum("ji,jk,ki->", X, A, X),
    "log_determinant": lambda X: torch.logdet(X),
    "determinant": lambda X: torch.linalg.det(X),
    "determinant_by_cofactors": lambda X: torch.linalg.det(X),
    "sigmoid": lambda z: torch.sigmoid(z),
    "tanh": lambda z: torch.tanh(z),
    "relu": lambda z: F.relu(z),
    "gelu": lambda z: F.gelu(z),
    "gelu_tanh": lambda z: F.gelu(z, approximate="tanh"),
    "square": lambda X: torch.square(X),
    "softmax": lambda z: F.softmax(z, dim=-1),
    "log_softmax": lambda z: F.log_softmax(z, dim=-1),
    "logsumexp": lambda z: torch.logsumexp(z, dim=-1),
    "softmax_cross_entropy": lambda z, y: _by_class(F.cross_entropy, z, y),
    "softmax_cross_entropy_by_index": lambda z, t: F.cross_entropy(z, t, reduction="none"),
    "binary_cross_entropy_with_logits": lambda z, y: F.binary_cross_entropy_with_logits(
        z, y, reduction="none"
    ),
    "mean_squared_error": lambda x, y, reduction: F.mse_loss(x, y, reduction=reduction),
    "linear_layer": lambda W, x, b: F.linear(x, W, b),
    "linear_layer_on_batch": lambda X, W, b: F.linear(X, W, b),
    "matrix_product": lambda X, W: torch.mm(X, W),
    "residual": lambda X, Z: torch.add(X, Z),
    "identity_map": lambda X: torch.clone(X),
    "outer_product": lambda a, b: torch.outer(a, b),
    "matrix_vector_product": lambda A, x: torch.mv(A, x),
    "hadamard_product": lambda X, Y: torch.mul(X, Y),
    "sum_reduction": lambda X, axis, keepdims: torch.sum(X, dim=axis, keepdim=keepdims),
    "transpose": lambda X: X.t(),
    "permutation": lambda X, axes: X.permute(axes),
    "reshape": lambda X, shape: X.reshape(_shape(X, shape)),
    "slice_of_rows": lambda X, rows: X[slice(*rows)],
    "boolean_selection": lambda X, keep: X[torch.tensor(keep)],
    "broadcast_sum": lambda x, y: torch.add(x, y),
    "broadcast_difference": lambda x, y: torch.sub(x, y),
    "broadcast_product": lambda x, y: torch.mul(x, y),
    "broadcast_quotient": lambda x, y: torch.div(x, y),
    "embedding": lambda W, i: F.embedding(i, W),
    "gather": lambda X, i: torch.gather(X, 1, i),
    "gather_in_columns": lambda X, i, axis: torch.gather(X, axis, i),
    "scatter_add": lambda X, i, Z: torch.index_add(Z, 0, i, X),
    "layer_normalisation": lambda x, scale, shift, eps: F.layer_norm(
        x, x.shape[-1:], scale, shift, eps
    ),
    "batch_normalisation": lambda X, scale, shift, eps: F.batch_norm(
        X, None, None, scale, shift, training=True, eps=eps
    ),
    "batch_normalisation_of_images": lambda X, scale, shift, eps: F.batch_norm(
        X, None, None, scale, shift, training=True, eps=eps
    ),
    "rms_normalisation": lambda x, scale, eps: F.rms_norm(x, x.shape[-1:], scale, eps),
    "convolution_1d": lambda x, w, b: F.conv1d(x[None, None], w[None, None], b[None])[0, 0],
    "convolution_2d": lambda X, W, b: _channels_last(
        F.conv2d(_channels_first(X[None]), _kernel_first(W), b)
    )[0],
    "batched_convolution_1d": lambda X, W, bias, geometry: F.conv1d(
        X.permute(0, 2, 1), W.permute(2, 1, 0), bias, *geometry
    ).permute(0, 2, 1),
    "batched_convolution_2d": lambda X, W, bias, geometry: _channels_last(
        F.conv2d(_channels_first(X), _kernel_first(W), bias, *geometry)
    ),
    "attention": lambda Q, K, V: F.scaled_dot_product_attention(
        Q[None, None], K[None, None], V[None, None]
    )[0, 0],
    "attention_output": lambda A, V: torch.mm(A, V),
    "attention_weights": lambda S: F.softmax(S, dim=-1),
    "attention_scores": lambda Q, K: torch.mm(Q, K.t()) / Q.shape[-1] ** 0.5,
    "causal_attention": lambda Q, K, V: F.scaled_dot_product_attention(
        Q[None, None], K[None, None], V[None, None], is_causal=True
    )[0, 0],
    "masked_attention": lambda Q, K, V, M: F.scaled_dot_product_attention(
        Q[None, None], K[None, None], V[None, None], attn_mask=M
    )[0, 0],
    "additive_mask_attention": lambda Q, K, V, B: F.scaled_dot_product_attention(
        Q[None], K[None], V[None], attn_mask=B[(None,) * (4 - B.ndim)]
    )[0],
    "grouped_query_attention": lambda Q, K, V: F.scaled_dot_product_attention(
        Q, K, V, enable_gqa=True
    ),
    "self_attention": lambda X, Wq, Wk, Wv: F.scaled_dot_product_attention(
        (X @ Wq)[None, None], (X @ Wk)[None, None], (X @ Wv)[None, None]
    )[0, 0],
    "multi_head_attention": lambda Q, K, V, Wq, Wk, Wv, Wo, heads: _multi_head_attention(
        Q, K, V, (Wq, Wk, Wv), Wo, heads
    ),
    "token_cross_entropy": lambda Z, y, reduction: F.cross_entropy(
        Z.permute(0, 2, 1), y, ignore_index=-100, reduction=reduction
    ),
    "silu": lambda z: F.silu(z),
    "softplus": lambda z: F.softplus(z),
    "log_sigmoid": lambda z: F.logsigmoid(z),
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
    "glu": lambda x: F.glu(x, dim=-1),
    "geglu": lambda X, W, V: F.gelu(X @ W) * (X @ V),
    "swiglu": lambda X, W, V: F.silu(X @ W) * (X @ V),
    "gaussian_log_likelihood": lambda x, mu, S: torch.distributions.MultivariateNormal(
        mu, S, validate_args=False
    ).log_prob(x),
    "absolute_value": lambda x: torch.abs(x),
    "maximum": lambda x, y: torch.maximum(x, y),
    "clip": lambda x: torch.clamp(x, -1.0, 1.0),
    "max_reduction": lambda x: torch.max(x, dim=-1).values,
    "sort": lambda x: torch.sort(x, dim=-1).values,
    "euclidean_norm": lambda x: torch.linalg.vector_norm(x, dim=-1),
    "square_root": lambda x: torch.sqrt(x),
    "power": lambda x, p: torch.pow(x, torch.tensor(p, dtype=x.dtype)),
    "xlogy": lambda x, y: torch.xlogy(x, y),
    "masked_quotient": lambda a, b, keep: torch.where(keep, a / torch.where(keep, b, 1), 0),
}
"""By the identity's name. The adapter converts where PyTorch has another layout: channels first,
classes second."""


def _multi_head_attention(
    Q: torch.Tensor,
    K: torch.Tensor,
    V: torch.Tensor,
    projections: tuple[torch.Tensor, ...],
    Wo: torch.Tensor,
    heads: int,
) -> torch.Tensor:
    """PyTorch's weights multiply from the right, transposed; no biases, no dropout."""
    of_query, of_key, of_value = (W.t() for W in projections)
    O, _ = F.multi_head_attention_forward(
        Q,
        K,
        V,
        embed_dim_to_check=Q.shape[1],
        num_heads=heads,
        in_proj_weight=None,
        in_proj_bias=None,
        bias_k=None,
        bias_v=None,
        add_zero_attn=False,
        dropout_p=0.0,
        out_proj_weight=Wo.t(),
        out_proj_bias=None,
        need_weights=False,
        use_separate_proj_weight=True,
        q_proj_weight=of_query,
        k_proj_weight=of_key,
        v_proj_weight=of_value,
    )
    return O


def _channels_first(X: torch.Tensor) -> torch.Tensor:
    return X.permute(0, 3, 1, 2)


def _kernel_first(W: torch.Tensor) -> torch.Tensor:
    """A copy: for one output channel, conv2d cannot differentiate a kernel that is a view."""
    return W.permute(3, 2, 0, 1).contiguous()


def _channels_last(Z: torch.Tensor) -> torch.Tensor:
    return Z.permute(0, 2, 3, 1)


def _shape(X: torch.Tensor, words: str) -> list[int]:
    """The shape that words of size letters stand for: ``"l mn"`` is (l, m·n)."""
    size = dict(zip("lmn", X.shape, strict=True))
    return [math.prod([size[letter] for letter in word]) for word in words.split()]


def _by_class(loss: Function, z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Classes are PyTorch's second axis, the catalogue's last."""
    rows = loss(z.reshape(-1, z.shape[-1]), y.reshape(-1, y.shape[-1]), reduction="none")
    return rows.reshape(z.shape[:-1])
