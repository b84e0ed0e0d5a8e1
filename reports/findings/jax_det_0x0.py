"""JAX 0.10.2: differentiating the determinant of a 0×0 matrix raises IndexError.

upstream: none found
"""

import jax
import jax.numpy as jnp

try:
    got = f"shape {jax.jit(jax.grad(jnp.linalg.det))(jnp.zeros((0, 0))).shape}"
except IndexError as error:
    got = f"IndexError: {error}"

print("expected", "shape (0, 0)")
print("got", got)
raise SystemExit(not got.startswith("IndexError"))  # 0: the defect shows; 1: not here
