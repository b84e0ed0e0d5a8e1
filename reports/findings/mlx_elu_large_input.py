"""MLX 0.32.4: the gradient of nn.elu, and of nn.selu by it, is NaN above 88.7 (11.1 in float16),
as what where() does not choose is differentiated too.

upstream: none found
"""

import mlx.core as mx
import mlx.nn as nn

mx.set_default_device(mx.cpu)
x = mx.array([89.0])
got = [mx.vjp(f, [x], [mx.ones(1)])[1][0].item() for f in (nn.elu, nn.selu)]
print("expected", [1.0, 1.0507])
print("got", got)
raise SystemExit(bool(got[0] == 1))
