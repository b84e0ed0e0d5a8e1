"""MLX 0.32.4: the second derivative of tanh, and by it of nn.gelu_approx and nn.mish, is NaN for
large inputs: its slope is 1/cosh², whose square overflows.

upstream: none found
"""

import mlx.core as mx
import mlx.nn as nn

mx.set_default_device(mx.cpu)
one = [mx.ones(1)]


def second(f, z):
    return mx.vjp(lambda x: mx.vjp(f, [x], one)[1][0], [mx.array([z])], one)[1][0].item()


got = [second(mx.tanh, 100.0), second(nn.gelu_approx, 20.0), second(nn.mish, 100.0)]
print("expected", [0.0, 0.0, 0.0])
print("got", got)
raise SystemExit(bool(got[0] == 0))
