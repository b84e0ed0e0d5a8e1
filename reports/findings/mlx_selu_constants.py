"""MLX: nn.selu has five digits of its two constants: 1.0507 and 1.67326."""

import math

import mlx.core as mx
import mlx.nn as nn

mx.set_default_device(mx.cpu)
print("mlx", mx.__version__)
scale, alpha = 1.0507009873554805, 1.6732632423543772
for z, expected in ((1.0, scale), (-3.0, scale * alpha * math.expm1(-3))):
    got = nn.selu(mx.array(z, mx.float32)).item()
    print(f"selu({z}): expected {expected:.9g}, got {got:.9g}, off by {got / expected - 1:.1e}")
