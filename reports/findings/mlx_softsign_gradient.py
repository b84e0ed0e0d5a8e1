"""MLX: the gradient of nn.softsign, z / (1 + |z|), cancels: 1/(1 + |z|) - |z|/(1 + |z|)^2."""

import mlx.core as mx
import mlx.nn as nn

mx.set_default_device(mx.cpu)
print("mlx", mx.__version__)
for z in (100.0, 1e4, 1e6, 1e8):
    x = mx.array([z])
    got = mx.vjp(nn.softsign, [x], [mx.ones_like(x)])[1][0].item()
    print(f"softsign'({z:g}) in float32: expected {(1 + z) ** -2:.7g}, got {got:.7g}")
