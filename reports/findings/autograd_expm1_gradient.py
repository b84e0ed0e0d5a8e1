"""HIPS autograd 1.9.1: the gradient of expm1 is computed as expm1(x) + 1, which vanishes for
negative x; it is e^x.

upstream: none found
"""

import autograd.numpy as np
from autograd import grad

got = grad(np.expm1)(-40.0)
print("expected", np.exp(-40.0))
print("got", got)
raise SystemExit(bool(got > 0))
