"""Functions whose formula, or the formula of whose gradient, breaks down at one point.

Away from it they are ordinary, and that is where their cases are drawn; the point itself is among
the ``points``, which the law of conventions tries.
"""

from math import inf

from .conditions import flags, nonzero, nonzero_rows, positive
from .declaration import identity
from .kinks import Point, zero_rows


@identity(
    tex=r"y = \lVert x \rVert_2",
    shapes={"x": "... n"},
    sizes={"n": 1},
    gradients={"x": r"\bar y \, x / \lVert x \rVert_2"},
    source="zoo-3",
    domain=[nonzero_rows("x")],
    ties=[zero_rows("x")],
    points=[Point("x = (0, 0)", {"x": [0.0, 0.0]}, 1.0)],
    notes="""The root of the squared norm. At 0 there is no derivative: any vector of length at most
    one is a subgradient, so that each entry is between −ȳ and ȳ. The chain rule gives ∞ · 0.""",
)
def euclidean_norm(xp, x):
    """Euclidean length of each row of the last axis."""
    return xp.sqrt(xp.sum(x * x, axis=-1))


@euclidean_norm.vjp
def euclidean_norm_vjp(xp, ybar, x):
    length = xp.sqrt(xp.sum(x * x, axis=-1))
    return {"x": (ybar / length)[..., None] * x}


@euclidean_norm.fact("‖t x‖ = t ‖x‖ for t > 0: ⟨x, x̄⟩ = ȳ y in each row", source="zoo-3")
def euclidean_norm_is_homogeneous(xp, answer, x):
    return "=", xp.sum(x * answer.gradients["x"], axis=-1), answer.ybar * answer.value


@identity(
    tex=r"y = \sqrt x",
    shapes={"x": "..."},
    gradients={"x": r"\bar y / (2 \sqrt x)"},
    source="rules-2",
    domain=[positive("x")],
    points=[Point("x = 0", {"x": 0.0}, limits={"x": (inf, inf)})],
    notes="At 0 the slope is infinite, from the right; to the left there is no root.",
)
def square_root(xp, x):
    """Square root, element by element."""
    return xp.sqrt(x)


@square_root.vjp
def square_root_vjp(xp, ybar, x):
    return {"x": ybar / (2 * xp.sqrt(x))}


@square_root.fact("√(t x) = √t √x: 2 x x̄ = ȳ y", source="rules-2")
def square_root_is_homogeneous(xp, answer, x):
    return "=", 2 * x * answer.gradients["x"], answer.ybar * answer.value


@identity(
    tex=r"y = x^p",
    shapes={"x": "..."},
    gradients={"x": r"\bar y \circ p\, x^{p - 1}"},
    source="rules-2",
    domain=[nonzero("x")],
    parameters={"p": (0, 1, 2, 3)},
    points=[
        Point("x = 0, p = 0", {"x": 0.0}, parameters={"p": 0}),
        Point("x = 0, p = 1", {"x": 0.0}, parameters={"p": 1}),
    ],
    notes="""x⁰ is 1 for every x, 0 included, with slope 0, where p x^(p − 1) would be 0 · ∞. For
    p = 1 that is 0⁰, which is 1.""",
)
def power(xp, x, *, p):
    """A whole power of every element."""
    return x**p


@power.vjp
def power_vjp(xp, ybar, x, *, p):
    return {"x": ybar * (p * x ** (p - 1)) if p else xp.zeros_like(x)}


@power.fact("(t x)^p = t^p x^p: x x̄ = p ȳ y", source="rules-2")
def power_is_homogeneous(xp, answer, x, *, p):
    return "=", x * answer.gradients["x"], p * answer.ybar * answer.value


@identity(
    tex=r"z = x \log y,\quad 0 \log 0 = 0",
    shapes={"x": "...", "y": "..."},
    gradients={"x": r"\bar z \circ \log y", "y": r"\bar z \circ x / y"},
    source="rules-2",
    domain=[positive("y")],
    points=[
        Point("x = 0, y = 1/2", {"x": 0.0, "y": 0.5}),
        Point("x = 0, y = 0", {"x": 0.0, "y": 0.0}, limits={"x": (-inf, -inf), "y": (0.0, 0.0)}),
    ],
    notes="""Computed with the logarithm of 1 in place of that of 0 where both are 0. There the
    derivative in y, from the right along x = 0, is 0, and that in x has the limit −∞.""",
)
def xlogy(xp, x, y):
    """The product of x and the logarithm of y, which is 0 where both are."""
    both = (x == 0) & (y == 0)
    return x * xp.log(xp.where(both, xp.ones_like(y), y))


@xlogy.vjp
def xlogy_vjp(xp, ybar, x, y):
    return {"x": ybar * xp.log(y), "y": ybar * (x / y)}


@xlogy.fact("linear in x: x x̄ = z̄ z", source="rules-2")
def xlogy_is_linear_in_x(xp, answer, x, y):
    return "=", x * answer.gradients["x"], answer.ybar * answer.value


@xlogy.fact("x log(t y) = x log y + x log t: y ȳ = z̄ x", source="rules-2")
def xlogy_of_a_multiple(xp, answer, x, y):
    return "=", y * answer.gradients["y"], answer.ybar * x


@identity(
    tex=r"y = a / b \text{ where kept, else } 0",
    shapes={"a": "...", "b": "...", "keep": "..."},
    gradients={
        "a": r"\bar y / b \text{ where kept, else } 0",
        "b": r"-\bar y \circ a / b^2 \text{ where kept, else } 0",
    },
    source="rules-2",
    domain=[positive("b"), flags("keep")],
    points=[Point("b = 0, masked out", {"a": 1.0, "b": 0.0, "keep": 0.0})],
    notes="""Where an entry is masked out the result is 0 whatever a and b are, and so are the
    derivatives. Differentiating through the choice multiplies that 0 with 1/b: for b = 0 it is not
    a number, unless the divisor is masked, too.""",
)
def masked_quotient(xp, a, b, keep):
    """Quotient of the entries that are kept, and 0 for the others."""
    return xp.where(keep, a / b, xp.zeros_like(a))


@masked_quotient.vjp
def masked_quotient_vjp(xp, ybar, a, b, keep):
    zero = xp.zeros_like(ybar)
    return {
        "a": xp.where(keep, ybar / b, zero),
        "b": xp.where(keep, -ybar * a / (b * b), zero),
    }


@masked_quotient.fact("linear in a: a ā = ȳ y", source="rules-2")
def masked_quotient_is_linear_in_a(xp, answer, a, b, keep):
    return "=", a * answer.gradients["a"], answer.ybar * answer.value


@masked_quotient.fact("y is divided by t where b is multiplied: b b̄ = −ȳ y", source="rules-2")
def masked_quotient_is_inverse_in_b(xp, answer, a, b, keep):
    return "=", b * answer.gradients["b"], -answer.ybar * answer.value
