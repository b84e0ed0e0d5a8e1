"""JAX 0.10.2: the gradient of log(det X) is lost where det X is large: 1/det X underflows in it.

upstream: none found
"""

import jax
import jax.numpy as jnp

matrix = 1e9 * jnp.eye(4)  # its determinant is 1e36
gradient = jax.jit(jax.grad(lambda X: jnp.log(jnp.linalg.det(X))))(matrix)
by_slogdet = jax.jit(jax.grad(lambda X: jnp.linalg.slogdet(X)[1]))(matrix)

print("expected", 1e-9, "(in each place of the diagonal)")
print("got", *jnp.diagonal(gradient).tolist(), "and by slogdet", by_slogdet[0, 0].item())
raise SystemExit(abs(gradient[0, 0].item() - 1e-9) < 1e-12)  # 0: the defect shows; 1: not here
