"""JAX 0.10.2: nn.dot_product_attention computes its softmax in float32 in float64.

upstream: https://github.com/jax-ml/jax/pull/21371
"""

import jax
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)

query, keys = jnp.zeros((1, 1, 1, 1)), jnp.zeros((1, 3, 1, 1))  # equal scores: the mean of values
values = jnp.array([1.0, 0.0, 0.0]).reshape(1, 3, 1, 1)
output = jax.jit(jax.nn.dot_product_attention)(query, keys, values)

print("expected", 1 / 3)
print("got", output.item(), f"in {output.dtype}")
raise SystemExit(abs(output.item() - 1 / 3) < 1e-12)  # 0: the defect shows; 1: not here
