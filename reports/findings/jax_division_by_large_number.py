"""JAX 0.10.2: the gradient of x/y for y is computed with y⁻², which underflows.

upstream: none found
"""

import jax
import jax.numpy as jnp

large = jnp.float16(1000)
gradient = jax.jit(jax.grad(jnp.divide, argnums=1))(large, large).item()

print("expected", -0.001)
print("got", gradient)
raise SystemExit(abs(gradient + 0.001) < 1e-5)  # 0: the defect shows; 1: it does not show here
