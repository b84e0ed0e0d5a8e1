"""MLX 0.32.4: the gradient of logaddexp for its second argument is 1 − sigmoid(a − b), which
cancels.

upstream: none found
"""

import math

import mlx.core as mx

mx.set_default_device(mx.cpu)
z, zero, one = mx.array([-17.7]), mx.zeros(1), mx.ones(1)
got = mx.vjp(lambda z: mx.logaddexp(zero, z), [z], [one])[1][0].item()
print("expected", 1 / (1 + math.exp(17.7)))
print("got", got)
raise SystemExit(bool(got > 0))
