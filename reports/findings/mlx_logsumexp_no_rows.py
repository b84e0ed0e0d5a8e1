"""MLX 0.32.4: logsumexp raises for an array without rows, though the axis it reduces is not
empty.

upstream: none found
"""

import mlx.core as mx

mx.set_default_device(mx.cpu)
print("expected shape", (0,))
try:
    print("got shape", mx.logsumexp(mx.zeros((0, 4)), axis=-1).shape)
except ValueError as raised:
    print("got ValueError:", raised)
    raise SystemExit(0) from None
raise SystemExit(1)
