"""JAX 0.10.2: the gradient of multivariate_normal.logpdf for Σ is NaN far from the mean.

upstream: none found
"""

import jax
import jax.numpy as jnp

covariance = jnp.array([[5.0, 1.0], [1.0, 5.0]])
x = jnp.array([5e19, 5e19])  # its distance squared, 8e38, overflows
logpdf = jax.scipy.stats.multivariate_normal.logpdf
gradient = jax.jit(jax.grad(logpdf, argnums=2))(x, jnp.zeros(2), covariance).flatten().tolist()
exact = 0.5 * (5e19 / 6) ** 2  # ½ Σ⁻¹x xᵀΣ⁻¹ − ½ Σ⁻¹, in every entry

print("expected", *([f"{exact:.3e}"] * 4))
print("got", *(f"{g:.3e}" for g in gradient))
raise SystemExit(abs(gradient[0] / exact - 1) < 1e-3)  # 0: the defect shows; 1: not here
