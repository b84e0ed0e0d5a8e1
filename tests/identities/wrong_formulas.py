"""Gradients that are wrong, on purpose: a term dropped, a sign, a transpose, a factor, a sum.

Each names the identity and the argument, says what is wrong, and computes the wrong gradient from
the namespace, the cotangent, and the arguments and parameters by name (``a.x``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gradient_conformance.identities.activations import root_two, sigmoid
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
        "gelu_tanh", "z", "second term dropped", lambda xp, g, a: g * _gelu_tanh_of_one_term(xp, a.z)
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
        "softmax_cross_entropy", "z", "target dropped", lambda xp, g, a: g[..., None] * softmax(xp, a.z)
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
]
