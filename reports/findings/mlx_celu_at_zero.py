"""MLX 0.32.4: the gradient of nn.celu at 0, where it is smooth, is 0: at their ties maximum(z, 0)
and minimum(z, 0) both choose the constant.

upstream: none found
"""

import mlx.core as mx
import mlx.nn as nn

mx.set_default_device(mx.cpu)
x = mx.array([-1e-6, 0.0, 1e-6])
got = mx.vjp(nn.celu, [x], [mx.ones(3)])[1][0].tolist()
print("expected", [0.999999, 1.0, 1.0])
print("got", got)
raise SystemExit(bool(got[1] == 1))
