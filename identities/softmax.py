"""Softmax, log-softmax and log-sum-exp over the last axis.

The largest entry is subtracted before exponentiating (zoo-17). It is a constant there: the result
does not depend on it, so nothing is differentiated through it.
"""

from math import inf, nan

from .declaration import identity
from .kinks import Point

ROWS = {"z": "... n"}
VECTOR = {"z": "n"}


def not_finite(ybar, says=""):
    """Two logits, one of them or both not finite."""
    rows = {"(−∞, 0)": [-inf, 0.0], "(−∞, −∞)": [-inf, -inf], "(∞, 0)": [inf, 0.0]}
    rows |= {"(NaN, 0)": [nan, 0.0]}
    return [Point(f"z = {row}{says}", {"z": z}, ybar) for row, z in rows.items()]


def largest(xp, z):
    """The largest entry of each row as a constant; an arithmetic may say what a constant is."""
    constant = getattr(xp, "constant", None)
    m = xp.max(z, axis=-1, keepdims=True)
    return constant(m) if constant else m


def reverse(xp, ybar, z):
    """The same scores and cotangents in reverse order."""
    return {"ybar": ybar[..., ::-1], "z": z[..., ::-1]}


def one_more(xp, ybar, z):
    """Every score larger by 1."""
    return {"ybar": ybar, "z": z + 1}


@identity(
    tex=r"s_i = \frac{e^{z_i}}{\sum_j e^{z_j}}",
    shapes=ROWS,
    gradients={"z": r"s \circ \left(\bar s - \textstyle\sum_j s_j \bar s_j\right)"},
    source=("zoo-15", "zoo-17"),
    sizes={"n": 1},
    points=not_finite([1.0, 2.0], ", cotangent (1, 2)"),
)
def softmax(xp, z):
    """Scores to probabilities: exponentials over their sum, in each row."""
    e = xp.exp(z - largest(xp, z))
    return e / xp.sum(e, axis=-1, keepdims=True)


@softmax.vjp
def softmax_vjp(xp, ybar, z):
    s = softmax(xp, z)
    return {"z": s * (ybar - xp.sum(s * ybar, axis=-1, keepdims=True))}


@softmax.jacobian("z", r"\operatorname{diag}(s) - s s^\top", source="zoo-15", shapes=VECTOR)
def softmax_jacobian(xp, z):
    s = softmax(xp, z)
    return xp.eye(s.shape[0]) * s[:, None] - xp.linalg.outer(s, s)


@softmax.component(r"s_i = e^{z_i} / \sum_j e^{z_j}", source="zoo-15", shapes=VECTOR)
def softmax_component(xp, z):
    n = z.shape[0]
    total = xp.zeros(())
    for j in range(n):
        total = total + xp.exp(z[j])
    return xp.stack([xp.exp(z[i]) / total for i in range(n)])


@softmax.fact("the probabilities of a row sum to 1", source="zoo-15")
def softmax_sums_to_one(xp, answer, z):
    total = xp.sum(answer.value, axis=-1)
    return "=", total, xp.ones_like(total)


@softmax.fact("the gradient of a row sums to 0", source="zoo-15")
def softmax_gradient_sums_to_zero(xp, answer, z):
    total = xp.sum(answer.gradients["z"], axis=-1)
    return "=", total, xp.zeros_like(total)


@softmax.fact(
    "scores in reverse have probabilities and a gradient in reverse", "zoo-15", beside=reverse
)
def softmax_is_equivariant(xp, answer, z):
    left = [answer.beside.value, answer.beside.gradients["z"]]
    return "=", xp.stack(left), xp.stack([answer.value, answer.gradients["z"]])[..., ::-1]


@softmax.fact("one more for every score changes nothing", "zoo-15", beside=one_more)
def softmax_is_invariant(xp, answer, z):
    left = [answer.beside.value, answer.beside.gradients["z"]]
    return "=", xp.stack(left), xp.stack([answer.value, answer.gradients["z"]])


