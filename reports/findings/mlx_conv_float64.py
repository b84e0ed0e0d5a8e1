"""MLX 0.32.4: conv1d and conv2d of float64 multiply in float32 on the CPU.

upstream: none found
"""

import mlx.core as mx

mx.set_default_device(mx.cpu)
x = mx.array([[[0.1], [0.2], [0.3]]], dtype=mx.float64)
w = mx.array([[[0.7], [0.3]]], dtype=mx.float64)
got = mx.conv1d(x, w)[0, :, 0].tolist()
print("expected", [0.1 * 0.7 + 0.2 * 0.3, 0.2 * 0.7 + 0.3 * 0.3])
print("got", got)
raise SystemExit(abs(got[0] - 0.13) < 1e-12)
