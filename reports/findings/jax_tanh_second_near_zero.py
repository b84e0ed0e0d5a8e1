"""JAX 0.10.2: the second derivative of tanh cancels near 0, as that of (1 + tanh z)(1 − tanh z).

upstream: https://github.com/jax-ml/jax/issues/39801
"""

import math

import jax

second = jax.jit(jax.grad(jax.grad(jax.numpy.tanh)))(1e-8).item()
exact = -2 * math.tanh(1e-8) * (1 - math.tanh(1e-8) ** 2)

print("expected", exact)
print("got", second)
raise SystemExit(abs(second / exact - 1) < 1e-3)  # 0: the defect shows; 1: it does not show here
