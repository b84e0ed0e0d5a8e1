"""JAX 0.10.2: the gradient of nn.standardize is NaN where the cotangent times x − μ overflows.

upstream: none found
"""

import jax
import jax.numpy as jnp

x = jnp.array([47.0, 0.0, -47.0], jnp.float16)
gradient = jax.jit(jax.grad(lambda x: 1423 * jax.nn.standardize(x)[0]))(x).tolist()
slope = 1423 / 47 * 1.5**0.5 / 6

print("expected", *(round(e, 2) for e in (slope, -2 * slope, slope)))
print("got", *gradient)
raise SystemExit(abs(gradient[0] - slope) < 0.5)  # 0: the defect shows; 1: it does not show here
