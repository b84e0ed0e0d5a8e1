"""The gradient of var is 2 ȳ (x − μ) / n; autograd multiplies 2 ȳ first, which leaves float16."""

import warnings

import autograd.numpy as np
from autograd import make_vjp

warnings.simplefilter("ignore")
x, ybar = np.array([-0.02, 0.02], np.float16), np.array(50000, np.float16)
expected = ybar.astype(float) * (x.astype(float) - x.mean())
print(f"expected {expected}, got {make_vjp(np.var)(x)[0](ybar)}")
