"""MLX 0.32.4: the forward-mode derivative of nn.gelu_approx in float16 is NaN for a tangent of 200
at z = 30: tangent times 3 z² overflows before it meets the slope of tanh, 0.

upstream: none found
"""

import mlx.core as mx
import mlx.nn as nn

mx.set_default_device(mx.cpu)
x, v = mx.array([30.0], dtype=mx.float16), mx.array([200.0], dtype=mx.float16)
got = mx.jvp(nn.gelu_approx, [x], [v])[1][0].item()
print("expected", mx.vjp(nn.gelu_approx, [x], [v])[1][0].item())
print("got", got)
raise SystemExit(bool(got == 200))
