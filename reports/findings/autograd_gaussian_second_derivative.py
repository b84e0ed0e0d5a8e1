"""The Hessian of the normal's log-density in Σ is symmetric; autograd's of logpdf is not.

The rule of logpdf writes Σ⁻¹ where it means its transpose: equal at a symmetric Σ, and different
once it is differentiated. Off the diagonal the second derivative by reverse mode twice is wrong.
"""

import autograd.numpy as np
from autograd import grad
from autograd.scipy.stats import multivariate_normal

x, mu = np.array([1.0, 2.0]), np.zeros(2)
S, V = np.array([[2.0, 0.5], [0.5, 1.0]]), np.array([[0.0, 1.0], [1.0, 0.0]])

FUNCTIONS = {
    "expected, from the same written out": lambda S: (
        -0.5 * (np.log(np.linalg.det(S)) + np.dot(x, np.dot(np.linalg.inv(S), x)))
    ),
    "got, from logpdf": lambda S: multivariate_normal.logpdf(x, mu, S),
}
for what, f in FUNCTIONS.items():
    print(what, grad(lambda S, f=f: np.sum(grad(f)(S) * V))(S).tolist())
