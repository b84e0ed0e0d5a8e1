"""The other activations that frameworks ship, each with its kinks."""

from .activations import ANY_SHAPE, gate, odd, opposite, sigmoid
from .declaration import identity


def softplus_of(xp, z):
    """log(1 + e^z) without overflow."""
    return xp.logaddexp(xp.zeros_like(z), z)


def negative_part(xp, z):
    """min(z, 0): keeps the exponential of the branch that is not taken finite."""
    return xp.where(z > 0, xp.zeros_like(z), z)


@identity(
    tex=r"y = z \, \sigma(z)",
    shapes=ANY_SHAPE,
    gradients={"z": r"\bar y \circ (\sigma + z \sigma (1 - \sigma))"},
    source="rules-2",
)
def silu(xp, z):
    """Sigmoid linear unit (swish): z times its sigmoid."""
    return z * sigmoid(xp, z)


@silu.vjp
def silu_vjp(xp, ybar, z):
    s = sigmoid(xp, z)
    return {"z": ybar * (s + z * s * (1 - s))}


@silu.fact("f(z) − f(−z) = z, and the slopes sum to 1", source="rules-2", beside=opposite)
def silu_gates(xp, answer, z):
    return gate(xp, answer, z)


@identity(
    tex=r"y = \log(1 + e^z)",
    shapes=ANY_SHAPE,
    gradients={"z": r"\bar y \circ \sigma(z)"},
    source="rules-2",
)
def softplus(xp, z):
    """Smooth approximation of ReLU: the logarithm of one plus e to the z."""
    return softplus_of(xp, z)


@softplus.vjp
def softplus_vjp(xp, ybar, z):
    return {"z": ybar * sigmoid(xp, z)}


@softplus.fact("f(z) − f(−z) = z, and the slopes sum to 1", source="rules-2", beside=opposite)
def softplus_gates(xp, answer, z):
    return gate(xp, answer, z)


@identity(
    tex=r"y = \log \sigma(z)",
    shapes=ANY_SHAPE,
    gradients={"z": r"\bar y \circ \sigma(-z)"},
    source="rules-2",
)
def log_sigmoid(xp, z):
    """Logarithm of the logistic function: softplus of minus z, negated."""
    return -softplus_of(xp, -z)


@log_sigmoid.vjp
def log_sigmoid_vjp(xp, ybar, z):
    return {"z": ybar * sigmoid(xp, -z)}


@log_sigmoid.fact("f(z) − f(−z) = z, and the slopes sum to 1", source="rules-2", beside=opposite)
def log_sigmoid_gates(xp, answer, z):
    return gate(xp, answer, z)


@identity(
    tex=r"y = z \tanh(\log(1 + e^z))",
    shapes=ANY_SHAPE,
    gradients={"z": r"\bar y \circ (t + z (1 - t^2) \sigma(z)),\quad t = \tanh \log(1 + e^z)"},
    source="rules-2",
)
def mish(xp, z):
    """Mish: z times the tanh of its softplus."""
    return z * xp.tanh(softplus_of(xp, z))


@mish.vjp
def mish_vjp(xp, ybar, z):
    t = xp.tanh(softplus_of(xp, z))
    return {"z": ybar * (t + z * (1 - t * t) * sigmoid(xp, z))}


@identity(
    tex=r"y = z / (1 + |z|)",
    shapes=ANY_SHAPE,
    gradients={"z": r"\bar y / (1 + |z|)^2"},
    source="rules-2",
    kinks={"z": (0.0,)},
    notes="The slope at 0 is 1 from both sides; the second derivative jumps there from 2 to −2.",
)
def softsign(xp, z):
    """Rational sigmoid: z over one plus its magnitude."""
    return z / (1 + xp.abs(z))


@softsign.vjp
def softsign_vjp(xp, ybar, z):
    d = 1 + xp.abs(z)
    return {"z": ybar / d / d}


@softsign.fact("softsign is odd, its slope even", source="rules-2", beside=opposite)
def softsign_is_odd(xp, answer, z):
    return odd(xp, answer)


