"""JAX 0.10.2: nn.standardize takes the variance as mean(x²) − mean(x)², which cancels.

upstream: none found
"""

import jax
import jax.numpy as jnp

x = jnp.array([9999.0, 10000.0, 10001.0])
y = jax.jit(jax.nn.standardize)(x).tolist()  # its default; algorithm="stable" is right
exact = 1 / (2 / 3 + 1e-5) ** 0.5

print("expected", -exact, 0.0, exact)
print("got", *y)
raise SystemExit(abs(y[2] / exact - 1) < 1e-3)  # 0: the defect shows; 1: it does not show here
