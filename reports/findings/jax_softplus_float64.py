"""JAX 0.10.2: the gradient of nn.softplus, exp(z − softplus(z)), loses digits where z is large.

upstream: https://github.com/jax-ml/jax/issues/40387
"""

import math

import jax

jax.config.update("jax_enable_x64", True)

slope = jax.jit(jax.grad(jax.nn.softplus))(32.156).item()
exact = 1 / (1 + math.exp(-32.156))

print("expected", exact)
print("got", slope)
raise SystemExit(abs(slope - exact) < 1e-15)  # 0: the defect shows; 1: it does not show here
