"""JAX 0.10.2: slogdet of a 2×2 matrix is the logarithm of its determinant, which underflows.

upstream: https://github.com/jax-ml/jax/pull/34971
"""

import math

import jax
import jax.numpy as jnp

matrix = 1e-31 * jnp.array([[2.0, 1.0], [1.0, 3.0]])
value, gradient = jax.jit(jax.value_and_grad(lambda X: jnp.linalg.slogdet(X)[1]))(matrix)
exact = math.log(5) - 62 * math.log(10)

print("expected", exact, "and a gradient of 6e+30 -2e+30 -2e+30 4e+30")
print("got", value.item(), "and a gradient of", *gradient.flatten().tolist())
raise SystemExit(abs(value.item() - exact) < 1e-3)  # 0: the defect shows; 1: not here
