"""JAX 0.10.2: the gradient of nn.standardize is NaN in float16 at a small spread: σ⁻³ overflows.

upstream: none found
"""

import jax
import jax.numpy as jnp

spread = 1 / 64
x = jnp.array([-spread, spread], jnp.float16)
gradient = jax.jit(jax.grad(lambda x: jax.nn.standardize(x, epsilon=1e-5)[1]))(x).tolist()
exact = 0.5 * 1e-5 * (spread**2 + 1e-5) ** -1.5

print("expected", -exact, exact)
print("got", *gradient)
raise SystemExit(abs(gradient[1] - exact) < 1)  # 0: the defect shows; 1: it does not show here
