"""MLX: the gradient of nn.celu at 0 is 0; celu is differentiable there, with slope 1.

It is max(z, 0) + alpha (exp(min(z, 0) / alpha) - 1), and at a tie both choose the constant 0.
"""

import mlx.core as mx
import mlx.nn as nn

mx.set_default_device(mx.cpu)
print("mlx", mx.__version__)
for z in (-1e-6, 0.0, 1e-6):
    x = mx.array([z])
    print(f"celu'({z}): expected 1, got {mx.vjp(nn.celu, [x], [mx.ones_like(x)])[1][0].item():.7g}")
