"""HIPS autograd 1.9.1: the second derivative of scipy.stats' multivariate_normal.logpdf in its
covariance is wrong: the rule has the inverse where its transpose belongs, which shows only once
it is differentiated.

upstream: none found
"""

import autograd.numpy as np
from autograd import grad
from autograd.scipy.stats import multivariate_normal

x, mu = np.array([1.0, 2.0]), np.zeros(2)
S, V = np.array([[2.0, 0.5], [0.5, 1.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])


def written_out(S):
    return -0.5 * (np.log(np.linalg.det(S)) + np.dot(x, np.dot(np.linalg.inv(S), x)))


def product(f):
    return grad(lambda S: np.sum(grad(f)(S) * V))(S)


expected, got = product(written_out), product(lambda S: multivariate_normal.logpdf(x, mu, S))
print("expected", expected.round(6).tolist())
print("got", got.round(6).tolist())
raise SystemExit(bool(np.allclose(expected, got)))