@identity(
    tex=r"y_i = z_i - \log \sum_j e^{z_j}",
    shapes=ROWS,
    gradients={"z": r"\bar y - s \textstyle\sum_j \bar y_j,\quad s = \operatorname{softmax} z"},
    source=("zoo-15", "zoo-17"),
    sizes={"n": 1},
    points=not_finite([1.0, 2.0], ", cotangent (1, 2)"),
)
def log_softmax(xp, z):
    """Logarithm of softmax: each score less the log-sum-exp of its row."""
    shifted = z - largest(xp, z)
    return shifted - xp.log(xp.sum(xp.exp(shifted), axis=-1, keepdims=True))


@log_softmax.vjp
def log_softmax_vjp(xp, ybar, z):
    s = xp.exp(log_softmax(xp, z))
    return {"z": ybar - s * xp.sum(ybar, axis=-1, keepdims=True)}


@log_softmax.jacobian("z", r"I - \mathbf{1} s^\top", source="zoo-15", shapes=VECTOR)
def log_softmax_jacobian(xp, z):
    s = softmax(xp, z)
    return xp.eye(s.shape[0]) - xp.linalg.outer(xp.ones_like(s), s)


@log_softmax.fact("the gradient of a row sums to 0", source="zoo-15")
def log_softmax_gradient_sums_to_zero(xp, answer, z):
    total = xp.sum(answer.gradients["z"], axis=-1)
    return "=", total, xp.zeros_like(total)


@log_softmax.fact("the exponentials of a row sum to 1", source="zoo-15")
def log_softmax_exponentials_sum_to_one(xp, answer, z):
    total = xp.sum(xp.exp(answer.value), axis=-1)
    return "=", total, xp.ones_like(total)


@log_softmax.fact("scores in reverse have a gradient in reverse", "zoo-15", beside=reverse)
def log_softmax_is_equivariant(xp, answer, z):
    left = [answer.beside.value, answer.beside.gradients["z"]]
    return "=", xp.stack(left), xp.stack([answer.value, answer.gradients["z"]])[..., ::-1]


@log_softmax.fact("one more for every score changes nothing", "zoo-15", beside=one_more)
def log_softmax_is_invariant(xp, answer, z):
    left = [answer.beside.value, answer.beside.gradients["z"]]
    return "=", xp.stack(left), xp.stack([answer.value, answer.gradients["z"]])


@identity(
    tex=r"y = \log \sum_j e^{z_j}",
    shapes=ROWS,
    gradients={"z": r"\bar y \operatorname{softmax}(z)"},
    source=("zoo-15", "zoo-17"),
    sizes={"n": 1},
    points=not_finite(1.0),
)
def logsumexp(xp, z):
    """Logarithm of the sum of the exponentials of each row."""
    m = largest(xp, z)
    return xp.log(xp.sum(xp.exp(z - m), axis=-1)) + m[..., 0]


@logsumexp.vjp
def logsumexp_vjp(xp, ybar, z):
    return {"z": ybar[..., None] * softmax(xp, z)}


@logsumexp.jacobian("z", r"s^\top", source="zoo-15", shapes=VECTOR)
def logsumexp_jacobian(xp, z):
    return softmax(xp, z)


@logsumexp.fact("the gradient of a row sums to its cotangent", source="zoo-15")
def logsumexp_gradient_sums_to_cotangent(xp, answer, z):
    return "=", xp.sum(answer.gradients["z"], axis=-1), answer.ybar


@logsumexp.fact(
    "scores in reverse have a gradient in reverse",
    source="zoo-15",
    beside=lambda xp, ybar, z: {"ybar": ybar, "z": z[..., ::-1]},
)
def logsumexp_is_equivariant(xp, answer, z):
    return "=", answer.beside.gradients["z"], answer.gradients["z"][..., ::-1]


@logsumexp.fact("one more for every score is one more for the result", "zoo-15", beside=one_more)
def logsumexp_moves_along(xp, answer, z):
    return "=", answer.beside.value, answer.value + 1
