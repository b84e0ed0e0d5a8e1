"""JAX 0.10.2: the gradient of nn.soft_sign is a difference of two terms that cancel.

upstream: none found
"""

import jax

gradient = jax.jit(jax.grad(jax.nn.soft_sign))(1e8).item()
exact = 1 / (1 + 1e8) ** 2

print("expected", exact)
print("got", gradient)
raise SystemExit(abs(gradient / exact - 1) < 1e-3)  # 0: the defect shows; 1: it does not show here
