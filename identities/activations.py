"""Element-wise activations: the pullback is ȳ ∘ f′ (rules-2), the Jacobian diag(f′)."""

from .declaration import identity

ANY_SHAPE = {"z": "..."}
VECTOR = {"z": "n"}


def diagonal(xp, d):
    """The diagonal matrix of a vector."""
    return xp.eye(d.shape[0]) * d[:, None]


def opposite(xp, ybar, z):
    """Minus the input, with the same cotangent."""
    return {"ybar": ybar, "z": -z}


def odd(xp, answer):
    """The relation of a fact: f(−z) = −f(z), and the slope is even."""
    left = [answer.beside.value, answer.beside.gradients["z"]]
    return "=", xp.stack(left), xp.stack([-answer.value, answer.gradients["z"]])


def gate(xp, answer, z):
    """The relation of a fact: f(z) − f(−z) = z, and the slopes at z and −z sum to 1."""
    other = answer.beside
    left = [answer.value - other.value, answer.gradients["z"] + other.gradients["z"]]
    return "=", xp.stack(left), xp.stack([z, answer.ybar])


def root_two(xp, z):
    """√2 in the arithmetic and the dtype of z; 2 ** 0.5 would be rounded to float64 everywhere."""
    return xp.sqrt(2 * xp.ones_like(z))


@identity(
    tex=r"y = \sigma(z) = \frac{1}{1 + e^{-z}}",
    shapes=ANY_SHAPE,
    gradients={"z": r"\bar y \circ \sigma(z) (1 - \sigma(z))"},
    source=("zoo-11", "rules-2"),
    notes="""Computed as e^(−log(1 + e^(−z))): the documented quotient is its component form, and
    overflows for large negative z. The document's range [0, 1] is open: neither end is reached
    before rounding.""",
)
def sigmoid(xp, z):
    """Logistic function: one over one plus e to the minus z."""
    return xp.exp(-xp.logaddexp(xp.zeros_like(z), -z))


@sigmoid.vjp
def sigmoid_vjp(xp, ybar, z):
    s = sigmoid(xp, z)
    return {"z": ybar * s * (1 - s)}


@sigmoid.component(r"\sigma(z) = 1 / (1 + e^{-z})", source="zoo-11")
def sigmoid_as_documented(xp, z):
    return 1 / (1 + xp.exp(-z))


@sigmoid.jacobian("z", r"\operatorname{diag}(\sigma(1 - \sigma))", source="rules-2", shapes=VECTOR)
def sigmoid_jacobian(xp, z):
    s = sigmoid(xp, z)
    return diagonal(xp, s * (1 - s))


@sigmoid.fact("|z̄| ≤ ¼ |ȳ|", source="zoo-11")
def sigmoid_slope_is_bounded(xp, answer, z):
    return "<=", xp.abs(answer.gradients["z"]), 0.25 * xp.abs(answer.ybar)


@sigmoid.fact(
    "the bound ¼ is attained at 0", source="zoo-11", at=lambda xp, z: {"z": xp.zeros_like(z)}
)
def sigmoid_slope_at_zero(xp, answer, z):
    return "=", answer.gradients["z"], 0.25 * answer.ybar


@sigmoid.fact("the slope tends to zero: |z̄| ≤ |ȳ| e^(−|z|)", source="zoo-11")
def sigmoid_slope_vanishes(xp, answer, z):
    return "<=", xp.abs(answer.gradients["z"]), xp.abs(answer.ybar) * xp.exp(-xp.abs(z))


@sigmoid.fact("σ(z) + σ(−z) = 1", source="zoo-11", beside=opposite)
def sigmoid_of_opposite(xp, answer, z):
    return "=", answer.value + answer.beside.value, xp.ones_like(z)


@sigmoid.fact("the slope is even", source="zoo-11", beside=opposite)
def sigmoid_slope_is_even(xp, answer, z):
    return "=", answer.gradients["z"], answer.beside.gradients["z"]


@identity(
    tex=r"y = \tanh z",
    shapes=ANY_SHAPE,
    gradients={"z": r"\bar y \circ (1 - \tanh^2 z)"},
    source=("zoo-12", "rules-2"),
    notes="The document's range [−1, 1] is open: neither end is reached before rounding.",
)
def tanh(xp, z):
    """Hyperbolic tangent, element by element."""
    return xp.tanh(z)


@tanh.vjp
def tanh_vjp(xp, ybar, z):
    t = xp.tanh(z)
    return {"z": ybar * (1 - t * t)}


@tanh.jacobian("z", r"\operatorname{diag}(1 - \tanh^2 z)", source="rules-2", shapes=VECTOR)
def tanh_jacobian(xp, z):
    t = xp.tanh(z)
    return diagonal(xp, 1 - t * t)


@tanh.fact("|z̄| ≤ |ȳ|", source="zoo-12")
def tanh_slope_is_bounded(xp, answer, z):
    return "<=", xp.abs(answer.gradients["z"]), xp.abs(answer.ybar)


@tanh.fact(
    "the bound 1 is attained at 0", source="zoo-12", at=lambda xp, z: {"z": xp.zeros_like(z)}
)
def tanh_slope_at_zero(xp, answer, z):
    return "=", answer.gradients["z"], answer.ybar


@tanh.fact("tanh is odd, its slope even", source="zoo-12", beside=opposite)
def tanh_is_odd(xp, answer, z):
    return odd(xp, answer)


