"""MLX: the gradient of mx.take_along_axis under mx.vmap loses the batch where an axis is empty."""

import mlx.core as mx

mx.set_default_device(mx.cpu)
print("mlx", mx.__version__)


def gradient(x, i, ybar):
    return mx.vjp(lambda x: mx.take_along_axis(x, i, axis=1), [x], [ybar])[1][0]


for rows in (1, 0):
    x, ybar = mx.zeros((2, rows, 4)), mx.zeros((2, rows, 5))
    i = mx.zeros((2, rows, 5), dtype=mx.int32)
    got = mx.vmap(gradient)(x, i, ybar)
    print(f"a batch of 2 with {rows} rows: expected {x.shape}, got {got.shape}")
