"""MLX: nn.losses.cross_entropy is logsumexp(z) - sum(y z), with the largest logit taken off z.

For targets y that sum to 1 its value is the cross-entropy, -sum(y log_softmax(z)). Its gradient
for y is not that of either form: it depends on what was taken off, and misses the logsumexp.
"""

import mlx.core as mx
import mlx.nn as nn
import numpy as np

mx.set_default_device(mx.cpu)
print("mlx", mx.__version__)
z, y = mx.array([1.0, 2.0]), mx.array([0.5, 0.5])
got = mx.vjp(lambda y: nn.losses.cross_entropy(z, y), [y], [mx.ones(())])[1][0]
print("expected", -(np.array(z) - np.logaddexp(1, 2)), " or, of the other form,", -np.array(z))
print("got     ", np.array(got))
scaled = 2 * y
print("for y = (1, 1): expected", -2 * (1.5 - np.logaddexp(1, 2)))
print("for y = (1, 1): got     ", nn.losses.cross_entropy(z, scaled).item())
