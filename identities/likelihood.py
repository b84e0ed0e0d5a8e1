"""Log-determinants in use: the Gaussian log-likelihood and a normalising flow."""

from .conditions import positive_definite
from .declaration import identity


@identity(
    tex=r"f = -\tfrac12 \left(\log \det \Sigma + (x - \mu)^\top \Sigma^{-1} (x - \mu) "
    r"+ n \log 2\pi\right)",
    shapes={"x": "n", "mu": "n", "S": "n n"},
    gradients={
        "x": r"-\bar f \, \Sigma^{-1} (x - \mu)",
        "mu": r"\bar f \, \Sigma^{-1} (x - \mu)",
        "S": r"-\tfrac12 \bar f \left(\Sigma^{-1} - \Sigma^{-1} r r^\top \Sigma^{-1}\right),"
        r"\quad r = x - \mu",
    },
    source="zoo-8",
    domain=[positive_definite("S")],
    sizes={"n": 1},
    normwise=["S"],
    notes="""The document's Σ⁻¹ is the gradient of log det Σ, which comes in with −½ and is not all
    that depends on Σ. The gradient is over all square matrices, at a symmetric one; over symmetric
    matrices the independent entries off the diagonal see it twice.""",
)
def gaussian_log_likelihood(xp, x, mu, S):
    """Logarithm of the density of a multivariate normal distribution."""
    r = x - mu
    n = x.shape[0]
    mahalanobis = xp.sum(r * (xp.linalg.inv(S) @ r))
    return -0.5 * (xp.log(xp.linalg.det(S)) + mahalanobis + n * log_two_pi(xp, mahalanobis))


def log_two_pi(xp, like):
    """Log 2π in the arithmetic and the type of an array."""
    return xp.log(2 * xp.pi * xp.ones_like(like))


@gaussian_log_likelihood.vjp
def gaussian_log_likelihood_vjp(xp, ybar, x, mu, S):
    inverse = xp.linalg.inv(S).T
    weighted = inverse @ (x - mu)
    return {
        "x": -ybar * weighted,
        "mu": ybar * weighted,
        "S": -0.5 * ybar * (inverse - xp.linalg.outer(weighted, weighted)),
    }


@gaussian_log_likelihood.fact("moving x and μ together changes nothing: x̄ = −μ̄", source="zoo-8")
def gaussian_log_likelihood_moves(xp, answer, x, mu, S):
    return "=", answer.gradients["x"], -answer.gradients["mu"]


@gaussian_log_likelihood.fact("the gradient for Σ is symmetric", source="zoo-8")
def gaussian_log_likelihood_gradient_is_symmetric(xp, answer, x, mu, S):
    return "=", answer.gradients["S"], answer.gradients["S"].T


@identity(
    tex=r"f = -\tfrac12 \lVert y \rVert^2 + \log |\det J|,\quad "
    r"y = (x_1,\ x_2 \circ e^s),\ s = W x_1 + c",
    shapes={"x1": "k", "x2": "n", "W": "n k", "c": "n"},
    gradients={
        "x1": r"-\bar f x_1 + W^\top \bar s,\quad \bar s = \bar f (1 - y_2^2)",
        "x2": r"-\bar f \, y_2 \circ e^s",
        "W": r"\bar s x_1^\top",
        "c": r"\bar s",
    },
    source="zoo-28",
    notes="""Affine coupling: the Jacobian of x ↦ y is triangular, so that log|det J| = Σ s. The
    constant of the normal density is left out. A flow whose det J is negative needs the absolute
    value, which the document's log det leaves out.""",
)
def affine_coupling_flow(xp, x1, x2, W, c):
    """Log-density of a normalising flow: that of the image, plus the logarithm of |det J|."""
    s = W @ x1 + c
    y2 = x2 * xp.exp(s)
    return -0.5 * (xp.sum(x1 * x1) + xp.sum(y2 * y2)) + xp.sum(s)


@affine_coupling_flow.vjp
def affine_coupling_flow_vjp(xp, ybar, x1, x2, W, c):
    e = xp.exp(W @ x1 + c)
    y2 = x2 * e
    sbar = ybar * (1 - y2 * y2)
    return {
        "x1": -ybar * x1 + W.T @ sbar,
        "x2": -ybar * y2 * e,
        "W": xp.linalg.outer(sbar, x1),
        "c": sbar,
    }


@affine_coupling_flow.fact(
    "the weights see the outer product of what c and x₁ see", source="zoo-28"
)
def affine_coupling_flow_weights(xp, answer, x1, x2, W, c):
    return "=", answer.gradients["W"], xp.linalg.outer(answer.gradients["c"], x1)


@affine_coupling_flow.fact("log|det J| of the whole Jacobian is Σ s", source="zoo-28")
def affine_coupling_flow_determinant(xp, answer, x1, x2, W, c):
    k, n = x1.shape[0], x2.shape[0]
    s = W @ x1 + c
    e = xp.exp(s)
    top = xp.concat([xp.eye(k), xp.zeros((k, n))], axis=1)
    bottom = xp.concat([(x2 * e)[:, None] * W, xp.eye(n) * e[:, None]], axis=1)
    J = xp.concat([top, bottom], axis=0)
    return "=", xp.log(xp.abs(xp.linalg.det(J))), xp.sum(s)
