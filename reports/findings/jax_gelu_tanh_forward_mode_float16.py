"""JAX 0.10.2: forward mode of gelu (tanh form) multiplies the direction by 3 z² first,
which overflows in float16, and then by a slope that is 0: NaN.

upstream: none found
"""

import math

import jax
import jax.numpy as jnp

z, v = jnp.float16(42.0), jnp.float16(40.0)
along = jax.jit(lambda z, v: jax.jvp(jax.nn.gelu, (z,), (v,))[1])(z, v).item()

print("expected", 40.0)
print("got", along)
raise SystemExit(not math.isnan(along))  # 0: the defect shows; 1: it does not show here
