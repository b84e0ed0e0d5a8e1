"""Gated activations: a product of two halves or of two projections."""

from .activations import gelu, gelu_vjp, sigmoid
from .declaration import identity
from .homogeneity import homogeneous
from .more_activations import silu, silu_vjp


@identity(
    tex=r"y = a \circ \sigma(b),\quad x = [a, b]",
    shapes={"x": "... n"},
    gradients={"x": r"[\bar y \circ \sigma(b),\ \bar y \circ a \circ \sigma(b)(1 - \sigma(b))]"},
    source="rules-2",
    sizes={"n": 2},
    fit=lambda sizes: {**sizes, "n": 2 * max(1, sizes["n"] // 2)},
)
def glu(xp, x):
    """Gated linear unit: the first half of the last axis, gated by the second."""
    half = x.shape[-1] // 2
    return x[..., :half] * sigmoid(xp, x[..., half:])


@glu.vjp
def glu_vjp(xp, ybar, x):
    half = x.shape[-1] // 2
    a, s = x[..., :half], sigmoid(xp, x[..., half:])
    return {"x": xp.concat([ybar * s, ybar * a * s * (1 - s)], axis=-1)}


@glu.fact("linear in the first half: a ∘ ā = ȳ ∘ y", source="rules-2")
def glu_is_linear_in_the_first_half(xp, answer, x):
    half = x.shape[-1] // 2
    return "=", (x * answer.gradients["x"])[..., :half], answer.ybar * answer.value


SHAPES = {"X": "k n", "W": "n m", "V": "n m"}
GRADIENTS = {
    "X": r"(\bar Y \circ X V \circ \phi'(X W)) W^\top + (\bar Y \circ \phi(X W)) V^\top",
    "W": r"X^\top (\bar Y \circ X V \circ \phi'(X W))",
    "V": r"X^\top (\bar Y \circ \phi(X W))",
}


def gated_vjp(xp, ybar, X, W, V, activation, pullback):
    """Gradients of φ(XW) ∘ XV for an element-wise φ."""
    gate, value = X @ W, X @ V
    gate_bar = pullback(xp, ybar * value, gate)["z"]
    value_bar = ybar * activation(xp, gate)
    return {
        "X": gate_bar @ W.T + value_bar @ V.T,
        "W": X.T @ gate_bar,
        "V": X.T @ value_bar,
    }


@identity(
    tex=r"Y = \operatorname{gelu}(X W) \circ X V",
    shapes=SHAPES,
    gradients=GRADIENTS,
    source="rules-8",
    notes="φ is gelu in its exact form. The weights of a gated activation get a gradient too.",
)
def geglu(xp, X, W, V):
    """Linear unit gated by gelu: XV times the gelu of XW, element by element."""
    return gelu(xp, X @ W) * (X @ V)


@geglu.vjp
def geglu_vjp(xp, ybar, X, W, V):
    return gated_vjp(xp, ybar, X, W, V, gelu, gelu_vjp)


@geglu.fact("linear in V: ⟨V, V̄⟩ = ⟨Ȳ, Y⟩", source="rules-8")
def geglu_is_linear_in_V(xp, answer, X, W, V):
    return homogeneous(xp, answer, {"V": V})


@identity(
    tex=r"Y = \operatorname{silu}(X W) \circ X V",
    shapes=SHAPES,
    gradients=GRADIENTS,
    source="rules-8",
    notes="φ is silu.",
)
def swiglu(xp, X, W, V):
    """Linear unit gated by silu: XV times the silu of XW, element by element."""
    return silu(xp, X @ W) * (X @ V)


@swiglu.vjp
def swiglu_vjp(xp, ybar, X, W, V):
    return gated_vjp(xp, ybar, X, W, V, silu, silu_vjp)


@swiglu.fact("linear in V: ⟨V, V̄⟩ = ⟨Ȳ, Y⟩", source="rules-8")
def swiglu_is_linear_in_V(xp, answer, X, W, V):
    return homogeneous(xp, answer, {"V": V})
