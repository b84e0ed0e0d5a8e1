"""MLX: the gradient of nn.BatchNorm (training) in float16 is NaN where the variance is below 6e-4.

It passes through (variance + eps)^(-3/2), which overflows in float16.
"""

import mlx.core as mx
import mlx.nn as nn
import numpy as np

mx.set_default_device(mx.cpu)
print("mlx", mx.__version__)
x = 0.01 * np.array([[-1.0], [1.0], [1.0], [-1.0]])
ybar = np.array([[1.0], [2.0], [3.0], [5.0]])
for dtype in (mx.float32, mx.float16):
    a, w = mx.array(x).astype(dtype), mx.array(ybar).astype(dtype)
    one = mx.ones(1, dtype=dtype)

    def layer(x, one=one):
        norm = nn.BatchNorm(1, track_running_stats=False)
        norm.weight, norm.bias = one, 0 * one
        return norm(x)

    got = mx.vjp(layer, [a], [w])[1][0]
    print(str(dtype)[9:], np.array(got)[:, 0])
