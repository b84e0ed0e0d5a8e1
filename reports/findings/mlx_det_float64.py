"""MLX 0.32.4: det of a float64 matrix from 4×4 on is sign · exp(log |det|), and exp has float32's
precision on the CPU.

upstream: https://github.com/ml-explore/mlx/issues/3047
"""

import mlx.core as mx

mx.set_default_device(mx.cpu)
got = mx.linalg.det(3 * mx.eye(4, dtype=mx.float64)).item()
print("expected", 81.0)
print("got", got)
raise SystemExit(abs(got - 81) < 1e-9)
