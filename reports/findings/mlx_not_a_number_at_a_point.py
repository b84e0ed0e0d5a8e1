"""MLX: gradients that are NaN where the function has a slope, or a subgradient.

These are choices that other frameworks have made too, some of them documented.
"""

import mlx.core as mx

mx.set_default_device(mx.cpu)
print("mlx", mx.__version__)
zero = mx.zeros(1)


def gradient(function, x):
    return mx.vjp(function, [x], [mx.ones_like(function(x))])[1][0].tolist()


print("norm at (0, 0): expected in [-1, 1], got", gradient(mx.linalg.norm, mx.zeros(2)))
print("x**0 at 0: expected 0, got", gradient(lambda x: mx.power(x, zero), zero))
masked = gradient(lambda b: mx.where(mx.array([False]), 1 / b, 0 * b), zero)
print("where(False, 1/b, 0) at b = 0: expected 0, got", masked)
