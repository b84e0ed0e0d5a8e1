"""MLX 0.32.4: the gradient of a bias over an empty batch that came from NumPy is what happens to
lie in memory, in place of 0.

upstream: none found
"""

import mlx.core as mx
import numpy as np

mx.set_default_device(mx.cpu)
x = mx.zeros((0, 4, 5))
e = mx.array(np.zeros((0, 4, 5), np.float32))
got = mx.vjp(lambda b: e + b, [mx.zeros(5)], [e])[1][0].tolist()
print("expected", [0.0] * 5)
print("got", got)
raise SystemExit(got == [0.0] * 5)
