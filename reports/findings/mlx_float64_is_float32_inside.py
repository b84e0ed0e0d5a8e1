"""MLX on a CPU: exp, erf, sigmoid, logaddexp, softmax, logsumexp of float64 have 7 digits."""

import math

import mlx.core as mx
import numpy as np

mx.set_default_device(mx.cpu)
print("mlx", mx.__version__)
for name, got, expected in (
    ("exp(1)", mx.exp(mx.array(1.0, mx.float64)), math.e),
    ("exp(100)", mx.exp(mx.array(100.0, mx.float64)), math.exp(100)),
    ("exp(-100)", mx.exp(mx.array(-100.0, mx.float64)), math.exp(-100)),
    ("erf(1)", mx.erf(mx.array(1.0, mx.float64)), math.erf(1)),
    ("sigmoid(2)", mx.sigmoid(mx.array(2.0, mx.float64)), 1 / (1 + math.exp(-2))),
    ("logaddexp(1, 0)", mx.logaddexp(mx.array(1.0, mx.float64), 0), np.logaddexp(1, 0)),
    ("logsumexp(1, 0)", mx.logsumexp(mx.array([1.0, 0], mx.float64)), np.logaddexp(1, 0)),
    ("softmax(1, 0)[1]", mx.softmax(mx.array([1.0, 0], mx.float64))[1], 1 / (1 + math.e)),
    ("det(3 I), 4 by 4", mx.linalg.det(3 * mx.eye(4, dtype=mx.float64)), 81.0),
):
    print(f"{name:17} {str(got.dtype)[9:]}  expected {expected:.16g}  got {got.item():.16g}")
