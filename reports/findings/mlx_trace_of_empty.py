"""MLX 0.32.4: the gradient of the trace of a 0×0 matrix raises.

upstream: none found
"""

import mlx.core as mx

mx.set_default_device(mx.cpu)
print("expected shape", (0, 0))
try:
    print("got shape", mx.vjp(mx.trace, [mx.zeros((0, 0))], [mx.ones(())])[1][0].shape)
except ValueError as raised:
    print("got ValueError:", raised)
    raise SystemExit(0) from None
raise SystemExit(1)
