"""MLX 0.32.4: the gradient of losses.cross_entropy for target probabilities is max(z) − z, which
misses the logsumexp: by it the loss would not change with y where the logits are equal.

upstream: none found
"""

import math

import mlx.core as mx
import mlx.nn as nn

mx.set_default_device(mx.cpu)
z, y = mx.array([1.0, 1.0]), mx.array([0.5, 0.5])
got = mx.vjp(lambda y: nn.losses.cross_entropy(z, y), [y], [mx.ones(())])[1][0].tolist()
print("expected", [math.log(2), math.log(2)])
print("got", got)
raise SystemExit(bool(got[0] > 0))
