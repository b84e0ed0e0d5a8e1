"""MLX 0.32.4: nn.selu has five digits of its constants: 1.0507 and 1.67326.

upstream: none found
"""

import math

import mlx.core as mx
import mlx.nn as nn

mx.set_default_device(mx.cpu)
got = nn.selu(mx.array([1.0, -3.0])).tolist()
scale, alpha = 1.0507009873554805, 1.6732632423543772
print("expected", [scale, scale * alpha * math.expm1(-3)])
print("got", got)
raise SystemExit(abs(got[0] / scale - 1) < 1e-7)
