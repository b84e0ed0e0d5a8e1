"""HIPS autograd 1.9.1: the gradient of var, 2 ȳ (x − μ) / n, multiplies 2 ȳ first, which leaves
float16.

upstream: none found
"""

import warnings

import autograd.numpy as np
from autograd import make_vjp

warnings.simplefilter("ignore")
x, ybar = np.array([-0.02, 0.02], np.float16), np.array(50000, np.float16)
expected = ybar.astype(float) * (x.astype(float) - x.mean())
got = make_vjp(np.var)(x)[0](ybar)
print("expected", expected.tolist())
print("got", got.tolist())
raise SystemExit(bool(np.all(np.isfinite(got))))
