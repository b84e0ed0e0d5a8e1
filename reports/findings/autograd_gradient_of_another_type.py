"""HIPS autograd 1.9.1: the gradients of mean, max, maximum, where, trace and var of a float32 array
are of float64.

upstream: https://github.com/HIPS/autograd/pull/199
"""

import autograd.numpy as np
from autograd import grad

got = grad(np.mean)(np.ones(3, np.float32)).dtype
print("expected", "float32")
print("got", got)
raise SystemExit(bool(got == np.float32))
