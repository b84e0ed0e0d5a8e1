"""JAX 0.10.2: the gradient of nn.silu is NaN where the cotangent times z overflows.

upstream: none found
"""

import jax
import jax.numpy as jnp

z, cotangent = jnp.float16(-30000.0), jnp.float16(3.0)


@jax.jit
def gradient(z, cotangent):
    return jax.vjp(jax.nn.silu, z)[1](cotangent)[0]


got = gradient(z, cotangent).item()

print("expected", 0.0)
print("got", got)
raise SystemExit(abs(got) < 1e-3)  # 0: the defect shows; 1: it does not show here
