"""MLX: the gradient of mx.logaddexp for its second argument is 1 - sigmoid(a - b), which cancels."""

import math

import mlx.core as mx

mx.set_default_device(mx.cpu)
print("mlx", mx.__version__)
for z in (-5.0, -10.0, -17.7, -30.0):
    x, one = mx.array([z]), mx.ones(1)
    zero = mx.zeros(1)
    first = mx.vjp(lambda a: mx.logaddexp(a, zero), [x], [one])[1][0].item()
    second = mx.vjp(lambda b: mx.logaddexp(zero, b), [x], [one])[1][0].item()
    print(
        f"slope of log(1 + e^z) at {z}: expected {1 / (1 + math.exp(-z)):.6e}, "
        f"as first argument {first:.6e}, as second argument {second:.6e}"
    )
