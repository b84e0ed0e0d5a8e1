"""PaddlePaddle 3.3.1: the gradient of silu is NaN where exp(−z) overflows: for z below −89 in
float32.

upstream: none found
"""

import math

import paddle
import paddle.nn.functional as F

paddle.set_device("cpu")


def gradient(f, x):
    x.stop_gradient = False
    y = f(x)
    return paddle.grad([y], [x], [paddle.ones_like(y)])[0]


got = gradient(F.silu, paddle.to_tensor([-80.0, -100.0])).tolist()
print("expected", [-79 * math.exp(-80), -99 * math.exp(-100)])
print("got", got)
raise SystemExit(bool(abs(got[1]) < 1))
