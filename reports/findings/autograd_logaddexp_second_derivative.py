"""HIPS autograd 1.9.1: the second derivative of logaddexp(0, z), which is σ(z) (1 − σ(z)), cancels
for large z.

upstream: none found
"""

import autograd.numpy as np
from autograd import grad

got = grad(grad(lambda z: np.logaddexp(0.0, z)))(40.0)
print("expected", np.exp(-40.0) / (1 + np.exp(-40.0)) ** 2)
print("got", got)
raise SystemExit(bool(got > 0))
