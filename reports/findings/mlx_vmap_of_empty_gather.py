"""MLX 0.32.4: the gradient of take_along_axis under vmap loses the batch where an axis is empty.

upstream: none found
"""

import mlx.core as mx

mx.set_default_device(mx.cpu)
x, i, ybar = mx.zeros((2, 0, 4)), mx.zeros((2, 0, 5), dtype=mx.int32), mx.zeros((2, 0, 5))


def gradient(x, i, ybar):
    return mx.vjp(lambda x: mx.take_along_axis(x, i, axis=1), [x], [ybar])[1][0]


got = mx.vmap(gradient)(x, i, ybar).shape
print("expected shape", (2, 0, 4))
print("got shape", got)
raise SystemExit(got == (2, 0, 4))
