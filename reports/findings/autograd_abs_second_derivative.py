"""HIPS autograd 1.9.1: the second derivative of |x| is a rounding error of x / |x|, which is
differentiated as 1 / |x| − x² / |x|³; it is 0.

upstream: none found
"""

import autograd.numpy as np
from autograd import grad

got = grad(grad(np.abs))(3e-160)
print("expected", 0.0)
print("got", got)
raise SystemExit(bool(got == 0))
