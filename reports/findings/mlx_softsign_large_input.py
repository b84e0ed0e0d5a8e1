"""MLX 0.32.4: the gradient of nn.softsign is 1/(1 + |z|) − |z|/(1 + |z|)², which cancels.

upstream: none found
"""

import mlx.core as mx
import mlx.nn as nn

mx.set_default_device(mx.cpu)
x = mx.array([1e4, 1e6, 1e8])
got = mx.vjp(nn.softsign, [x], [mx.ones(3)])[1][0].tolist()
print("expected", [(1 + z) ** -2 for z in (1e4, 1e6, 1e8)])
print("got", got)
raise SystemExit(bool(got[2] > 0))
