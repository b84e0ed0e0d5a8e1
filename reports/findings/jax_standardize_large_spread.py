"""JAX 0.10.2: the gradient of nn.standardize loses a part at a large spread: σ⁻³ underflows.

upstream: none found
"""

import jax
import jax.numpy as jnp

x = jnp.array([1e15, 0.0, -1e15])
gradient = jax.jit(jax.grad(lambda x: 1e15 * jax.nn.standardize(x)[0]))(x).tolist()
exact = [1.5**0.5 / 6, -(1.5**0.5) / 3, 1.5**0.5 / 6]

print("expected", *(round(e, 6) for e in exact), "(times 1e15)")
print("got", *(round(g, 6) for g in gradient))
raise SystemExit(abs(gradient[0] - exact[0]) < 1e-3)  # 0: the defect shows; 1: not here