@identity(
    tex=r"y = z \text{ for } z > 0,\ \alpha (e^z - 1) \text{ else}",
    shapes=ANY_SHAPE,
    gradients={"z": r"\bar y \circ (1 \text{ or } \alpha e^z)"},
    source="rules-2",
    kinks={"z": (0.0,)},
    parameters={"alpha": (1.0, 0.5)},
    notes="For α = 1 the slope at 0 is 1 from both sides.",
)
def elu(xp, z, *, alpha):
    """Exponential linear unit: z where it is positive, else α times (e to the z, less one)."""
    return xp.where(z > 0, z, alpha * (xp.exp(negative_part(xp, z)) - 1))


@elu.vjp
def elu_vjp(xp, ybar, z, *, alpha):
    return {"z": xp.where(z > 0, ybar, ybar * alpha * xp.exp(negative_part(xp, z)))}


@elu.fact("|z̄| ≤ |ȳ| for α ≤ 1", source="rules-2")
def elu_slope_is_bounded(xp, answer, z, *, alpha):
    return "<=", xp.abs(answer.gradients["z"]), xp.abs(answer.ybar)


SELU_SCALE, SELU_ALPHA = 1.0507009873554804934, 1.6732632423543772848


@identity(
    tex=r"y = \lambda z \text{ for } z > 0,\ \lambda \alpha (e^z - 1) \text{ else}",
    shapes=ANY_SHAPE,
    gradients={"z": r"\bar y \circ (\lambda \text{ or } \lambda \alpha e^z)"},
    source="rules-2",
    kinks={"z": (0.0,)},
)
def selu(xp, z):
    """Scaled exponential linear unit: λ times the exponential linear unit with a fixed α."""
    return SELU_SCALE * xp.where(z > 0, z, SELU_ALPHA * (xp.exp(negative_part(xp, z)) - 1))


@selu.vjp
def selu_vjp(xp, ybar, z):
    slope = SELU_ALPHA * xp.exp(negative_part(xp, z))
    return {"z": SELU_SCALE * ybar * xp.where(z > 0, xp.ones_like(z), slope)}


@selu.fact("|z̄| ≤ λ α |ȳ|", source="rules-2")
def selu_slope_is_bounded(xp, answer, z):
    return "<=", xp.abs(answer.gradients["z"]), SELU_SCALE * (SELU_ALPHA * xp.abs(answer.ybar))


@identity(
    tex=r"y = z \text{ for } z > 0,\ \alpha (e^{z / \alpha} - 1) \text{ else}",
    shapes=ANY_SHAPE,
    gradients={"z": r"\bar y \circ (1 \text{ or } e^{z / \alpha})"},
    source="rules-2",
    kinks={"z": (0.0,)},
    parameters={"alpha": (1.0, 0.5)},
    notes="The slope at 0 is 1 from both sides; the second derivative jumps there from 1/α to 0.",
)
def celu(xp, z, *, alpha):
    """Exponential linear unit of z/α on the negative side: differentiable at 0 for every α."""
    return xp.where(z > 0, z, alpha * (xp.exp(negative_part(xp, z) / alpha) - 1))


@celu.vjp
def celu_vjp(xp, ybar, z, *, alpha):
    return {"z": xp.where(z > 0, ybar, ybar * xp.exp(negative_part(xp, z) / alpha))}


@celu.fact("|z̄| ≤ |ȳ|", source="rules-2")
def celu_slope_is_bounded(xp, answer, z, *, alpha):
    return "<=", xp.abs(answer.gradients["z"]), xp.abs(answer.ybar)


@identity(
    tex=r"y = z \text{ for } z > 0,\ a z \text{ else}",
    shapes=ANY_SHAPE,
    gradients={"z": r"\bar y \circ (1 \text{ or } a)"},
    source="rules-2",
    kinks={"z": (0.0,)},
    parameters={"slope": (0.01, 0.25)},
)
def leaky_relu(xp, z, *, slope):
    """ReLU with a slope for negative inputs: z where it is positive, else the slope times z."""
    return xp.where(z > 0, z, slope * z)


@leaky_relu.vjp
def leaky_relu_vjp(xp, ybar, z, *, slope):
    return {"z": xp.where(z > 0, ybar, slope * ybar)}


