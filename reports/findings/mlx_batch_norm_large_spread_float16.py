"""MLX 0.32.4: the gradient of nn.BatchNorm in float16 is NaN where the sum of ȳ (x − μ) overflows,
which is not divided by σ yet.

upstream: none found
"""

import mlx.core as mx
import mlx.nn as nn

mx.set_default_device(mx.cpu)
x = mx.array([[-200.0], [200.0], [210.0], [-210.0]])
ybar = mx.array([[-100.0], [200.0], [100.0], [-50.0]])


def gradient(dtype):
    layer = nn.BatchNorm(1, affine=False, track_running_stats=False)
    return mx.vjp(layer, [x.astype(dtype)], [ybar.astype(dtype)])[1][0][:, 0].tolist()


got = gradient(mx.float16)
print("expected", gradient(mx.float32))
print("got", got)
raise SystemExit(all(abs(g) < 1 for g in got))
