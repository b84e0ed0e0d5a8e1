"""HIPS autograd 1.9.1: the second derivative of tanh is NaN where cosh overflows; it is 0 there.

upstream: https://github.com/HIPS/autograd/pull/319
"""

import warnings

import autograd.numpy as np
from autograd import grad

warnings.simplefilter("ignore")
got = grad(grad(np.tanh))(711.0)
print("expected", 0.0)
print("got", got)
raise SystemExit(bool(got == 0))