@leaky_relu.fact("of degree 1 for positive factors: z ∘ z̄ = ȳ ∘ y", source="rules-2")
def leaky_relu_is_of_degree_1(xp, answer, z, *, slope):
    return "=", z * answer.gradients["z"], answer.ybar * answer.value


def clipped(xp, z, low, high):
    """Z within [low, high]."""
    lowered = xp.where(z > low, z, low + xp.zeros_like(z))
    return xp.where(z < high, lowered, high + xp.zeros_like(z))


def inside(xp, z, low, high, value):
    """A value where z is strictly between the bounds, else 0."""
    zero = xp.zeros_like(value)
    return xp.where(z > low, xp.where(z < high, value, zero), zero)


@identity(
    tex=r"y = \min(\max(z, 0), 6)",
    shapes=ANY_SHAPE,
    gradients={"z": r"\bar y \circ \mathbb{1}[0 < z < 6]"},
    source="rules-2",
    kinks={"z": (0.0, 6.0)},
)
def relu6(xp, z):
    """ReLU that ends at 6: z, held between 0 and 6."""
    return clipped(xp, z, 0, 6)


@relu6.vjp
def relu6_vjp(xp, ybar, z):
    return {"z": inside(xp, z, 0, 6, ybar)}


@relu6.fact("|z̄| ≤ |ȳ|", source="rules-2")
def relu6_slope_is_bounded(xp, answer, z):
    return "<=", xp.abs(answer.gradients["z"]), xp.abs(answer.ybar)


@identity(
    tex=r"y = \min(\max(z, -1), 1)",
    shapes=ANY_SHAPE,
    gradients={"z": r"\bar y \circ \mathbb{1}[-1 < z < 1]"},
    source="rules-2",
    kinks={"z": (-1.0, 1.0)},
)
def hard_tanh(xp, z):
    """Piecewise linear tanh: z, held between −1 and 1."""
    return clipped(xp, z, -1, 1)


@hard_tanh.vjp
def hard_tanh_vjp(xp, ybar, z):
    return {"z": inside(xp, z, -1, 1, ybar)}


@hard_tanh.fact("|z̄| ≤ |ȳ|", source="rules-2")
def hard_tanh_slope_is_bounded(xp, answer, z):
    return "<=", xp.abs(answer.gradients["z"]), xp.abs(answer.ybar)


@identity(
    tex=r"y = \min(\max(z + 3, 0), 6) / 6",
    shapes=ANY_SHAPE,
    gradients={"z": r"\bar y \circ \mathbb{1}[-3 < z < 3] / 6"},
    source="rules-2",
    kinks={"z": (-3.0, 3.0)},
)
def hard_sigmoid(xp, z):
    """Piecewise linear sigmoid: z + 3, held between 0 and 6, over 6."""
    return clipped(xp, z + 3, 0, 6) / 6


@hard_sigmoid.vjp
def hard_sigmoid_vjp(xp, ybar, z):
    return {"z": inside(xp, z, -3, 3, ybar / 6)}


@hard_sigmoid.fact("6 |z̄| ≤ |ȳ|", source="rules-2")
def hard_sigmoid_slope_is_bounded(xp, answer, z):
    return "<=", 6 * xp.abs(answer.gradients["z"]), xp.abs(answer.ybar)


@identity(
    tex=r"y = z \min(\max(z + 3, 0), 6) / 6",
    shapes=ANY_SHAPE,
    gradients={"z": r"\bar y \circ (0,\ (2 z + 3) / 6 \text{ or } 1)"},
    source="rules-2",
    kinks={"z": (-3.0, 3.0)},
)
def hard_swish(xp, z):
    """Z times the piecewise linear sigmoid."""
    return z * clipped(xp, z + 3, 0, 6) / 6


@hard_swish.vjp
def hard_swish_vjp(xp, ybar, z):
    above = xp.where(z >= 3, ybar, xp.zeros_like(ybar))
    return {"z": above + inside(xp, z, -3, 3, ybar * (2 * z + 3) / 6)}


@hard_swish.fact("|z̄| ≤ 1.5 |ȳ|: the slope is largest at 3", source="rules-2")
def hard_swish_slope_is_bounded(xp, answer, z):
    return "<=", xp.abs(answer.gradients["z"]), 1.5 * xp.abs(answer.ybar)
