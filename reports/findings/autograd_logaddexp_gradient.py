"""HIPS autograd 1.9.1: the slope of logaddexp(0, z) is e^(z − logaddexp(0, z)), which has the
rounding of its two large terms: 32 units of roundoff off at z = 32.

upstream: none found
"""

import autograd.numpy as np
from autograd import grad

z = np.linspace(30.0, 60.0, 1000)
slopes = np.array([grad(lambda x: np.logaddexp(0.0, x))(x) for x in z])
exact = 1 / (1 + np.exp(-z))
worst = np.argmax(abs(slopes - exact))
print("expected", exact[worst], "at", z[worst])
print("got", slopes[worst])
raise SystemExit(bool(abs(slopes - exact).max() < 1e-15))
