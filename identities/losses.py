"""Losses: cross-entropy in three forms, binary cross-entropy with logits, mean-squared error."""

from math import inf

from .activations import sigmoid
from .conditions import distribution, index, positive, unit_interval
from .declaration import identity
from .homogeneity import homogeneous
from .kinks import Point
from .softmax import log_softmax, softmax


@identity(
    tex=r"\ell = -\sum_i y_i \log s_i",
    shapes={"s": "... n", "y": "... n"},
    gradients={"s": r"-\bar\ell \, y / s", "y": r"-\bar\ell \log s"},
    source="zoo-16",
    domain=[positive("s"), distribution("y")],
    sizes={"n": 1},
)
def cross_entropy(xp, s, y):
    """Cross-entropy of probabilities with a target: minus the sum of target times logarithm."""
    return -xp.sum(y * xp.log(s), axis=-1)


@cross_entropy.vjp
def cross_entropy_vjp(xp, ybar, s, y):
    return {"s": -ybar[..., None] * (y / s), "y": -ybar[..., None] * xp.log(s)}


@cross_entropy.fact("linear in the target: the sum of y ∘ ȳ is ℓ̄ ℓ", source="zoo-16")
def cross_entropy_is_linear(xp, answer, s, y):
    return "=", xp.sum(y * answer.gradients["y"], axis=-1), answer.ybar * answer.value


@cross_entropy.fact("f(t s) = f(s) − log t: the sum of s ∘ s̄ is −ℓ̄", source="zoo-16")
def cross_entropy_of_a_multiple(xp, answer, s, y):
    return "=", xp.sum(s * answer.gradients["s"], axis=-1), -answer.ybar


@cross_entropy.component(
    r"\ell = -\sum_i y_i \log s_i", source="zoo-16", shapes={"s": "n", "y": "n"}
)
def cross_entropy_component(xp, s, y):
    loss = xp.zeros(())
    for i in range(s.shape[0]):
        loss = loss - y[i] * xp.log(s[i])
    return loss


@identity(
    tex=r"\ell = -\sum_i y_i \log \operatorname{softmax}(z)_i",
    shapes={"z": "... n", "y": "... n"},
    gradients={"z": r"\bar\ell \, (s - y)", "y": r"-\bar\ell \log s"},
    source=("zoo-16", "zoo-17"),
    domain=[distribution("y")],
    sizes={"n": 1},
    points=[
        Point("z = (−∞, 0), y = (0, 1)", {"z": [-inf, 0.0], "y": [0.0, 1.0]}),
        Point("z = (−∞, 0), y = (1, 0)", {"z": [-inf, 0.0], "y": [1.0, 0.0]}),
        Point("z = (∞, 0), y = (1, 0)", {"z": [inf, 0.0], "y": [1.0, 0.0]}),
    ],
    notes="""The document's s − y holds because the target sums to one; else the gradient is
    s Σy − y.""",
)
def softmax_cross_entropy(xp, z, y):
    """Cross-entropy of logits with a target: minus the sum of target times log-softmax."""
    return -xp.sum(y * log_softmax(xp, z), axis=-1)


@softmax_cross_entropy.vjp
def softmax_cross_entropy_vjp(xp, ybar, z, y):
    # The sum is 1: it stands here because the second derivative moves y as well.
    total = xp.sum(y, axis=-1, keepdims=True)
    return {
        "z": ybar[..., None] * (softmax(xp, z) * total - y),
        "y": -ybar[..., None] * log_softmax(xp, z),
    }


@softmax_cross_entropy.fact("the gradient of a row's logits sums to 0", source="zoo-16")
def softmax_cross_entropy_gradient_sums_to_zero(xp, answer, z, y):
    total = xp.sum(answer.gradients["z"], axis=-1)
    return "=", total, xp.zeros_like(total)


@softmax_cross_entropy.fact("linear in the target: the sum of y ∘ ȳ is ℓ̄ ℓ", source="zoo-16")
def softmax_cross_entropy_is_linear(xp, answer, z, y):
    return "=", xp.sum(y * answer.gradients["y"], axis=-1), answer.ybar * answer.value


@softmax_cross_entropy.fact("it is cross-entropy composed with softmax", source="zoo-16")
def softmax_cross_entropy_is_the_composition(xp, answer, z, y):
    return "=", answer.value, cross_entropy(xp, softmax(xp, z), y)


@softmax_cross_entropy.fact(
    "matched pairs: at the logit the gradient is predicted minus true, for softmax with "
    "cross-entropy, sigmoid with binary cross-entropy, and identity with squared error",
    source="zoo-27",
)
def matched_pairs(xp, answer, z, y):
    one = xp.ones_like(z)
    binary = binary_cross_entropy_with_logits_vjp(xp, one, z, y)["z"]
    squared = 0.5 * mean_squared_error_vjp(xp, one, z, y, reduction="sum")["x"]
    weights = answer.ybar[..., None] * one
    return (
        "=",
        xp.stack([answer.gradients["z"], weights * binary, weights * squared]),
        weights * xp.stack([softmax(xp, z) - y, sigmoid(xp, z) - y, z - y]),
    )


