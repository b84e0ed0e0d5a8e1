"""MLX: second derivatives of tanh, gelu_approx and mish are NaN for large inputs."""

import mlx.core as mx
import mlx.nn as nn

mx.set_default_device(mx.cpu)
print("mlx", mx.__version__)


def second(f, z):
    x, one = mx.array([z]), [mx.ones(1)]
    return mx.vjp(lambda x: mx.vjp(f, [x], one)[1][0], [x], one)[1][0].item()


for f in (mx.tanh, nn.gelu_approx, nn.mish):
    for z in (1.0, 20.0, 100.0):
        says = "" if z == 1 else "expected 0 (less than 1e-15), "
        print(f"{f.__name__}''({z}): {says}got {second(f, z)}")
