"""MLX 0.32.4: the second derivative of logaddexp is s (1 − s) with a rounded sigmoid s: it
cancels.

upstream: none found
"""

import math

import mlx.core as mx

mx.set_default_device(mx.cpu)
z, zero, one = mx.array([20.0]), mx.zeros(1), mx.ones(1)


def slope(z):
    return mx.vjp(lambda z: mx.logaddexp(z, zero), [z], [one])[1][0]


got = mx.vjp(slope, [z], [one])[1][0].item()
print("expected", math.exp(-20) / (1 + math.exp(-20)) ** 2)
print("got", got)
raise SystemExit(bool(got > 0))
