"""HIPS autograd 1.9.1: the gradient of x / y for y is computed as −ȳ x / y², whose y² overflows
long before the gradient underflows.

upstream: none found
"""

import warnings

import autograd.numpy as np
from autograd import grad

warnings.simplefilter("ignore")
got = grad(np.divide, 1)(np.array(1e200), np.array(1e200))
print("expected", -1e-200)
print("got", got)
raise SystemExit(bool(got < 0))
