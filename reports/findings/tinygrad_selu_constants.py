"""selu has constants of six digits: 1.67326 and 1.0507, in every type."""

import math

from tinygrad import Tensor, dtypes

for dtype in (dtypes.float64, dtypes.float32):
    for z in (1.0, -1.0):
        scale, alpha = 1.0507009873554804934, 1.6732632423543772848
        exact = scale * (z if z > 0 else alpha * math.expm1(z))
        print(f"{dtype} at {z}: expected {exact}, got {Tensor([z], dtype=dtype).selu().item()}")
