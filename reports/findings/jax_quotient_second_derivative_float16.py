"""JAX 0.10.2: the second derivative of x/y for y is computed with y⁻³, which is flushed to 0 in
float16 for y above 25.

upstream: none found
"""

import jax
import jax.numpy as jnp

x, y, weight, v = (jnp.float16(number) for number in (7.6, 41.3, 64.0, 64.0))
slope = jax.grad(lambda y: weight * (x / y))
second = jax.jit(lambda y, v: jax.jvp(slope, (y,), (v,))[1])(y, v).item()
exact = 64 * 2 * float(x) / float(y) ** 3 * 64

print("expected", exact)
print("got", second)
raise SystemExit(abs(second / exact - 1) < 0.1)  # 0: the defect shows; 1: it does not show here
