"""MLX 0.32.4: the gradient of linalg.norm at the zero vector is NaN, where any subgradient has
entries between −1 and 1.

upstream: none found
"""

import mlx.core as mx

mx.set_default_device(mx.cpu)
got = mx.grad(mx.linalg.norm)(mx.zeros(2)).tolist()
print("expected two numbers between -1 and 1")
print("got", got)
raise SystemExit(bool(-1 <= got[0] <= 1))
