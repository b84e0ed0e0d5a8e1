"""MLX: the gradients of nn.elu and nn.selu are NaN for z > 88.7 (11.1 in float16), where they are
1 and 1.0507: what where() does not choose is differentiated too, infinity times 0."""

import mlx.core as mx
import mlx.nn as nn

mx.set_default_device(mx.cpu)
print("mlx", mx.__version__)
for f, slope in ((nn.elu, 1.0), (nn.selu, 1.0507)):
    for z, dtype in ((88.0, mx.float32), (89.0, mx.float32), (12.0, mx.float16)):
        x = mx.array([z], dtype=dtype)
        got = mx.vjp(f, [x], [mx.ones_like(x)])[1][0].item()
        print(f"{f.__name__}'({z}) in {str(dtype)[9:]}: expected {slope}, got {got}")