@identity(
    tex=r"y = \max(0, z)",
    shapes=ANY_SHAPE,
    gradients={"z": r"\bar y \circ \mathbb{1}[z > 0]"},
    source=("zoo-13", "rules-3", "rules-2"),
    kinks={"z": (0.0,)},
    notes="""At z = 0 there is no derivative: it is 0 from the left and 1 from the right. One
    document leaves that point out, another calls it undefined and takes 0; 0 is the convention, and
    any slope in [0, 1] is a subgradient. The Jacobian is diag(1[z > 0]) and not δ: ReLU is not
    linear.""",
)
def relu(xp, z):
    """Rectified linear unit: z where it is positive, else 0."""
    return xp.where(z > 0, z, xp.zeros_like(z))


@relu.vjp
def relu_vjp(xp, ybar, z):
    return {"z": xp.where(z > 0, ybar, xp.zeros_like(ybar))}


@relu.fact("of degree 1 for positive factors: z ∘ z̄ = ȳ ∘ y", source="rules-3")
def relu_is_of_degree_1(xp, answer, z):
    return "=", z * answer.gradients["z"], answer.ybar * answer.value


@relu.jacobian("z", r"\operatorname{diag}(\mathbb{1}[z > 0])", source="rules-3", shapes=VECTOR)
def relu_jacobian(xp, z):
    one = xp.ones_like(z)
    return diagonal(xp, xp.where(z > 0, one, 0 * one))


@identity(
    tex=r"y = \tfrac12 z \left(1 + \operatorname{erf}(z / \sqrt 2)\right)",
    shapes=ANY_SHAPE,
    gradients={
        "z": r"\bar y \circ \left(\tfrac12 (1 + \operatorname{erf}(z / \sqrt 2)) "
        r"+ \frac{z}{\sqrt{2 \pi}} e^{-z^2 / 2}\right)"
    },
    source=("zoo-14", "rules-2"),
    notes="""The exact form. The document calls the derivative not closed-form in elementary
    functions: it is closed-form once erf is allowed. The tanh form (gelu_tanh) is another function,
    near to this one, with another derivative.""",
)
def gelu(xp, z):
    """Gaussian error linear unit, exact form: z times the normal distribution function of z."""
    return 0.5 * z * (1 + xp.special.erf(z / root_two(xp, z)))


@gelu.vjp
def gelu_vjp(xp, ybar, z):
    density = xp.exp(-0.5 * z * z) / (2 * xp.pi) ** 0.5
    return {"z": ybar * (0.5 * (1 + xp.special.erf(z / root_two(xp, z))) + z * density)}


@gelu.fact("f(z) − f(−z) = z, and the slopes sum to 1", source="zoo-14", beside=opposite)
def gelu_gates(xp, answer, z):
    return gate(xp, answer, z)


@identity(
    tex=r"y = \tfrac12 z \left(1 + \tanh u\right),\quad u = \sqrt{2/\pi}\,(z + 0.044715 z^3)",
    shapes=ANY_SHAPE,
    gradients={
        "z": r"\bar y \circ \left(\tfrac12 (1 + \tanh u) + \tfrac12 z (1 - \tanh^2 u) "
        r"\sqrt{2/\pi}\,(1 + 3 \cdot 0.044715 z^2)\right)"
    },
    source=("zoo-14", "rules-2"),
    notes="""The document says that the derivative of GELU is not closed-form in elementary
    functions; that of this form is: tanh and arithmetic are enough.""",
)
def gelu_tanh(xp, z):
    """Gaussian error linear unit, tanh form: near to z times the normal distribution function."""
    c = (2 / xp.pi) ** 0.5
    return 0.5 * z * (1 + xp.tanh(c * (z + 0.044715 * z * z * z)))


@gelu_tanh.vjp
def gelu_tanh_vjp(xp, ybar, z):
    c = (2 / xp.pi) ** 0.5
    t = xp.tanh(c * (z + 0.044715 * z * z * z))
    slope = c * (1 + 3 * (0.044715 * z * z))
    return {"z": ybar * (0.5 * (1 + t) + 0.5 * z * (1 - t * t) * slope)}


@gelu_tanh.fact("f(z) − f(−z) = z, and the slopes sum to 1", source="zoo-14", beside=opposite)
def gelu_tanh_gates(xp, answer, z):
    return gate(xp, answer, z)


@identity(
    tex=r"Y = X^2 \text{ (element-wise)}",
    shapes={"X": "..."},
    gradients={"X": r"2 X \circ \bar Y"},
    source=("rules-5", "rules-2"),
)
def square(xp, X):
    """Square of every element."""
    return X * X


@square.vjp
def square_vjp(xp, ybar, X):
    return {"X": 2 * X * ybar}


@square.fact("of degree 2: X ∘ X̄ = 2 Ȳ ∘ Y", source="rules-5")
def square_is_of_degree_2(xp, answer, X):
    return "=", X * answer.gradients["X"], 2 * answer.ybar * answer.value


@square.component(r"z_i = f(x_i)", source="patterns-8", shapes={"X": "n"})
def square_component(xp, X):
    n = X.shape[0]
    return xp.stack([X[i] * X[i] for i in range(n)]) if n else X


@square.jacobian("X", r"\operatorname{diag}(2 x)", source="rules-5", shapes={"X": "n"})
def square_jacobian(xp, X):
    return diagonal(xp, 2 * X)
