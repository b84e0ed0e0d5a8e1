"""Gradients that are wrong, on purpose: a term dropped, a sign, a transpose, a factor, a sum.

Each names the identity and the argument, says what is wrong, and computes the wrong gradient from
the namespace, the cotangent, and the arguments and parameters by name (``a.x``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gradient_conformance.identities.activations import root_two, sigmoid
from gradient_conformance.identities.attention import scores, scores_bar, weights
from gradient_conformance.identities.normalisation import standardised
from gradient_conformance.identities.shaping import summed_to
from gradient_conformance.identities.softmax import log_softmax, softmax
from gradient_conformance.identities.trace_and_determinant import cofactors


@dataclass(frozen=True)
class Wrong:
    """A wrong gradient of an identity for one argument."""

    identity: str
    argument: str
    mistake: str
    formula: Callable[[Any, Any, Any], Any]

    def __str__(self) -> str:
        return f"{self.identity}-{self.argument}-{self.mistake}"


def _normal_distribution(xp: Any, z: Any) -> Any:
    return 0.5 * (1 + xp.special.erf(z / root_two(xp, z)))


def _gelu_tanh_of_one_term(xp: Any, z: Any) -> Any:
    return 0.5 * (1 + xp.tanh((2 / xp.pi) ** 0.5 * (z + 0.044715 * z * z * z)))


def _one_hot(xp: Any, a: Any) -> Any:
    hit = a.t[:, None] == xp.arange(a.z.shape[-1])
    return xp.where(hit, xp.ones_like(a.z), xp.zeros_like(a.z))


def _halves_swapped(xp: Any, g: Any, x: Any) -> Any:
    half = x.shape[-1] // 2
    s = sigmoid(xp, x[..., half:])
    return xp.concat([g * x[..., :half] * s * (1 - s), g * s], axis=-1)


def _weights(xp: Any, a: Any) -> Any:
    return weights(xp, scores(xp, a.Q, a.K))


def _shared(xp: Any, g: Any, x: Any) -> Any:
    return g[..., None] / x.shape[-1] + xp.zeros_like(x)


def _sorted_again(xp: Any, g: Any, x: Any) -> Any:
    return xp.take_along_axis(g, xp.argsort(x, axis=-1), axis=-1)


def _masked(xp: Any, x: Any, a: Any) -> Any:
    return xp.where(a.keep, x, xp.zeros_like(x))


def _without_row_sum(xp: Any, g: Any, a: Any) -> Any:
    return _weights(xp, a) * (g @ a.V.T) / a.Q.shape[-1] ** 0.5


def _values_only(xp: Any, g: Any, a: Any) -> Any:
    A = weights(xp, scores(xp, a.X @ a.Wq, a.X @ a.Wk))
    return A.T @ g @ a.Wv.T


def _scaled_mask(xp: Any, g: Any, a: Any) -> Any:
    A = weights(xp, scores(xp, a.Q, a.K) + a.B)
    return summed_to(xp, scores_bar(xp, A, g @ a.V.mT), a.B) / a.Q.shape[-1] ** 0.5


def _scores_bar(xp: Any, g: Any, a: Any) -> Any:
    return scores_bar(xp, _weights(xp, a), g @ a.V.T)


def _kernel_gradient(xp: Any, g: Any, a: Any) -> Any:
    return xp.stack([xp.sum(g * a.x[j : j + g.shape[0]]) for j in range(a.w.shape[0])])


def _overwritten(xp: Any, g: Any, a: Any) -> Any:
    rows = [0 * a.W[j] for j in range(a.W.shape[0])]
    for k, j in enumerate(a.i):
        rows[int(j)] = g[k]
    return xp.stack(rows)


def _flow(xp: Any, g: Any, a: Any) -> Any:
    y = a.x2 * xp.exp(a.W @ a.x1 + a.c)
    return -g * y * y


WRONG_FORMULAS = [
    Wrong("linear_form", "a", "arguments swapped", lambda xp, g, a: g * a.a),
    Wrong("linear_form", "x", "cotangent squared", lambda xp, g, a: g * g * a.a),
    Wrong("quadratic_form", "x", "A symmetric", lambda xp, g, a: 2 * g * (a.A @ a.x)),
    Wrong("quadratic_form", "x", "transpose dropped", lambda xp, g, a: g * (a.A @ a.x)),
    Wrong(
        "quadratic_form",
        "A",
        "symmetrised twice",
        lambda xp, g, a: 2 * g * xp.linalg.outer(a.x, a.x),
    ),
    Wrong("squared_norm", "x", "factor 2 missing", lambda xp, g, a: g * a.x),
    Wrong("least_squares", "x", "b dropped", lambda xp, g, a: 2 * g * (a.A.T @ (a.A @ a.x))),
    Wrong("least_squares", "b", "sign", lambda xp, g, a: 2 * g * (a.A @ a.x - a.b)),
    Wrong(
        "least_squares",
        "A",
        "outer product transposed",
        lambda xp, g, a: 2 * g * xp.linalg.outer(a.x, a.A @ a.x - a.b),
    ),
    Wrong("trace", "X", "ones in place of I", lambda xp, g, a: g * (0 * a.X + 1)),
    Wrong("trace_of_product", "A", "not transposed", lambda xp, g, a: g * a.X),
    Wrong("trace_of_product", "X", "not transposed", lambda xp, g, a: g * a.A),
    Wrong("trace_of_quadratic", "X", "A symmetric", lambda xp, g, a: 2 * g * (a.A @ a.X)),
    Wrong("trace_of_quadratic", "A", "XᵀX for XXᵀ", lambda xp, g, a: g * (a.X.T @ a.X)),
    Wrong("log_determinant", "X", "not transposed", lambda xp, g, a: g * xp.linalg.inv(a.X)),
    Wrong(
        "determinant",
        "X",
        "not transposed",
        lambda xp, g, a: g * xp.linalg.det(a.X) * xp.linalg.inv(a.X),
    ),
    Wrong("determinant", "X", "det dropped", lambda xp, g, a: g * xp.linalg.inv(a.X).T),
    Wrong(
        "determinant_by_cofactors",
        "X",
        "adjugate for cofactors",
        lambda xp, g, a: g * cofactors(xp, a.X).T,
    ),
    Wrong("sigmoid", "z", "1 − σ dropped", lambda xp, g, a: g * sigmoid(xp, a.z)),
    Wrong("tanh", "z", "tanh for tanh²", lambda xp, g, a: g * (1 - xp.tanh(a.z))),
    Wrong(
        "relu",
        "z",
        "leaks",
        lambda xp, g, a: xp.where(a.z > 0, g, 0.01 * g),
    ),
    Wrong("gelu", "z", "density dropped", lambda xp, g, a: g * _normal_distribution(xp, a.z)),
    Wrong(
        "gelu_tanh",
        "z",
        "second term dropped",
        lambda xp, g, a: g * _gelu_tanh_of_one_term(xp, a.z),
    ),
    Wrong("square", "X", "factor 2 missing", lambda xp, g, a: a.X * g),
    Wrong("softmax", "z", "sum dropped", lambda xp, g, a: softmax(xp, a.z) * g),
    Wrong(
        "softmax",
        "z",
        "sum not weighted",
        lambda xp, g, a: softmax(xp, a.z) * (g - xp.sum(g, axis=-1, keepdims=True)),
    ),
    Wrong(
        "log_softmax",
        "z",
        "sum over all rows",
        lambda xp, g, a: g - softmax(xp, a.z) * xp.sum(g),
    ),
    Wrong("logsumexp", "z", "cotangent dropped", lambda xp, g, a: softmax(xp, a.z)),
    Wrong("cross_entropy", "s", "sign", lambda xp, g, a: g[..., None] * (a.y / a.s)),
    Wrong("cross_entropy", "y", "log dropped", lambda xp, g, a: -g[..., None] * a.s),
    Wrong(
        "softmax_cross_entropy",
        "z",
        "target dropped",
        lambda xp, g, a: g[..., None] * softmax(xp, a.z),
    ),
    Wrong(
        "softmax_cross_entropy",
        "y",
        "sign",
        lambda xp, g, a: g[..., None] * log_softmax(xp, a.z),
    ),
    Wrong(
        "softmax_cross_entropy_by_index",
        "z",
        "one-hot doubled",
        lambda xp, g, a: g[:, None] * (softmax(xp, a.z) - 2 * _one_hot(xp, a)),
    ),
    Wrong(
        "binary_cross_entropy_with_logits",
        "z",
        "1 − y for y",
        lambda xp, g, a: g * (sigmoid(xp, a.z) - (1 - a.y)),
    ),
    Wrong("binary_cross_entropy_with_logits", "y", "sign", lambda xp, g, a: g * a.z),
    Wrong("mean_squared_error", "x", "always the sum's", lambda xp, g, a: 2 * g * (a.x - a.y)),
    Wrong(
        "mean_squared_error",
        "y",
        "divided by the rows only",
        lambda xp, g, a: -2 * g * (a.x - a.y) / a.x.shape[0],
    ),
    Wrong(
        "linear_layer", "W", "outer product transposed", lambda xp, g, a: xp.linalg.outer(a.x, g)
    ),
    Wrong("linear_layer", "x", "not transposed", lambda xp, g, a: a.W @ a.x),
    Wrong("linear_layer", "b", "ones", lambda xp, g, a: 0 * g + 1),
    Wrong("linear_layer_on_batch", "b", "not summed", lambda xp, g, a: g),
    Wrong(
        "linear_layer_on_batch",
        "b",
        "mean for sum",
        lambda xp, g, a: xp.sum(g, axis=0) / max(a.X.shape[0], 1),
    ),
    Wrong("linear_layer_on_batch", "W", "transposed", lambda xp, g, a: a.X.T @ g),
    Wrong("matrix_product", "X", "order swapped", lambda xp, g, a: (a.W @ g.T).T * -1),
    Wrong("matrix_product", "W", "W for Ȳ", lambda xp, g, a: a.X.T @ (a.X @ a.W)),
    Wrong("residual", "X", "both paths", lambda xp, g, a: 2 * g),
    Wrong("residual", "Z", "blocked", lambda xp, g, a: 0 * g),
    Wrong("silu", "z", "second term dropped", lambda xp, g, a: g * sigmoid(xp, a.z)),
    Wrong("log_sigmoid", "z", "σ(z) for σ(−z)", lambda xp, g, a: g * sigmoid(xp, a.z)),
    Wrong("relu6", "z", "never ends", lambda xp, g, a: xp.where(a.z > 0, g, 0 * g)),
    Wrong("elu", "z", "α dropped", lambda xp, g, a: g * xp.exp(a.z - a.z * a.alpha)),
    Wrong("glu", "x", "halves swapped", lambda xp, g, a: _halves_swapped(xp, g, a.x)),
    Wrong("swiglu", "V", "gate dropped", lambda xp, g, a: a.X.T @ g),
    Wrong("attention", "Q", "row sum dropped", lambda xp, g, a: _without_row_sum(xp, g, a) @ a.K),
    Wrong("attention", "K", "1/√d dropped", lambda xp, g, a: _scores_bar(xp, g, a).T @ a.Q),
    Wrong("attention", "V", "mean for sum", lambda xp, g, a: _weights(xp, a).T @ g / len(a.Q)),
    Wrong("additive_mask_attention", "B", "1/√d kept", lambda xp, g, a: _scaled_mask(xp, g, a)),
    Wrong("self_attention", "X", "one path of three", lambda xp, g, a: _values_only(xp, g, a)),
    Wrong("attention_output", "A", "cotangent dropped", lambda xp, g, a: (1 + 0 * g) @ a.V.T),
    Wrong("convolution_1d", "w", "flipped", lambda xp, g, a: _kernel_gradient(xp, g, a)[::-1]),
    Wrong("convolution_2d", "b", "sum over channels", lambda xp, g, a: xp.sum(g) + 0 * a.b),
    Wrong("batched_convolution_1d", "bias", "mean", lambda xp, g, a: xp.mean(g, axis=(0, 1))),
    Wrong("embedding", "W", "last of the duplicates", lambda xp, g, a: _overwritten(xp, g, a)),
    Wrong("identity_map", "X", "cotangent dropped", lambda xp, g, a: xp.ones_like(g)),
    Wrong("outer_product", "a", "arguments swapped", lambda xp, g, a: g.T @ a.a),
    Wrong("hadamard_product", "X", "the other factor", lambda xp, g, a: g * a.X),
    Wrong("transpose", "X", "not transposed back", lambda xp, g, a: g),
    Wrong(
        "gaussian_log_likelihood",
        "S",
        "quadratic term dropped",
        lambda xp, g, a: -0.5 * g * xp.linalg.inv(a.S).T,
    ),
    Wrong("affine_coupling_flow", "c", "log-determinant dropped", lambda xp, g, a: _flow(xp, g, a)),
    Wrong(
        "layer_normalisation",
        "x",
        "statistics held constant",
        lambda xp, g, a: g * a.scale * standardised(xp, a.x, a.eps, -1)[1],
    ),
    Wrong("rms_normalisation", "scale", "not summed", lambda xp, g, a: g),
    Wrong(
        "permutation",
        "X",
        "permuted again, not back",
        lambda xp, g, a: xp.permute_dims(g, a.axes),
    ),
    Wrong("broadcast_product", "x", "not summed", lambda xp, g, a: g * a.y),
    Wrong("broadcast_quotient", "y", "divided once", lambda xp, g, a: -g * a.x / a.y),
    Wrong("token_cross_entropy", "Z", "ignored ones count", lambda xp, g, a: g * softmax(xp, a.Z)),
    Wrong("absolute_value", "x", "slope 1 everywhere", lambda xp, g, a: g),
    Wrong("maximum", "x", "half to each", lambda xp, g, a: 0.5 * g),
    Wrong("clip", "x", "let through at both ends", lambda xp, g, a: g),
    Wrong("max_reduction", "x", "shared by all", lambda xp, g, a: _shared(xp, g, a.x)),
    Wrong("sort", "x", "sorted again, not back", lambda xp, g, a: _sorted_again(xp, g, a.x)),
    Wrong("euclidean_norm", "x", "not divided", lambda xp, g, a: g[..., None] * a.x),
    Wrong("square_root", "x", "½ dropped", lambda xp, g, a: g / xp.sqrt(a.x)),
    Wrong("power", "x", "p dropped", lambda xp, g, a: g * a.x ** (a.p - 1 if a.p else 1)),
    Wrong("xlogy", "y", "the logarithm's argument kept", lambda xp, g, a: g * a.x),
    Wrong("masked_quotient", "b", "divided once", lambda xp, g, a: _masked(xp, -g * a.a / a.b, a)),
]
