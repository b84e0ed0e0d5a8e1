"""MLX 0.32.4: the gradient of a strided conv1d of float64 raises on the CPU, where the value does
not.

upstream: none found
"""

import mlx.core as mx

mx.set_default_device(mx.cpu)
x, w = mx.ones((1, 3, 1), dtype=mx.float64), mx.ones((1, 2, 1), dtype=mx.float64)
ybar = mx.ones((1, 1, 1), dtype=mx.float64)
print("expected", [1.0, 1.0, 0.0])
try:
    print("got", mx.vjp(lambda x: mx.conv1d(x, w, 2), [x], [ybar])[1][0][0, :, 0].tolist())
except ValueError as raised:
    print("got ValueError:", raised)
    raise SystemExit(0) from None
raise SystemExit(1)
