"""MLX 0.32.4: reverse mode over forward mode raises for max, as does forward over forward: the
indices of the maximum are differentiated too.

upstream: none found
"""

import mlx.core as mx

mx.set_default_device(mx.cpu)
x, v = mx.array([1.0, 3.0, 2.0]), mx.ones(3)
print("expected", [0.0, 2.0, 0.0])
try:
    print("got", mx.grad(lambda x: mx.jvp(lambda x: mx.max(x * x), [x], [v])[1][0])(x).tolist())
except ValueError as raised:
    print("got ValueError:", raised)
    raise SystemExit(0) from None
raise SystemExit(1)