@identity(
    tex=r"\ell_k = -\log \operatorname{softmax}(z_k)_{t_k}",
    shapes={"z": "m n", "t": "m"},
    gradients={"z": r"\bar\ell_k \, (s_k - \operatorname{onehot}(t_k))"},
    source=("zoo-16", "zoo-17"),
    domain=[index("t", into="n")],
    sizes={"n": 1},
)
def softmax_cross_entropy_by_index(xp, z, t):
    """Cross-entropy of logits with an index: minus the log-softmax at the true class."""
    return -xp.take_along_axis(log_softmax(xp, z), t[:, None], axis=-1)[:, 0]


@softmax_cross_entropy_by_index.vjp
def softmax_cross_entropy_by_index_vjp(xp, ybar, z, t):
    s = softmax(xp, z)
    onehot = xp.where(t[:, None] == xp.arange(z.shape[-1]), xp.ones_like(s), xp.zeros_like(s))
    return {"z": ybar[:, None] * (s - onehot)}


@softmax_cross_entropy_by_index.fact("the gradient of a row's logits sums to 0", source="zoo-16")
def softmax_cross_entropy_by_index_gradient_sums_to_zero(xp, answer, z, t):
    total = xp.sum(answer.gradients["z"], axis=-1)
    return "=", total, xp.zeros_like(total)


@identity(
    tex=r"\ell = -y \log \sigma(z) - (1 - y) \log(1 - \sigma(z))",
    shapes={"z": "...", "y": "..."},
    gradients={"z": r"\bar\ell \circ (\sigma(z) - y)", "y": r"-\bar\ell \circ z"},
    source="zoo-18",
    domain=[unit_interval("y")],
    notes="Computed as log(1 + e^z) − z y, which does not overflow.",
)
def binary_cross_entropy_with_logits(xp, z, y):
    """Sigmoid followed by binary cross-entropy, element by element, fused."""
    return xp.logaddexp(xp.zeros_like(z), z) - z * y


@binary_cross_entropy_with_logits.vjp
def binary_cross_entropy_with_logits_vjp(xp, ybar, z, y):
    return {"z": ybar * (sigmoid(xp, z) - y), "y": -ybar * z}


@binary_cross_entropy_with_logits.fact(
    "the other class: −z and 1 − y have the same loss and gradients of the other sign",
    source="zoo-18",
    beside=lambda xp, ybar, z, y: {"ybar": ybar, "z": -z, "y": 1 - y},
)
def binary_cross_entropy_of_the_other_class(xp, answer, z, y):
    other = [answer.beside.value, -answer.beside.gradients["z"], -answer.beside.gradients["y"]]
    own = [answer.value, answer.gradients["z"], answer.gradients["y"]]
    return "=", xp.stack(other), xp.stack(own)


@binary_cross_entropy_with_logits.component(
    r"\ell = -y \log \sigma(z) - (1 - y) \log(1 - \sigma(z))", source="zoo-18"
)
def binary_cross_entropy_as_documented(xp, z, y):
    s = sigmoid(xp, z)
    return -y * xp.log(s) - (1 - y) * xp.log(1 - s)


@identity(
    tex=r"\ell = \operatorname{mean}\,(x - y)^2 \text{ or } \textstyle\sum (x - y)^2",
    shapes={"x": "m n", "y": "m n"},
    gradients={
        "x": r"\bar\ell \, c \, (x - y),\quad c = 2/(mn) \text{ or } 2",
        "y": r"-\bar\ell \, c \, (x - y)",
    },
    source="zoo-19",
    notes="""The document's "predicted minus true" is the gradient of half the squared error; the
    mean of mn squares has 2/(mn) times that, and their sum has twice that.""",
    sizes={"m": 1, "n": 1},
    parameters={"reduction": ("mean", "sum")},
)
def mean_squared_error(xp, x, y, *, reduction):
    """Squared error of a prediction x of y: the squares of x − y, averaged or summed."""
    square = (x - y) * (x - y)
    return xp.mean(square) if reduction == "mean" else xp.sum(square)


@mean_squared_error.vjp
def mean_squared_error_vjp(xp, ybar, x, y, *, reduction):
    count = x.shape[0] * x.shape[1] if reduction == "mean" else 1
    residual = ybar * (2 * (x - y) / count)
    return {"x": residual, "y": -residual}


@mean_squared_error.fact("moving x and y together changes nothing: x̄ = −ȳ", source="zoo-19")
def mean_squared_error_moves(xp, answer, x, y, *, reduction):
    return "=", answer.gradients["x"], -answer.gradients["y"]


@mean_squared_error.fact("of degree 2: ⟨x, x̄⟩ + ⟨y, ȳ⟩ = 2 ℓ̄ ℓ", source="zoo-19")
def mean_squared_error_is_of_degree_2(xp, answer, x, y, *, reduction):
    return homogeneous(xp, answer, {"x": x, "y": y}, degree=2)


@mean_squared_error.fact(
    "up to a factor, half the gradient is the prediction minus the target", source="zoo-19"
)
def mean_squared_error_gradient_is_the_residual(xp, answer, x, y, *, reduction):
    count = x.shape[0] * x.shape[1] if reduction == "mean" else 1
    return "=", 0.5 * count * answer.gradients["x"], answer.ybar * (x - y)
