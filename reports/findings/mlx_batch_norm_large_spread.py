"""MLX 0.32.4: the gradient of nn.BatchNorm loses the part through the variance where (σ²)^(−3/2),
by which it passes, underflows: in float32 from σ = 1e13 on.

upstream: none found
"""

import mlx.core as mx
import mlx.nn as nn

mx.set_default_device(mx.cpu)
x = mx.array([[1.0], [2.0], [4.0]])
ybar = mx.array([[1.0], [0.0], [0.0]])


def gradient(scale):
    """Times the scale it is the same for each, but for the layer's ε."""
    layer = nn.BatchNorm(1, affine=False, track_running_stats=False)
    return (mx.vjp(layer, [x * scale], [ybar])[1][0] * scale)[:, 0].tolist()


got = gradient(1e16)
print("expected", gradient(1e6))
print("got", got)
raise SystemExit(abs(got[0] - 0.22908) < 1e-3)
