"""JAX 0.10.2: the gradient of nn.elu is 0 for a negative input: it is taken as expm1(z) + 1.

upstream: https://github.com/jax-ml/jax/issues/39795
"""

import math

import jax

gradient = jax.jit(jax.grad(jax.nn.elu))(-20.0).item()
exact = math.exp(-20)

print("expected", exact)
print("got", gradient)
raise SystemExit(abs(gradient / exact - 1) < 1e-3)  # 0: the defect shows; 1: it does not show here
