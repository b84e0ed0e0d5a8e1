"""MLX 0.32.4: the gradient of x / y for y is −x / y² with y squared first, which overflows: it is 0
from y = 256 on in float16, 1.9e19 in float32. The second derivative goes by y⁴.

upstream: none found
"""

import mlx.core as mx

mx.set_default_device(mx.cpu)
one = mx.ones(1, dtype=mx.float16)


def slope(y):
    return mx.vjp(lambda y: 100 / y, [y], [one])[1][0]


first = slope(mx.array([300.0], dtype=mx.float16)).item()
second = mx.vjp(slope, [mx.array([20.0], dtype=mx.float16)], [one])[1][0].item()
print("expected", [-100 / 300**2, 200 / 20**3])
print("got", [first, second])
raise SystemExit(first != 0)
