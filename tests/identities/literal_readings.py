"""Gradients as the documents' words literally say, where those are loose or wrong.

Each names the rule, quotes the document, and computes what the quotation says from the namespace,
the cotangent, and the arguments and parameters by name (``a.x``). READINGS.md has them as a table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradient_conformance.identities.activations import gelu_tanh_vjp
from gradient_conformance.identities.convolution import pad
from gradient_conformance.identities.normalisation import standardised_vjp
from gradient_conformance.identities.softmax import softmax

Formula = Callable[[Any, Any, Any], Any]
Arguments = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Literal:
    """A literal reading of a gradient, and how it fails.

    ``fails`` holds all the ways in which it is seen to: ``refuted`` (another number), ``shape`` (no
    array, or one of another shape), ``outside`` (an index beyond an array), ``undefined`` (not a
    number). ``holds`` is what holds in its place, where that is not the identity's own gradient;
    ``at`` replaces the arguments; ``noted`` is the identity whose notes say so, where that is
    another one.
    """

    rule: str
    says: str
    identity: str
    argument: str
    formula: Formula
    fails: frozenset[str]
    holds: Formula | None = None
    noted: str = ""
    at: Callable[[Arguments], Arguments] | None = None

    def __str__(self) -> str:
        return f"{self.rule}-{self.identity}-{self.argument}"


def ways(*words: str) -> frozenset[str]:
    return frozenset(words)


def with_target_doubled(arguments: Arguments) -> Arguments:
    return {**arguments, "y": 2 * arguments["y"]}


def with_every_token_counted(arguments: Arguments) -> Arguments:
    return {**arguments, "y": np.maximum(arguments["y"], 0)}


def last_one_wins(xp: Any, g: Any, a: Any) -> Any:
    rows = [0 * a.W[j] for j in range(a.W.shape[0])]
    for k, j in enumerate(a.i):
        rows[int(j)] = g[k]
    return xp.stack(rows)


def normalised_without_epsilon(less: int) -> Formula:
    """The pullback of (x − μ)/σ, σ² divided by n or, with ``less`` = 1, by n − 1."""

    def formula(xp: Any, g: Any, a: Any) -> Any:
        n = a.x.shape[-1]
        centred = a.x - xp.mean(a.x, axis=-1, keepdims=True)
        total = xp.sum(centred * centred, axis=-1, keepdims=True)
        epsilon = a.eps if less else 0.0
        deviation = xp.sqrt(total / (xp.zeros_like(total) + (n - less)) + epsilon)
        if not less:
            return standardised_vjp(xp, g * a.scale, centred / deviation, 1 / deviation, -1)
        bar = g * a.scale
        along = xp.sum(bar * centred, axis=-1, keepdims=True) / (n - 1 + 0 * deviation)
        straight = (bar - xp.mean(bar, axis=-1, keepdims=True)) / deviation
        return straight - centred * along / deviation**3

    return formula


def flipped_horizontally(xp: Any, g: Any, a: Any) -> Any:
    p, q = a.W.shape[:2]
    padded = pad(xp, pad(xp, g, 0, p - 1), 1, q - 1)
    flipped = a.W[:, ::-1]
    windows = (
        padded[m : m + a.X.shape[0], n : n + a.X.shape[1], :] @ flipped[m, n].T
        for m in range(p)
        for n in range(q)
    )
    return sum(windows, start=xp.zeros_like(a.X))


def kernel_of_a_true_convolution(xp: Any, g: Any, a: Any) -> Any:
    p, q = a.W.shape[:2]
    rows, columns = g.shape[:2]

    def entry(m: int, n: int) -> Any:
        window = a.X[m : m + rows, n : n + columns, :, None]
        return xp.sum(window * g[:, :, None, :], axis=(0, 1))

    return xp.stack([xp.stack([entry(p - 1 - m, q - 1 - n) for n in range(q)]) for m in range(p)])


def without_bounds(xp: Any, g: Any, a: Any) -> Any:
    p, q = a.W.shape[:2]

    def entry(i: int, j: int) -> Any:
        return sum(a.W[m, n] @ g[i - m, j - n] for m in range(p) for n in range(q))

    h, w = a.X.shape[:2]
    return xp.stack([xp.stack([entry(i, j) for j in range(w)]) for i in range(h)])


def sum_for_each_input_channel(xp: Any, g: Any, a: Any) -> Any:
    return xp.stack([xp.sum(g[:, :, d]) for d in range(a.X.shape[-1])])


def entries(x: Any) -> int:
    return int(np.prod(x.shape))


def weighted(xp: Any, g: Any, a: Any, total: Any) -> Any:
    return g[..., None] * (softmax(xp, a.z) * total - a.y)


def every_token(xp: Any, g: Any, a: Any) -> Any:
    P = softmax(xp, a.Z)
    hit = a.y[:, :, None] == xp.arange(a.Z.shape[-1])[None, None, :]
    return g * (P - xp.where(hit, xp.ones_like(P), xp.zeros_like(P)))


def summed_to_smaller(xp: Any, g: Any, x: Any) -> Any:
    """The cotangent summed over the dimensions that x has not, or has once."""
    extra = len(g.shape) - len(x.shape)
    axes = (*range(extra), *(extra + i for i, n in enumerate(x.shape) if n == 1))
    return xp.reshape(xp.sum(g, axis=axes) if axes else g, x.shape)


LITERAL_READINGS = [
    Literal(
        "patterns-3",
        "∂L/∂W = ∂L/∂y ∗ xᵀ",  # element by element, as * is in code
        "matrix_vector_product",
        "A",
        lambda xp, g, a: g * a.x,
        ways("shape"),
    ),
    Literal(
        "zoo-8",
        "its gradient with respect to the covariance matrix is Σ⁻¹",
        "gaussian_log_likelihood",
        "S",
        lambda xp, g, a: g * xp.linalg.inv(a.S),
        ways("refuted"),
    ),
    Literal(
        "zoo-9",
        "∇ det(X) = det(X) (Xᵀ)⁻¹",
        "determinant_by_cofactors",
        "X",
        lambda xp, g, a: g * xp.linalg.det(a.X) * xp.linalg.inv(a.X).T,
        ways("undefined"),
    ),
    Literal(
        "zoo-14",
        "the function is approximately 0.5 z [1 + tanh(…)], and the derivative inherits this shape",
        "gelu",
        "z",
        lambda xp, g, a: gelu_tanh_vjp(xp, g, a.z)["z"],
        ways("refuted"),
    ),
    Literal(
        "zoo-16",
        "∂L/∂zᵢ = sᵢ − yᵢ",  # for a target that does not sum to one
        "softmax_cross_entropy",
        "z",
        lambda xp, g, a: weighted(xp, g, a, 1),
        ways("refuted"),
        holds=lambda xp, g, a: weighted(
            xp, g, a, xp.sum(a.y + xp.zeros_like(a.z), axis=-1, keepdims=True)
        ),
        at=with_target_doubled,
    ),
    Literal(
        "zoo-19",
        "identity with mean-squared error: the gradient is predicted minus true",
        "mean_squared_error",
        "x",
        lambda xp, g, a: g * (a.x - a.y),
        ways("refuted"),
    ),
    Literal(
        "zoo-20",
        "x̂ = (x − μ)/σ",  # no ε
        "layer_normalisation",
        "x",
        normalised_without_epsilon(0),
        ways("refuted", "undefined"),
    ),
    Literal(
        "zoo-20",
        "standard deviation σ",  # of a sample: divided by n − 1
        "layer_normalisation",
        "x",
        normalised_without_epsilon(1),
        ways("refuted", "undefined"),
    ),
    Literal(
        "zoo-23",
        "the backward pass through a transpose is itself a transpose",  # the same one, once more
        "permutation",
        "X",
        lambda xp, g, a: xp.permute_dims(g, a.axes),
        ways("refuted", "shape"),
    ),
    Literal(
        "zoo-25",
        "broadcasts a smaller tensor across a larger one",  # both may be stretched at once
        "broadcast_sum",
        "x",
        lambda xp, g, a: g if entries(a.x) >= entries(a.y) else summed_to_smaller(xp, g, a.x),
        ways("shape"),
    ),
    Literal(
        "zoo-26",
        "zero everywhere except at the indexed positions, where it equals the incoming gradient",
        "embedding",
        "W",
        last_one_wins,
        ways("refuted"),
    ),
    Literal(
        "attention-5",
        "A ⊙ (Ā − rowsum(A ⊙ Ā))",  # a row sum is a vector; it has to stay a column
        "attention_weights",
        "S",
        lambda xp, g, a: softmax(xp, a.S) * (g - xp.sum(softmax(xp, a.S) * g, axis=-1)),
        ways("refuted", "shape"),
        noted="attention",
    ),
    Literal(
        "attention-6",
        "∂L/∂Qᵏˡ = 1/√dₖ ∂L/∂Sᵏʲ Kʲˡ",  # d of index k: as many as there are queries
        "attention_scores",
        "Q",
        lambda xp, g, a: g @ a.K / xp.sqrt(a.Q.shape[0] * xp.ones(())),
        ways("refuted"),
        noted="attention",
    ),
    Literal(
        "attention-7",
        "∂L/∂Kᵏˡ = 1/√dₖ ∂L/∂Sⁱᵏ Qⁱˡ",  # d of index k: as many as there are keys
        "attention_scores",
        "K",
        lambda xp, g, a: g.T @ a.Q / xp.sqrt(a.K.shape[0] * xp.ones(())),
        ways("refuted"),
        noted="attention",
    ),
    Literal(
        "layers-3",
        "Z = W ∗ X + b, where ∗ is the convolution operator",
        "convolution_2d",
        "W",
        kernel_of_a_true_convolution,
        ways("refuted"),
    ),
    Literal(
        "layers-3",
        "we convolve the gradient with a 180 degree horizontally flipped kernel",
        "convolution_2d",
        "X",
        flipped_horizontally,
        ways("refuted"),
    ),
    Literal(
        "layers-3",
        "∂L/∂X_ijd = Σ_mnc ∂L/∂Z_{i−m, j−n, c} W_mndc",  # for every m and n
        "convolution_2d",
        "X",
        without_bounds,
        ways("outside"),
    ),
    Literal(
        "layers-3",
        "we sum the incoming gradient over that specific input channel",
        "convolution_2d",
        "b",
        sum_for_each_input_channel,
        ways("outside", "shape"),
    ),
    Literal(
        "rules-6",
        "dL/dX = dL/dY * dY/dX",  # with dY/dX = W: in this order, and not transposed
        "matrix_product",
        "X",
        lambda xp, g, a: g @ a.W,
        ways("refuted", "shape"),
    ),
    Literal(
        "rules-7",
        "dL/dZ = P − Y(one hot)",  # whatever the reduction over the tokens is
        "token_cross_entropy",
        "Z",
        every_token,
        ways("refuted"),
        at=with_every_token_counted,
    ),
]
