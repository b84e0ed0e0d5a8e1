"""JAX 0.10.2: the second derivative of nn.standardize is NaN in float16 where (σ² + ε)^−5/2 is ∞.

upstream: none found
"""

import jax
import jax.numpy as jnp

x = jnp.ones(1, jnp.float16)
second = jax.jit(jax.hessian(lambda x: jax.nn.standardize(x, epsilon=1e-3)[0]))(x).item()

print("expected", 0.0, "(a row of one entry is 0)")
print("got", second)
raise SystemExit(second == 0.0)  # 0: the defect shows; 1: it does not show here
